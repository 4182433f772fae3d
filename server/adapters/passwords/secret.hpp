// A Secret is text that must not stay in memory: it lives in one place on the heap and is wiped when it goes. Taking one from
// a string wipes the string, since short strings leave a copy behind when they move. Private to adapters/passwords.
#pragma once

#include <sodium.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace belfry::passwords {

class Secret {
 public:
  explicit Secret(std::string& text) : bytes_(text.begin(), text.end()) {
    sodium_memzero(text.data(), text.size());
    text.clear();
  }
  Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)) {}
  Secret& operator=(Secret&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~Secret() { sodium_memzero(bytes_.data(), bytes_.size()); }

  [[nodiscard]] const char* data() const { return bytes_.empty() ? "" : bytes_.data(); }  // never null: an empty password too
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }

 private:
  std::vector<char> bytes_;
};

}  // namespace belfry::passwords

// Secret: text that must not stay in memory. It is in one place on the heap and is wiped on destruction. Making one from a string
// wipes the string, because moving a short string leaves a copy behind. Private to adapters/passwords.
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

  [[nodiscard]] const char* data() const { return bytes_.empty() ? "" : bytes_.data(); }  // never null
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }

 private:
  std::vector<char> bytes_;
};

}  // namespace belfry::passwords

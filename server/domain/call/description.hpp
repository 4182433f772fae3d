// Description: an offer or an answer as raw JSON. It is some kilobytes long and passes through many hands, so they share the
// text: to copy a Description copies a pointer. Empty: there is none.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace belfry::call {

class Description {
 public:
  Description() = default;
  /// Copies `json`: the only copy there is between the socket it came from and the store.
  explicit Description(std::string_view json) : size_(json.size()) {
    if (json.empty()) return;
    auto text = std::make_shared_for_overwrite<char[]>(json.size());
    std::memcpy(text.get(), json.data(), json.size());
    text_ = std::move(text);
  }
  [[nodiscard]] std::string_view text() const { return {text_.get(), size_}; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  friend bool operator==(const Description& one, const Description& other) { return one.text() == other.text(); }

 private:
  std::shared_ptr<const char[]> text_;
  std::size_t size_ = 0;
};

}  // namespace belfry::call

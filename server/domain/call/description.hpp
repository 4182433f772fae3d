// Description: an offer or an answer as raw JSON. It takes some kilobytes and is passed through many objects, so all copies share
// one text: copying a Description copies a pointer. An empty one means that there is none.
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
  /// Copies `json`, once; from here to the store and the peers all share this copy.
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

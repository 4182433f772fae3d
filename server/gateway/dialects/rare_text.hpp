// RareText: a text that most owners lack; an absent one costs a pointer, not a string. Immutable once set.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace belfry::gateway {

class RareText {
 public:
  RareText() = default;
  RareText(std::string text) : text_(text.empty() ? nullptr : std::make_unique<const std::string>(std::move(text))) {}
  [[nodiscard]] std::string_view view() const { return text_ ? std::string_view(*text_) : std::string_view{}; }
  [[nodiscard]] bool empty() const { return text_ == nullptr; }
  operator std::string() const { return std::string(view()); }
  operator std::string_view() const { return view(); }

 private:
  std::unique_ptr<const std::string> text_;
};

}  // namespace belfry::gateway

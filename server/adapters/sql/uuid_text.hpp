// A UUID in its text form without a heap allocation: ids are TEXT in the tables, because people look into them by hand.
#pragma once

#include <array>
#include <string_view>

#include "base/check.hpp"
#include "base/uuid.hpp"

namespace belfry::sql {

class UuidText {
 public:
  UuidText() = default;
  explicit UuidText(const Uuid& id) {
    constexpr char kDigits[] = "0123456789abcdef";
    char* out = text_.data();
    for (std::size_t byte = 0; byte < id.size(); ++byte) {
      if (byte == 4 || byte == 6 || byte == 8 || byte == 10) *out++ = '-';
      *out++ = kDigits[id[byte] >> 4U];
      *out++ = kDigits[id[byte] & 0x0FU];
    }
  }
  [[nodiscard]] std::string_view view() const { return {text_.data(), text_.size()}; }

 private:
  std::array<char, 36> text_{};
};

/// An id somebody else wrote may be anything; it is then nobody's.
[[nodiscard]] inline Uuid uuid_in(std::string_view text) { return parse_uuid(text).value_or(Uuid{}); }

}  // namespace belfry::sql

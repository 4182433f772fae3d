// A UUID as text without a heap allocation. Ids are TEXT in the tables, so that people can read them.
#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <string_view>

#include "base/check.hpp"
#include "base/uuid.hpp"

namespace belfry::sql {

/// The two digits of each byte. A table, because a statement binds up to five ids, and a call needs some forty.
inline constexpr auto kHexOfBytes = [] {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<std::array<char, 2>, 256> all{};
  for (std::size_t byte = 0; byte < all.size(); ++byte) all[byte] = {kDigits[byte >> 4U], kDigits[byte & 0x0FU]};
  return all;
}();

class UuidText {
 public:
  UuidText() = default;
  explicit UuidText(const Uuid& id) {
    char* out = text_.data();
    for (std::size_t byte = 0; byte < id.size(); ++byte) {
      if (byte == 4 || byte == 6 || byte == 8 || byte == 10) *out++ = '-';
      std::memcpy(out, kHexOfBytes[id[byte]].data(), 2);
      out += 2;
    }
  }
  [[nodiscard]] std::string_view view() const { return {text_.data(), text_.size()}; }

 private:
  std::array<char, 36> text_{};
};

/// All zero if the text is not a UUID; rows inserted by hand may hold anything.
[[nodiscard]] inline Uuid uuid_in(std::string_view text) { return parse_uuid(text).value_or(Uuid{}); }

}  // namespace belfry::sql

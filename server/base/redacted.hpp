// Redacted: the loggable twin of a name. A salted hash tells two people apart within one log and names neither; the salt
// is made at start and never written, so that hashes of known names cannot be looked up (SPEC R-001-88).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/log.hpp"

namespace belfry {

class Redacted {
 public:
  explicit Redacted(std::uint64_t hash) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    for (auto& digit : text_) digit = kDigits[hash & 15U], hash >>= 4U;
  }
  /// Lives as long as this object: use within one log statement.
  // Implicit: a log statement takes it as any other value.
  operator LogField::Value() const { return std::string_view(text_.data(), text_.size()); }

 private:
  std::array<char, 8> text_{};
};

class Redactor {
 public:
  explicit Redactor(std::uint64_t salt) : salt_(salt) {}
  [[nodiscard]] Redacted operator()(std::string_view name) const {
    std::uint64_t hash = salt_ ^ 0xcbf29ce484222325U;  // FNV-1a, then mixed so that the low bits depend on all
    for (const char letter : name) hash = (hash ^ static_cast<std::uint8_t>(letter)) * 0x100000001b3U;
    hash = (hash ^ (hash >> 29U) ^ salt_) * 0xbf58476d1ce4e5b9U;
    return Redacted(hash ^ (hash >> 32U));
  }

 private:
  std::uint64_t salt_;
};

}  // namespace belfry

// The fields of an Agora token: little-endian numbers, and texts after their length in 16 bits (agora-token, ByteBuf). Private to
// wire/agora.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.hpp"

namespace belfry::agora {

class FieldWriter {
 public:
  FieldWriter& u16(std::uint32_t value) { return bytes(value, 2); }
  FieldWriter& u32(std::uint32_t value) { return bytes(value, 4); }
  FieldWriter& text(std::string_view value) {
    CHECK(value.size() <= 0xFFFF, "a text fits its 16 bits of length");
    u16(static_cast<std::uint32_t>(value.size()));
    out_ += value;
    return *this;
  }
  [[nodiscard]] const std::string& out() const { return out_; }

 private:
  FieldWriter& bytes(std::uint32_t value, int count) {
    for (int i = 0; i < count; ++i) out_ += static_cast<char>((value >> (8 * i)) & 0xFFU);
    return *this;
  }
  std::string out_;
};

/// Reading beyond the end yields zeros and makes the reader bad for good, so one test at the end suffices. Texts are views of the
/// input.
class FieldReader {
 public:
  explicit FieldReader(std::string_view input) : rest_(input) {}
  std::uint32_t u16() { return number(2); }
  std::uint32_t u32() { return number(4); }
  std::string_view text() { return take(u16()); }
  [[nodiscard]] std::string_view rest() const { return rest_; }
  [[nodiscard]] bool good() const { return good_; }

 private:
  std::string_view take(std::size_t size) {
    if (size > rest_.size()) return good_ = false, rest_ = {}, std::string_view{};
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  std::uint32_t number(std::size_t size) {
    std::uint32_t value = 0;
    std::uint32_t shift = 0;
    for (const char byte : take(size)) value |= static_cast<std::uint32_t>(static_cast<unsigned char>(byte)) << shift, shift += 8;
    return value;
  }

  std::string_view rest_;
  bool good_ = true;
};

}  // namespace belfry::agora

// Values in PostgreSQL's binary format: big-endian numbers, a uuid as sixteen bytes, text as it is. Binary saves both sides
// printing and parsing each number, and a batch of rows travels as one array of composites. Each value carries its column's type,
// so that a value cannot be read as another type.
#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/time.hpp"
#include "base/uuid.hpp"
#include "store/call_row.hpp"

namespace belfry::postgres {

/// A type's number in pg_type; those of the built-in types never change.
using TypeId = std::uint32_t;
constexpr TypeId kBool = 16, kBytea = 17, kInt8 = 20, kText = 25, kFloat8 = 701, kUuid = 2950, kUuidArray = 2951,
                 kInt8Array = 1016, kTextArray = 1009;

template <class Int>
void put_number(std::string& out, Int value) {
  const auto bits = static_cast<std::make_unsigned_t<Int>>(value);
  for (std::size_t byte = sizeof(Int); byte-- > 0;) out.push_back(static_cast<char>(bits >> (8 * byte)));
}
template <class Int>
[[nodiscard]] Int get_number(const char* from) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < sizeof(Int); ++i) bits = (bits << 8U) | static_cast<std::uint8_t>(from[i]);
  return static_cast<Int>(bits);
}

/// Makes a text acceptable to a text column. PostgreSQL refuses U+0000 and invalid UTF-8, and one refused value would refuse its
/// whole batch. Such bytes become '?'.
[[nodiscard]] std::string storable(std::string_view text);

/// The `Out` of adapters/sql (call_columns.hpp). `Self` has value(TypeId, bytes) and null(TypeId).
template <class Self>
class Binder {
 public:
  void number(std::int64_t value) {
    std::string bytes;
    put_number(bytes, value);
    self().value(kInt8, bytes);
  }
  void flag(bool value) { self().value(kBool, std::string_view(value ? "\1" : "\0", 1)); }
  void real(std::optional<double> value) {
    if (!value) return self().null(kFloat8);
    std::string bytes;
    put_number(bytes, std::bit_cast<std::int64_t>(*value));
    self().value(kFloat8, bytes);
  }
  void text(std::string_view value) { self().value(kText, storable(value)); }
  void text_or_null(std::string_view value) { value.empty() ? self().null(kText) : text(value); }
  void maybe_text(const std::optional<std::string>& value) { value ? text(*value) : self().null(kText); }
  void uuid(const Uuid& value) { self().value(kUuid, {reinterpret_cast<const char*>(value.data()), value.size()}); }
  template <class Id>
  void maybe_uuid(const std::optional<Id>& value) {
    value ? uuid(value->value()) : self().null(kUuid);
  }
  void time(WallTime value) { number(value.unix_ms); }
  void maybe_time(std::optional<WallTime> value) { value ? time(*value) : self().null(kInt8); }
  void maybe_number(std::optional<std::int64_t> value) { value ? number(*value) : self().null(kInt8); }
  void hash(const store::AuditHash& value) { self().value(kBytea, {reinterpret_cast<const char*>(value.data()), value.size()}); }

 private:
  Self& self() { return static_cast<Self&>(*this); }
};

/// The format of record_send: the number of fields, then type, length and bytes of each. One element of an array parameter.
class Composite : public Binder<Composite> {
 public:
  void value(TypeId type, std::string_view bytes) {
    begin(type, static_cast<std::int32_t>(bytes.size()));
    fields_ += bytes;
  }
  void null(TypeId type) { begin(type, -1); }
  void put(std::string& out) const {
    put_number(out, static_cast<std::int32_t>(4 + fields_.size()));
    put_number(out, count_);
    out += fields_;
  }

 private:
  void begin(TypeId type, std::int32_t length) {
    ++count_;
    put_number(fields_, type);
    put_number(fields_, length);
  }
  std::int32_t count_ = 0;
  std::string fields_;
};

/// The format of array_send: one dimension, no NULLs. `put(out, element)` writes length and bytes.
template <class Elements, class Put>
[[nodiscard]] std::string array_of(TypeId element, const Elements& elements, Put put) {
  std::string out;
  for (const std::int32_t header : {1, 0, static_cast<std::int32_t>(element), static_cast<std::int32_t>(elements.size()), 1})
    put_number(out, header);
  for (const auto& each : elements) put(out, each);
  return out;
}

}  // namespace belfry::postgres

#include <algorithm>
#include <cstring>

#include "adapters/postgres/connection.hpp"

namespace belfry::postgres {
namespace {

template <class Bytes>
Bytes bytes_in(std::string_view from) {
  Bytes value{};
  std::memcpy(value.data(), from.data(), std::min(value.size(), from.size()));
  return value;
}

}  // namespace

std::string_view Row::bytes() {
  const int column = column_++;
  return {PQgetvalue(result_, row_, column), static_cast<std::size_t>(PQgetlength(result_, row_, column))};
}

std::optional<std::int64_t> Row::maybe_number() {
  if (is_null()) {
    ++column_;
    return std::nullopt;
  }
  return get_number<std::int64_t>(bytes().data());
}

std::optional<double> Row::maybe_real() {
  const auto bits = maybe_number();
  return bits ? std::optional(std::bit_cast<double>(*bits)) : std::nullopt;
}

bool Row::flag() {
  const auto value = bytes();
  return !value.empty() && value.front() != '\0';
}

std::optional<std::string> Row::maybe_text() {
  if (is_null()) {
    ++column_;
    return std::nullopt;
  }
  return text();
}

std::optional<Uuid> Row::maybe_uuid() {
  if (is_null()) {
    ++column_;
    return std::nullopt;
  }
  const auto value = bytes();
  return value.size() == sizeof(Uuid) ? bytes_in<Uuid>(value) : parse_uuid(value);
}

std::optional<WallTime> Row::maybe_time() {
  const auto value = maybe_number();
  return value ? std::optional(WallTime{*value}) : std::nullopt;
}

store::AuditHash Row::hash() { return bytes_in<store::AuditHash>(bytes()); }

}  // namespace belfry::postgres

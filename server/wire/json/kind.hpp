// What the first character of a valid JSON value tells, and what may stand around one (RFC 8259 2, 3). Private to wire/json.
#pragma once

#include "wire/json/json.hpp"

namespace belfry::json {

[[nodiscard]] inline bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

[[nodiscard]] inline Kind kind_of(char first) {
  switch (first) {
    case '{':
      return Kind::object;
    case '[':
      return Kind::array;
    case '"':
      return Kind::string;
    case 't':
    case 'f':
      return Kind::boolean;
    case 'n':
      return Kind::null;
    default:
      return Kind::number;
  }
}

}  // namespace belfry::json

// The fields of an event that sends a message: its text and its client id, in the dialects that have messages (SPEC K32, K33).
#pragma once

#include <cstdint>
#include <string>

#include "gateway/dialects/fields.hpp"

namespace belfry::gateway {

/// Of a text; a message with files may be without one (K33).
enum class Blank : std::uint8_t { refused, allowed };
/// Blames the field if it is wrong. Empty: there is none.
[[nodiscard]] std::string text_in(Fields& fields, Blank blank);
/// The same.
[[nodiscard]] std::string client_id_in(Fields& fields);

}  // namespace belfry::gateway

// The entities of SPEC 2.3 as JSON, for every door: REST and sockets say the same of a call.
#pragma once

#include <string>

#include "store/call_archive.hpp"
#include "wire/json/writer.hpp"

namespace belfry::gateway {

/// 2026-01-02T03:04:05.678Z
[[nodiscard]] std::string iso_text(WallTime time);
/// The same form read back, with or without milliseconds, `Z` or an offset; a bare date is its midnight UTC.
[[nodiscard]] std::optional<WallTime> parse_iso(std::string_view text);

/// {id, username, avatar}: all that anybody sees of another (R-001-71).
void append_person(json::Writer& json, const account::Person& person);

enum class People : bool { left_out, named };
/// The whole call; with People::named also `caller` and `recipient`.
void append_call(json::Writer& json, const store::StoredCall& call, People people = People::left_out);
[[nodiscard]] std::string call_json(const store::StoredCall& call, People people = People::left_out);
[[nodiscard]] std::string person_json(const account::Person& person);

}  // namespace belfry::gateway

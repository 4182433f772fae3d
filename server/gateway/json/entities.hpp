// The entities of SPEC 2.3 as JSON, the same for REST and sockets.
#pragma once

#include <string>
#include <vector>

#include "store/call_archive.hpp"
#include "wire/json/writer.hpp"

namespace belfry::gateway {

/// {id, username, avatar}: all that one user may see of another in a call (R-001-71).
void append_person(json::Writer& json, const account::Person& person);

/// `"mediaState":…`: what this person sends, or null: they are not in the call, or nobody knows (S5).
void append_media_state(json::Writer& json, const store::Leg& leg);

enum class People : bool { left_out, named };
/// The whole call; with People::named also `caller` and `recipient`.
void append_call_members(json::Writer& json, const store::StoredCall& call, People people);
void append_call(json::Writer& json, const store::StoredCall& call, People people = People::left_out);
/// `"calls":[...]`, each with its people.
void append_calls(json::Writer& json, const std::vector<store::StoredCall>& calls);
[[nodiscard]] std::string call_json(const store::StoredCall& call, People people = People::left_out);
[[nodiscard]] std::string person_json(const account::Person& person);

}  // namespace belfry::gateway

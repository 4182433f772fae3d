// Offers and answers between dialects. Most write them as objects {type, sdp}; a client of seed 003 may write the bare SDP
// instead, and its candidates beside it (SPEC W-003-01 to W-003-03).
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "domain/call/description.hpp"
#include "wire/json/json.hpp"
#include "wire/json/writer.hpp"

namespace belfry::gateway {

/// What every dialect and REST take as an offer or an answer: an object, or SDP as text (W-003-01). A NUL in SDP ends it in too
/// many programs.
[[nodiscard]] bool is_description(const json::Slice& value);

/// The member `kind` (`offer` or `answer`), as an object if it was bare SDP; nothing if there is no description.
void append_description(json::Writer& json, std::string_view kind, const call::Description& description);
/// The value of that member alone. There must be a description.
void append_description_value(json::Writer& json, std::string_view kind, const call::Description& description);

/// The raw text `sdp` of a description that is an object.
[[nodiscard]] std::optional<std::string_view> sdp_of(std::string_view raw_description);

/// For dialects in which each candidate travels by itself.
[[nodiscard]] std::vector<std::string_view> candidates_of(const call::Description& description);

}  // namespace belfry::gateway

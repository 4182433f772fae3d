#include "gateway/signaling/payload.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "domain/account/user.hpp"
#include "gateway/json/call_fields.hpp"
#include "gateway/json/descriptions.hpp"

namespace belfry::gateway {
namespace {

bool bears_an_object(const protocol::IncomingEvent& event) {
  return !event.arguments.empty() && event.arguments.front().kind == json::Kind::object;
}
EventRefusal not_an_object() { return {"The payload must be one JSON object"}; }
/// Refuses binary data anywhere in the payload. The peer would get its placeholder as if that were JSON.
EventRefusal binary(std::string target = {}) {
  return {"The payload must be JSON, without anything binary in it", std::move(target)};
}

using Member = std::optional<json::Slice>;
constexpr std::string_view kCandidates = "iceCandidates";

auto blame(std::string_view field, std::string_view what) {
  return unexpected(EventRefusal{"Field '" + std::string(field) + "' " + std::string(what)});
}

/// Reads a name field, sanitized; the error says what is wrong with it.
Expected<std::string, EventRefusal> read_name(const Member& member, std::string_view field) {
  if (!member) return blame(field, "is missing");
  std::string scratch;
  const auto text = json::string_view_of(*member, scratch);
  if (!text) return blame(field, "must be a string");
  std::string name = sanitized(*text);
  if (name.empty()) return blame(field, "must hold letters, digits, '_' or '-'");
  if (name.size() > account::kMaxUsernameLength) return blame(field, "must be at most 64 characters");
  return name;
}

// Browsers signal the end of candidates with a null candidate; `e.candidate?.toJSON()` leaves it out.
constexpr std::string_view kEndOfCandidates = "null";

/// W-003-09
bool is_candidate(const json::Slice& value) {
  return value.kind == json::Kind::object || value.kind == json::Kind::string || value.kind == json::Kind::null;
}

Expected<std::string_view, EventRefusal> read_body(const Member& member, std::string_view field, BodyKind kind) {
  if (!member && kind == BodyKind::candidate) return kEndOfCandidates;
  if (!member) return blame(field, "is missing");
  if (kind == BodyKind::description && !is_description(*member)) return blame(field, "must be an object or SDP text");
  if (kind == BodyKind::candidate && !is_candidate(*member)) return blame(field, "must be an object, a string or null");
  if (member->raw.size() > (kind == BodyKind::candidate ? kMaxCandidate : kMaxDescription)) return blame(field, "is too large");
  return member->raw;
}

/// W-003-02
Expected<std::string_view, EventRefusal> read_candidates(const Member& member) {
  if (!member) return std::string_view{};
  std::vector<json::Slice> candidates;
  const bool fits =
      member->kind == json::Kind::array && json::elements(*member, candidates, kMaxCandidates) &&
      std::all_of(candidates.begin(), candidates.end(), [](const json::Slice& each) { return each.kind == json::Kind::object; });
  if (!fits) return blame(kCandidates, "must be an array of at most 64 objects");
  if (member->raw.size() > kMaxCandidatesSize) return blame(kCandidates, "is too large");
  return member->raw;
}

/// 32 bits are enough: two spellings that fall together replace each other, as two logins of one spelling do.
std::uint32_t spelling_of(std::string_view written, std::string_view name) {
  return written == name ? 0 : static_cast<std::uint32_t>(std::hash<std::string_view>{}(written)) | 1U;
}

}  // namespace

std::string sanitized(std::string_view name) {
  std::string clean(name);
  std::erase_if(clean, [](char c) { return !account::is_username_character(c); });
  return clean;
}

Expected<UserPayload, EventRefusal> read_user(const protocol::IncomingEvent& event) {
  if (!event.attachments.empty()) return unexpected(binary());
  if (!bears_an_object(event)) return unexpected(not_an_object());
  const Member member = json::member(event.arguments.front(), "userId");
  auto name = read_name(member, "userId");
  if (!name) return unexpected(name.error());
  std::string scratch;
  const auto written = member ? json::string_view_of(*member, scratch) : std::nullopt;
  const std::uint32_t spelling = spelling_of(written.value_or(*name), *name);
  return UserPayload{*std::move(name), spelling};
}

Expected<CallPayload, EventRefusal> read_call_payload(const protocol::IncomingEvent& event, std::string_view body_name,
                                                      BodyKind kind) {
  if (!bears_an_object(event)) return unexpected(event.attachments.empty() ? not_an_object() : binary());
  const std::array<std::string_view, 4> keys = {"to", "from", body_name, kCandidates};
  std::array<Member, 4> found;
  const std::size_t wanted = kind == BodyKind::description ? 4 : 3;
  json::members(event.arguments.front(), std::span(keys).first(wanted), std::span(found).first(wanted));
  auto to = read_name(found[0], "to");
  if (!event.attachments.empty()) return unexpected(binary(to.value_or("")));
  if (!to) return unexpected(to.error());
  CallPayload payload{*std::move(to), {}, {}};
  if (found[1]) {
    auto from = read_name(found[1], "from");
    if (!from) return unexpected(EventRefusal{from.error().error, payload.to});
    payload.from = *std::move(from);
  }
  if (kind == BodyKind::none) return payload;
  const auto body = read_body(found[2], body_name, kind);
  if (!body) return unexpected(EventRefusal{body.error().error, payload.to});
  payload.body = *body;
  const auto candidates = read_candidates(found[3]);
  if (!candidates) return unexpected(EventRefusal{candidates.error().error, payload.to});
  payload.candidates = *candidates;
  return payload;
}

call::CallType media_of(std::string_view raw_offer) {
  // The text is still JSON: a line ends with the two characters \\n, and the first line follows a quote.
  constexpr std::string_view kLine = "\\n", kSection = "m=", kVideo = "m=video ", kInactive = "a=inactive";
  bool video = false;  // the current section is video and not inactive so far
  for (std::string_view rest = raw_offer; !rest.empty();) {
    const std::size_t end = std::min(rest.find(kLine), rest.size());
    std::string_view line = rest.substr(0, end);
    if (const auto first = line.find("\"m="); first != std::string_view::npos) line.remove_prefix(first + 1);
    if (line.starts_with(kSection)) {
      if (video) return call::CallType::video;
      video = line.starts_with(kVideo) && !line.substr(kVideo.size()).starts_with("0 ");
    }
    if (line.starts_with(kInactive)) video = false;
    rest.remove_prefix(std::min(end + kLine.size(), rest.size()));
  }
  return video ? call::CallType::video : call::CallType::audio;
}

}  // namespace belfry::gateway

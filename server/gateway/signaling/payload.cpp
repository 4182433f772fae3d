#include "gateway/signaling/payload.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "domain/account/user.hpp"
#include "gateway/json/call_fields.hpp"

namespace belfry::gateway {
namespace {

bool bears_an_object(const session::IncomingEvent& event) {
  return !event.arguments.empty() && event.arguments.front().kind == json::Kind::object;
}
BadPayload not_an_object() { return {"The payload must be one JSON object"}; }
/// Refuses binary data anywhere in the payload. The peer would get its placeholder as if that were JSON.
BadPayload binary(std::string target = {}) {
  return {"The payload must be JSON, without anything binary in it", std::move(target)};
}

using Member = std::optional<json::Slice>;

/// Reads a name field, sanitized; the error says what is wrong with it.
Expected<std::string, BadPayload> read_name(const Member& member, std::string_view field) {
  if (!member) return unexpected(BadPayload{"Field '" + std::string(field) + "' is missing"});
  std::string scratch;
  const auto text = json::string_view_of(*member, scratch);
  if (!text) return unexpected(BadPayload{"Field '" + std::string(field) + "' must be a string"});
  std::string name = sanitized(*text);
  if (name.empty()) return unexpected(BadPayload{"Field '" + std::string(field) + "' must hold letters, digits, '_' or '-'"});
  if (name.size() > account::kMaxUsernameLength)
    return unexpected(BadPayload{"Field '" + std::string(field) + "' must be at most 64 characters"});
  return name;
}

Expected<std::string_view, BadPayload> read_body(const Member& member, std::string_view field, BodyKind kind) {
  if (!member) return unexpected(BadPayload{"Field '" + std::string(field) + "' is missing"});
  // Browsers signal the end of candidates with a null candidate.
  const bool fits = member->kind == json::Kind::object || (kind == BodyKind::candidate && member->kind == json::Kind::null);
  if (!fits) return unexpected(BadPayload{"Field '" + std::string(field) + "' must be an object"});
  if (member->raw.size() > (kind == BodyKind::candidate ? kMaxCandidate : kMaxDescription))
    return unexpected(BadPayload{"Field '" + std::string(field) + "' is too large"});
  return member->raw;
}

}  // namespace

std::string sanitized(std::string_view name) {
  std::string clean(name);
  std::erase_if(clean, [](char c) { return !account::is_username_character(c); });
  return clean;
}

Expected<std::string, BadPayload> read_user(const session::IncomingEvent& event) {
  if (!event.attachments.empty()) return unexpected(binary());
  if (!bears_an_object(event)) return unexpected(not_an_object());
  return read_name(json::member(event.arguments.front(), "userId"), "userId");
}

Expected<CallPayload, BadPayload> read_call_payload(const session::IncomingEvent& event, std::string_view body_name,
                                                    BodyKind kind) {
  if (!bears_an_object(event)) return unexpected(event.attachments.empty() ? not_an_object() : binary());
  const std::array<std::string_view, 3> keys = {"to", "from", body_name};
  std::array<Member, 3> found;
  json::members(event.arguments.front(), keys, found);
  auto to = read_name(found[0], "to");
  if (!event.attachments.empty()) return unexpected(binary(to.value_or("")));
  if (!to) return unexpected(to.error());
  auto from = read_name(found[1], "from");
  if (!from) return unexpected(BadPayload{from.error().error, *to});
  CallPayload payload{std::move(*to), std::move(*from), {}};
  if (kind == BodyKind::none) return payload;
  const auto body = read_body(found[2], body_name, kind);
  if (!body) return unexpected(BadPayload{body.error().error, payload.to});
  payload.body = *body;
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

#include "wire/peerjs/message.hpp"

#include <array>
#include <optional>
#include <utility>

#include "base/check.hpp"

namespace belfry::peerjs {
namespace {

// `peer`, enum MessageType: those that its handlers take.
constexpr std::array<std::pair<std::string_view, Type>, 6> kTypes = {{{"HEARTBEAT", Type::heartbeat},
                                                                      {"OFFER", Type::offer},
                                                                      {"ANSWER", Type::answer},
                                                                      {"CANDIDATE", Type::candidate},
                                                                      {"LEAVE", Type::leave},
                                                                      {"EXPIRE", Type::expire}}};

std::optional<Type> type_of(std::string_view text) {
  for (const auto& [name, type] : kTypes)
    if (name == text) return type;
  return std::nullopt;
}

std::string_view text_of(Type type) {
  for (const auto& [name, each] : kTypes)
    if (each == type) return name;
  CHECK(false, "a message type without its text");
}

}  // namespace

Expected<Message, DecodeError> decode(std::string_view text, json::Reader& reader) {
  const auto whole = reader.validate(text);
  if (!whole) return unexpected(DecodeError::not_json);
  if (whole->kind != json::Kind::object) return unexpected(DecodeError::not_an_object);
  // Those of `peer`, interface IMessage, but for `src`: it is ours to fill in.
  constexpr std::array<std::string_view, 3> kMembers = {"type", "dst", "payload"};
  std::array<std::optional<json::Slice>, kMembers.size()> found;
  json::members(*whole, kMembers, found);
  const auto& [type, dst, payload] = found;
  std::string scratch;
  const auto type_text = type ? json::string_view_of(*type, scratch) : std::nullopt;
  const auto known = type_text ? type_of(*type_text) : std::nullopt;
  if (!known) return unexpected(DecodeError::unknown_type);
  Message message{
      .type = *known, .dst = dst ? json::string_value(*dst).value_or("") : "", .payload = payload ? payload->raw : ""};
  if (message.dst.size() > kMaxId) return unexpected(DecodeError::destination_too_long);
  return message;
}

bool is_valid_id(std::string_view id) {
  if (id.empty() || id.size() > kMaxId) return false;
  std::string quoted;
  json::append_quoted(quoted, id);  // replaces what is no UTF-8
  return json::string_value({.kind = json::Kind::string, .raw = quoted}) == id;
}

void append_message(std::string& out, Type type, std::string_view src, std::string_view dst, std::string_view payload) {
  out.append(R"({"type":")").append(text_of(type)).append(R"(","src":)");
  json::append_quoted(out, src);
  out += R"(,"dst":)";
  json::append_quoted(out, dst);
  if (!payload.empty()) out.append(R"(,"payload":)").append(payload);
  out += '}';
}

void append_error(std::string& out, std::string_view text) {
  out += R"({"type":"ERROR","payload":{"msg":)";
  json::append_quoted(out, text);
  out += "}}";
}

}  // namespace belfry::peerjs

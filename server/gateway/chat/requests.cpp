#include "gateway/chat/requests.hpp"

#include "base/uuid.hpp"
#include "gateway/dialects/message_fields.hpp"
#include "gateway/json/call_fields.hpp"
#include "wire/json/writer.hpp"

namespace belfry::gateway::chat_clients {
namespace {

using Need = Fields::Need;
using protocol::IncomingEvent;

// A whole event is shorter (engine.max_payload), and files have their own limit.
constexpr std::size_t kMaxImage = std::size_t{64} * 1024 * 1024;
// Around the peer id in the metadata.
constexpr std::size_t kMaxPeerId = kMaxMetadata - 64;

std::string addressee_in(Fields& fields, std::string_view key = "to") {
  std::string to = fields.text(key, Need::required).value_or("");
  if (fields.good() && to.empty()) fields.blame(key, "required");
  return to;
}

/// K19: a claim, which must be true.
void check_from(Fields& fields, const accounts::Identity& me) {
  const auto from = fields.text("from", Need::optional);
  if (!from) return;
  const auto id = id_in(*from);
  if (*from != me.username && (!id || *id != me.user)) fields.blame("from", "invalid");
}

call::Description signal_in(Fields& fields) { return call::Description(fields.raw("signal", Need::optional, kMaxDescription)); }

call::CallType media_in(Fields& fields) {
  const auto word = fields.text("callType", Need::optional);
  const auto media = word ? call::parse_call_type(*word) : std::optional(call::CallType::video);
  if (!media) fields.blame("callType", "invalid");
  return media.value_or(call::CallType::video);
}

std::string metadata_in(Fields& fields) {
  std::string text;
  json::Writer json(text);
  json.open_object();
  if (const auto id = fields.raw("peerId", Need::optional, kMaxPeerId); !id.empty()) json.key("peerId").raw(id);
  json.close_object();
  return text;
}

}  // namespace

Read<StartRequest> read_start(const IncomingEvent& event, const accounts::Identity& me) {
  Fields fields(event, {"to", "from", "signal", "peerId", "callType"});
  check_from(fields, me);
  StartRequest start{
      .to = addressee_in(fields), .media = media_in(fields), .signal = signal_in(fields), .metadata = metadata_in(fields)};
  if (!fields.good()) return fields.issues();
  return start;
}

Read<AnswerRequest> read_answer(const IncomingEvent& event, const accounts::Identity& me) {
  Fields fields(event, {"to", "from", "signal"});
  check_from(fields, me);
  AnswerRequest answer{.to = addressee_in(fields), .signal = signal_in(fields)};
  if (!fields.good()) return fields.issues();
  return answer;
}

Read<std::string> read_addressee(const IncomingEvent& event, const accounts::Identity& me) {
  Fields fields(event, {"to", "from"});
  check_from(fields, me);
  std::string to = addressee_in(fields);
  if (!fields.good()) return fields.issues();
  return to;
}

/// A browser says by null that there are no more, and some clients by leaving it out.
Read<CandidateRequest> read_candidate(const IncomingEvent& event, const accounts::Identity& me) {
  Fields fields(event, {"to", "from", "candidate"});
  check_from(fields, me);
  CandidateRequest request{.to = addressee_in(fields), .candidate = fields.raw("candidate", Need::optional, kMaxCandidate)};
  if (!fields.good()) return fields.issues();
  if (request.candidate.empty()) request.candidate = "null";
  return request;
}

/// The routes of seed 004 call the addressee `receiver`; of two that differ `to` counts.
Read<MessageRequest> read_message(const IncomingEvent& event) {
  Fields fields(event, {"to", "receiver", "text", "image", "clientMessageId"});
  MessageRequest request{.to = addressee_in(fields, fields.find("to") ? "to" : "receiver")};
  request.image = fields.text("image", Need::optional, kMaxImage).value_or("");
  request.text = text_in(fields, request.image.empty() ? Blank::refused : Blank::allowed);
  request.client_id = client_id_in(fields);
  if (!fields.good()) return fields.issues();
  return request;
}

Read<TypingRequest> read_typing(const IncomingEvent& event) {
  Fields fields(event, {"to", "typing"});
  TypingRequest request{.to = addressee_in(fields)};
  const bool types = fields.flag("typing") || !fields.find("typing");
  if (!types) request.state = chat::TypingChanged::State::stopped;
  if (!fields.good()) return fields.issues();
  return request;
}

std::string addressee_of(const IncomingEvent& event) {
  if (event.arguments.empty() || event.arguments.front().kind != json::Kind::object) return {};
  const auto to = json::member(event.arguments.front(), "to");
  auto text = to ? json::string_value(*to) : std::nullopt;
  return text && text->size() <= 256 ? *std::move(text) : std::string{};
}

std::optional<account::UserId> id_in(std::string_view to) {
  const auto id = parse_uuid(to);
  return id ? std::optional(account::UserId(*id)) : std::nullopt;
}

}  // namespace belfry::gateway::chat_clients

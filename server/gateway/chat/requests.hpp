// Parses the payloads of the chat dialect's events. A payload is checked whole before anything acts on it, by the rules of the
// native dialect (gateway/dialects/fields.hpp). Unknown fields are ignored, and so are those of `call-user` by which a client
// introduces itself: who calls is known.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/accounts/identity.hpp"
#include "app/calls/calls.hpp"
#include "app/notices/chat_notices.hpp"
#include "gateway/dialects/fields.hpp"
#include "protocol/socket_handler.hpp"

namespace belfry::gateway::chat_clients {

/// `to`: an id or a username (C-12).
struct StartRequest {
  std::string to{};
  call::CallType media = call::CallType::video;
  call::Description signal{};
  std::string metadata = "{}";  // with the `peerId`, if the client gave one
};
[[nodiscard]] Read<StartRequest> read_start(const protocol::IncomingEvent& event, const accounts::Identity& me);

/// Events about the call with `to`.
struct AnswerRequest {
  std::string to{};
  call::Description signal{};
};
[[nodiscard]] Read<AnswerRequest> read_answer(const protocol::IncomingEvent& event, const accounts::Identity& me);
[[nodiscard]] Read<std::string> read_addressee(const protocol::IncomingEvent& event, const accounts::Identity& me);
struct CandidateRequest {
  std::string to{};
  std::string_view candidate{};  // raw JSON of the event
};
[[nodiscard]] Read<CandidateRequest> read_candidate(const protocol::IncomingEvent& event, const accounts::Identity& me);

/// K17: `newMessage`.
struct MessageRequest {
  std::string to{};
  std::string text{};
  std::string client_id{};  // empty: none
  std::string image{};      // files::Files::attach(); empty: none
};
[[nodiscard]] Read<MessageRequest> read_message(const protocol::IncomingEvent& event);

/// K40: `typing`; true if the client says nothing else.
struct TypingRequest {
  std::string to{};
  chat::TypingChanged::State state = chat::TypingChanged::State::types;
};
[[nodiscard]] Read<TypingRequest> read_typing(const protocol::IncomingEvent& event);

/// `to`, if the event has one: also of an event that is wrong otherwise.
[[nodiscard]] std::string addressee_of(const protocol::IncomingEvent& event);
/// The id, if the text is one.
[[nodiscard]] std::optional<account::UserId> id_in(std::string_view to);

}  // namespace belfry::gateway::chat_clients

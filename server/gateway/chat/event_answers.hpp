// EventAnswers: how the client events of the chat dialect are answered. Each is answered once: by its acknowledgement, if the
// client asks for one. Clients of seed 004 ask for none: a refused `call-user` is also told by `call-rejected`, which is all that
// brings them back (K25), what fits no call by nothing (K23), and any other refusal by `chat-error` (K26). One per shard.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "app/calls/actor.hpp"
#include "base/address.hpp"
#include "gateway/chat/render.hpp"
#include "gateway/dialects/ports.hpp"
#include "gateway/json/errors.hpp"
#include "protocol/socket_handler.hpp"

namespace belfry::gateway::chat_clients {

constexpr std::string_view kCallUser = "call-user";

/// One client event that waits for its answer. The socket may be gone when it comes.
struct PendingEvent {
  std::string_view event{};  // as ChatDialect names it
  calls::Actor actor{};
  std::optional<std::uint64_t> ack_id{};
  bool held = false;  // the events behind it wait
};

/// One that is refused before it is looked at. `to`: whom it names, if that can be read.
struct UnhandledEvent {
  std::string_view name{};
  std::optional<std::uint64_t> ack_id{};
  std::string to{};
};
[[nodiscard]] UnhandledEvent unhandled(const protocol::IncomingEvent& event);

class EventAnswers {
 public:
  /// Both must outlive this object.
  EventAnswers(SocketIn& in, SocketOut& out) : in_(in), out_(out) {}

  /// Each event ends in one of these, which let the socket's next event in. `refuse` also sends `chat-error`.
  void succeed(const PendingEvent& pending, std::string_view acknowledgement) const;
  void refuse(const PendingEvent& pending, const Failure& failure) const;
  void refuse_quietly(const PendingEvent& pending, const Failure& failure) const;

  /// A client that calls hears of it by the one event that brings it back, with this reason.
  void refuse_unhandled(SessionAddress at, const UnhandledEvent& event, std::string_view reason, const Failure& failure) const;
  void say_refused(SessionAddress at, std::string_view event, std::optional<std::uint64_t> ack_id, const Failure& failure) const;

  void emit(SessionAddress at, const ServerEvent& event) const;

 private:
  void finish(const PendingEvent& pending) const;

  SocketIn& in_;
  SocketOut& out_;
};

}  // namespace belfry::gateway::chat_clients

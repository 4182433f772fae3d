// ClientEvent: one client event, the session that sent it, and how it is answered: by its acknowledgement, if the client asks for
// one. The event and the session are valid only until the dialect returns; an Answer and a Reply outlive them.
#pragma once

#include <algorithm>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>

#include "app/calls/actor.hpp"
#include "app/calls/result.hpp"
#include "gateway/dialects/ports.hpp"
#include "gateway/json/errors.hpp"
#include "gateway/native/payload.hpp"
#include "gateway/native/session.hpp"
#include "protocol/socket_handler.hpp"

namespace belfry::gateway::native {

/// Takes the JSON of the acknowledgement. Does nothing if the client asks for none.
using Answer = std::function<void(const std::string&)>;

struct ClientEvent {
  NativeSession& session;
  const protocol::IncomingEvent& incoming;
  SocketOut& out;

  [[nodiscard]] const SocketContext& context() const { return *session.context; }
  [[nodiscard]] calls::UserId user() const { return session.context->identity->user; }
  [[nodiscard]] calls::Actor actor() const;
  [[nodiscard]] Answer answer() const;
  void refuse(const Failure& failure) const;
  void refuse(const Issues& issues) const;
  /// Answers with the call, or with the refusal. Empty if the client asks for no acknowledgement.
  [[nodiscard]] calls::Reply reply_with_call() const;
  /// The same for a start.
  [[nodiscard]] calls::Reply reply_with_start() const;
};

/// Runs the row of a table of client events that has the event's name, for a session of a user. False: the table has no such row.
template <class Part, class Rows>
[[nodiscard]] bool serve(Part& part, const Rows& rows, const ClientEvent& event) {
  const auto row =
      std::find_if(std::begin(rows), std::end(rows), [&](const auto& each) { return each.name == event.incoming.name; });
  if (row == std::end(rows)) return false;
  if (!event.session.memory.online)
    event.refuse(Failure{.error = ApiError::unauthenticated});
  else
    (part.*row->act)(event);
  return true;
}

}  // namespace belfry::gateway::native

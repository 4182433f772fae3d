// Present: which sessions of a call's people are here. Asks Sessions once, at the first question, for all of them (SPEC
// R-000-39), so that a decision and its announcement each see one answer throughout. Who comes or goes meanwhile is told to the
// call's host.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include <boost/container/small_vector.hpp>

#include "app/sessions/sessions.hpp"
#include "domain/call/leg.hpp"
#include "domain/call/seat.hpp"

namespace belfry::calls {

using account::UserId;
using sessions::LiveSession;

class Present {
 public:
  Present(const sessions::Sessions& sessions, const call::Legs& legs);
  Present(const sessions::Sessions& sessions, std::span<const UserId> people);

  // Only of the people it was made for.
  /// All sessions, suspended ones too.
  [[nodiscard]] const std::vector<LiveSession>& of(UserId user) const;
  /// Those that are not suspended.
  [[nodiscard]] std::vector<LiveSession> live(UserId user) const;
  [[nodiscard]] bool online(UserId user) const;
  [[nodiscard]] bool any_callee_online(const call::Legs& legs) const;
  /// Null: it is not here.
  [[nodiscard]] const LiveSession* session(UserId user, SessionAddress at) const;
  /// The sessions that may speak for this leg now.
  [[nodiscard]] std::vector<LiveSession> speakers(const call::Leg& leg) const;

 private:
  const sessions::Sessions* sessions_;
  boost::container::small_vector<UserId, 2> people_;
  mutable std::optional<std::vector<std::vector<LiveSession>>> found_{};  // in the order of people_
};

/// Sessions as the rules of seats see them.
using SessionsSeen = boost::container::small_vector<call::Session, 4>;
[[nodiscard]] inline call::Session as_seen(const LiveSession& session) { return {session.id, session.login, session.device}; }
[[nodiscard]] SessionsSeen all_as_seen(const std::vector<LiveSession>& sessions);

}  // namespace belfry::calls

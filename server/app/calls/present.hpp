// Present: the sessions of a call's people. It asks Sessions once, at the first question, for all of them (SPEC R-000-39), so
// that a decision and its announcement see the same answer. The call's host gets a command for each session that comes or goes
// meanwhile.
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

  // Ask only about the people given to the constructor.
  /// All sessions, including suspended ones.
  [[nodiscard]] const std::vector<LiveSession>& of(UserId user) const;
  /// The sessions that are not suspended.
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

/// Sessions in the form that the rules of seats take.
using SessionsSeen = boost::container::small_vector<call::Session, 4>;
[[nodiscard]] inline call::Session as_seen(const LiveSession& session) { return {session.id, session.login, session.device}; }
[[nodiscard]] SessionsSeen all_as_seen(const std::vector<LiveSession>& sessions);

}  // namespace belfry::calls

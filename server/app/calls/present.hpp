// Present: the sessions of a call's people. It asks Sessions once, at the first question, for all of them (SPEC R-000-39), so
// that a decision and its announcement see the same answer. The call's host gets a command for each session that comes or goes
// meanwhile.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <boost/container/small_vector.hpp>

#include "app/sessions/sessions.hpp"
#include "base/check.hpp"
#include "domain/call/leg.hpp"
#include "domain/call/seat.hpp"
#include "store/call_row.hpp"

namespace belfry::calls {

using account::UserId;
using sessions::LiveSession;

/// How a call's people exchange media, which a session must be able to do. `mesh`: each with each of several others. `external`:
/// at a provider of others. A call is kept from sessions that cannot (J-2.11, SPEC 2.5).
enum class MediaTopology : std::uint8_t { of_two, mesh, external };
[[nodiscard]] inline MediaTopology topology_of(const store::CallRow& row) {
  if (is_external(row)) return MediaTopology::external;
  return is_group(row) ? MediaTopology::mesh : MediaTopology::of_two;
}
/// By the signaling dialect nobody can say for which of several others a signal is, and clients of seed 004 know calls of two
/// only.
[[nodiscard]] constexpr bool can_take_part(call::Dialect dialect, MediaTopology topology) {
  switch (topology) {
    case MediaTopology::of_two:
      return true;
    case MediaTopology::mesh:
      return dialect != call::Dialect::signaling && dialect != call::Dialect::chat;
    case MediaTopology::external:
      return !call::meets_at_no_provider(dialect);
  }
  CHECK(false, "a way of media without its rule");
}

class Present {
 public:
  Present(const sessions::Sessions& sessions, const call::Legs& legs, MediaTopology topology);
  Present(const sessions::Sessions& sessions, std::span<const UserId> people, MediaTopology topology);

  // Ask only about the people given to the constructor.
  /// All sessions, including suspended ones.
  [[nodiscard]] const std::vector<LiveSession>& of(UserId user) const;
  /// The sessions that are not suspended.
  [[nodiscard]] std::vector<LiveSession> live(UserId user) const;
  [[nodiscard]] bool is_live(UserId user) const;
  /// Has live sessions, but none that can take part.
  [[nodiscard]] bool unable(UserId user) const;
  /// Null: it is not here.
  [[nodiscard]] const LiveSession* session(UserId user, SessionAddress at) const;
  /// The sessions that may speak for this leg now.
  [[nodiscard]] std::vector<LiveSession> speakers(const call::Leg& leg) const;

 private:
  void look_up() const;

  const sessions::Sessions* sessions_;
  MediaTopology topology_;
  boost::container::small_vector<UserId, 2> people_;  // in order, as unable_
  mutable std::vector<UserId> unable_{};
  mutable std::optional<std::vector<std::vector<LiveSession>>> found_{};  // in the order of people_
};

/// Sessions in the form that the rules of seats take.
using SessionsSeen = boost::container::small_vector<call::Session, 4>;
[[nodiscard]] inline call::Session as_seen(const LiveSession& session) { return {session.id, session.login, session.device}; }
[[nodiscard]] SessionsSeen all_as_seen(const std::vector<LiveSession>& sessions);

}  // namespace belfry::calls

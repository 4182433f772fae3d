#include "app/sessions/shard_sessions.hpp"

#include <algorithm>
#include <utility>

namespace belfry::sessions {

void ShardSessions::came(UserId user, const LiveSession& session, Arrival how) {
  for (SessionListener* listener : listeners_) listener->on_came(user, session, how);
}

void ShardSessions::dismiss(UserId user, const LiveSession& session, Departure how, const Notice& why) {
  if (!all_.leave(user, session.at)) return;
  delivery_.notify(session.at, why);
  for (SessionListener* listener : listeners_) listener->on_gone(user, session, how);
}

void ShardSessions::come(UserId user, std::string_view username, LiveSession session) {
  own_thread_.check();
  const bool lost = std::exchange(session.suspended, false);
  std::vector<LiveSession> older;
  if (session.dialect == call::Dialect::signaling)  // SPEC C-11: one at a time within that dialect
    older = all_.enter_alone(user, username, session);
  else
    all_.enter(user, username, session);
  for (const auto& each : older) dismiss(user, each, Departure::replaced, Replaced{});
  const bool another_lives = std::any_of(older.begin(), older.end(), [](const auto& each) { return !each.suspended; });
  came(user, session, another_lives ? Arrival::in_place : Arrival::fresh);
  if (lost) suspend(user, session.at);
}

void ShardSessions::leave(UserId user, SessionAddress at, Departure how) {
  own_thread_.check();
  for (SessionListener* listener : listeners_) listener->on_unreachable(at);
  // R-003-28: ignore the late close of a session that no longer belongs to a user.
  if (const auto session = all_.leave(user, at))
    for (SessionListener* listener : listeners_) listener->on_gone(user, *session, how);
}

void ShardSessions::suspend(UserId user, SessionAddress at) {
  own_thread_.check();
  for (SessionListener* listener : listeners_) listener->on_unreachable(at);
  const auto session = all_.session(user, at);
  if (!session || session->suspended) return;
  all_.suspend(user, at);
  for (SessionListener* listener : listeners_) listener->on_gone(user, *session, Departure::lost);
}

void ShardSessions::move_away(SessionAddress at, ShardIndex to) {
  own_thread_.check();
  for (SessionListener* listener : listeners_) listener->on_unreachable(at);
  delivery_.follow(at, SessionAddress{.shard = to, .node = 0, .slot = 0, .generation = 0});
}

void ShardSessions::recover(UserId user, SessionAddress before, SessionAddress now) {
  own_thread_.check();
  delivery_.follow(before, now);
  if (!all_.move(user, before, now)) return;
  delivery_.arrived(before, now);
  if (const auto session = all_.session(user, now)) came(user, *session, Arrival::recovered);
}

bool ShardSessions::resume(UserId user, SessionAddress at, SessionId earlier) {
  own_thread_.check();
  auto mine = all_.session(user, at);
  if (!mine || mine->id == earlier) return mine.has_value();
  for (const auto& each : all_.of(user)) {
    if (each.id != earlier) continue;
    if (!all_.rename(user, at, earlier)) return false;  // another shard has ended this login meanwhile
    mine->id = earlier;
    dismiss(user, each, Departure::replaced, Replaced{});
    came(user, *mine, Arrival::resumed);
    return true;
  }
  return false;
}

void ShardSessions::end_login(account::LoginId login, UserId user, Departure how) {
  own_thread_.check();
  for (const auto& session : all_.of(user))
    if (session.login == login) dismiss(user, session, how, LoginEnded{});
}

void ShardSessions::end_all(UserId user) {
  own_thread_.check();
  for (const auto& session : all_.of(user)) dismiss(user, session, Departure::left, LoginEnded{});
}

}  // namespace belfry::sessions

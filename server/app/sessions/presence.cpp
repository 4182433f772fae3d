#include "app/sessions/presence.hpp"

#include <algorithm>

namespace belfry::sessions {
namespace {

void erase_graces(auto& graces, UserId user, const auto& which) {
  const auto found = graces.find(user);
  if (found == graces.end()) return;
  std::erase_if(found->second, which);
  if (found->second.empty()) graces.erase(found);
}

}  // namespace

bool OnlineUsers::is_online(UserId user) const {
  return sessions_.is_live(user) || graces_.with([&](const Graces& graces) { return graces.contains(user); });
}

std::vector<UserId> OnlineUsers::all() const {
  std::vector<UserId> users = sessions_.live_users();
  const auto away = graces_.with([](const Graces& graces) {
    std::vector<UserId> all;
    for (const auto& each : graces) all.push_back(each.first);
    return all;
  });
  for (const UserId& user : away)
    if (!sessions_.is_live(user)) users.push_back(user);
  return users;
}

void OnlineUsers::begin_grace(UserId user, const Grace& grace) {
  graces_.with([&](Graces& graces) { graces[user].push_back(grace); });
}

void OnlineUsers::drop_grace(UserId user, SessionId session) {
  graces_.with([&](Graces& graces) { erase_graces(graces, user, [&](const Grace& each) { return each.session == session; }); });
}

void OnlineUsers::end_grace(UserId user, const Grace& grace) {
  graces_.with([&](Graces& graces) { erase_graces(graces, user, [&](const Grace& each) { return each == grace; }); });
}

/// A session that recovers, and one that resumes another, has the id of the one that was lost.
void ShardPresence::on_came(UserId user, const LiveSession& session, Arrival) {
  online_.drop_grace(user, session.id);
  online_.changed(user);
}

/// Who leaves on purpose is offline at once, unless another session of theirs is live or in its grace. A session that is given up
/// has had its grace when it was suspended.
void ShardPresence::on_gone(UserId user, const LiveSession& session, Departure how) {
  if (how != Departure::lost && session.suspended) online_.drop_grace(user, session.id);
  if (how == Departure::lost && !session.suspended && grace_ > Duration{}) {
    const OnlineUsers::Grace grace{.session = session.id, .until = clock_.now() + grace_};
    online_.begin_grace(user, grace);
    due_.push_back({user, grace});
  }
  online_.changed(user);
}

std::optional<TimePoint> ShardPresence::next_deadline() const {
  return due_.empty() ? std::nullopt : std::optional(due_.front().grace.until);
}

void ShardPresence::on_time(TimePoint now) {
  while (!due_.empty() && due_.front().grace.until <= now) {
    const Due over = due_.front();
    due_.pop_front();
    online_.end_grace(over.user, over.grace);
    online_.changed(over.user);
  }
}

}  // namespace belfry::sessions

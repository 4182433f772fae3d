#include "app/sessions/presence.hpp"

namespace belfry::sessions {

bool OnlineUsers::is_online(UserId user) const {
  return sessions_.is_live(user) || graces_.with([&](const Graces& graces) { return graces.contains(user); });
}

std::vector<UserId> OnlineUsers::all() const {
  std::vector<UserId> users = sessions_.live_users();
  const auto away = graces_.with([](const Graces& graces) {
    std::vector<UserId> all;
    for (const auto& [user, until] : graces) all.push_back(user);
    return all;
  });
  for (const UserId& user : away)
    if (!sessions_.is_live(user)) users.push_back(user);
  return users;
}

void OnlineUsers::begin_grace(UserId user, TimePoint until) {
  graces_.with([&](Graces& graces) { graces.insert_or_assign(user, until); });
}

void OnlineUsers::drop_grace(UserId user) {
  graces_.with([&](Graces& graces) { graces.erase(user); });
}

void OnlineUsers::end_grace(UserId user, TimePoint until) {
  graces_.with([&](Graces& graces) {
    const auto found = graces.find(user);
    if (found != graces.end() && found->second == until) graces.erase(found);
  });
}

void ShardPresence::on_came(UserId user, const LiveSession&, Arrival) {
  online_.drop_grace(user);
  online_.changed(user);
}

/// Who leaves on purpose is offline at once, unless another session of theirs is in its grace. A session that was suspended had
/// its grace.
void ShardPresence::on_gone(UserId user, const LiveSession& session, Departure how) {
  if (how != Departure::lost && session.suspended) online_.drop_grace(user);
  if (how == Departure::lost && !session.suspended && grace_ > Duration{}) {
    const TimePoint until = clock_.now() + grace_;
    online_.begin_grace(user, until);
    due_.push_back({user, until});
  }
  online_.changed(user);
}

std::optional<TimePoint> ShardPresence::next_deadline() const {
  return due_.empty() ? std::nullopt : std::optional(due_.front().until);
}

void ShardPresence::on_time(TimePoint now) {
  while (!due_.empty() && due_.front().until <= now) {
    const Grace over = due_.front();
    due_.pop_front();
    online_.end_grace(over.user, over.until);
    online_.changed(over.user);
  }
}

}  // namespace belfry::sessions

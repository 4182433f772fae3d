#include "app/calls/present.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace belfry::calls {

Present::Present(const sessions::Sessions& sessions, const call::Legs& legs, MediaTopology topology)
    : sessions_(&sessions),
      topology_(topology) {
  for (const call::Leg& leg : legs) people_.push_back(leg.user);
}

Present::Present(const sessions::Sessions& sessions, std::span<const UserId> people, MediaTopology topology)
    : sessions_(&sessions),
      topology_(topology),
      people_(people.begin(), people.end()) {
  std::sort(people_.begin(), people_.end());
}

void Present::look_up() const {
  found_ = sessions_->of(std::span<const UserId>(people_.data(), people_.size()));
  if (topology_ == MediaTopology::of_two) return;
  for (std::size_t i = 0; i < people_.size(); ++i) {
    auto& sessions = (*found_)[i];
    const bool some = std::any_of(sessions.begin(), sessions.end(), [](const LiveSession& each) { return !each.suspended; });
    std::erase_if(sessions, [this](const LiveSession& each) { return !can_take_part(each.dialect, topology_); });
    if (some && sessions.empty()) unable_.push_back(people_[i]);
  }
}

const std::vector<LiveSession>& Present::of(UserId user) const {
  if (!found_) look_up();
  const auto place = std::lower_bound(people_.begin(), people_.end(), user);
  CHECK(found_ && place != people_.end() && *place == user, "asked for somebody who was not looked up");
  return (*found_)[static_cast<std::size_t>(place - people_.begin())];
}

std::vector<LiveSession> Present::live(UserId user) const {
  auto sessions = of(user);
  std::erase_if(sessions, [](const LiveSession& session) { return session.suspended; });
  return sessions;
}

bool Present::is_live(UserId user) const {
  const auto& sessions = of(user);
  return std::any_of(sessions.begin(), sessions.end(), [](const LiveSession& session) { return !session.suspended; });
}

bool Present::unable(UserId user) const {
  if (!found_) look_up();
  return std::binary_search(unable_.begin(), unable_.end(), user);
}

const LiveSession* Present::session(UserId user, SessionAddress at) const {
  const auto& sessions = of(user);
  const auto found = std::find_if(sessions.begin(), sessions.end(), [&](const LiveSession& each) { return each.at == at; });
  return found == sessions.end() ? nullptr : &*found;
}

std::vector<LiveSession> Present::speakers(const call::Leg& leg) const {
  auto sessions = live(leg.user);
  const auto seen = all_as_seen(sessions);
  const call::Speakers may_speak(leg, seen);
  std::erase_if(sessions, [&](const LiveSession& session) { return !may_speak.include(as_seen(session)); });
  return sessions;
}

SessionsSeen all_as_seen(const std::vector<LiveSession>& sessions) {
  SessionsSeen seen;
  for (const auto& session : sessions) seen.push_back(as_seen(session));
  return seen;
}

}  // namespace belfry::calls

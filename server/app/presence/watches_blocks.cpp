// Whether a session may see a user whom it watches (SPEC K45). The store is asked once for all sessions from whom the user may be
// hidden: who of their users neither blocks the user nor is blocked.
#include <algorithm>
#include <utility>

#include "app/presence/sorted_users.hpp"
#include "app/presence/watches.hpp"

namespace belfry::presence {

void Watches::blocks_changed(const UserId& one, const UserId& other) {
  own_thread_.check();
  const auto look = [this](const UserId& watcher, const UserId& user) {
    const auto watched = watched_.find(user);
    if (watched == watched_.end()) return;
    std::vector<SessionAddress> ready;
    for (const SessionAddress at : watched->second.by) {
      Watch* const watch = find(at);
      if (watch == nullptr || watch->who.user != watcher) continue;
      if (watch->ready)
        ready.push_back(at);
      else
        watch->again.push_back(user);
    }
    look_again(user, ready);
  };
  look(one, other);
  look(other, one);
}

void Watches::look_again(const UserId& user, const std::vector<SessionAddress>& by) {
  for (const SessionAddress at : by)
    if (const Watch* const watch = find_ready(at)) looks_[user].waiting[at] = watch->number;
  const auto look = looks_.find(user);
  if (look != looks_.end() && look->second.asked.empty()) ask_blocks(user);
}

void Watches::ask_blocks(const UserId& user) {
  Look& look = looks_[user];
  look.asked = std::exchange(look.waiting, {});
  std::vector<UserId> watchers;
  for (const auto& [at, number] : look.asked)
    if (const Watch* const watch = find_ready(at); watch != nullptr && watch->number == number)
      watchers.push_back(watch->who.user);
  std::sort(watchers.begin(), watchers.end());
  watchers.erase(std::unique(watchers.begin(), watchers.end()), watchers.end());
  if (watchers.empty()) {
    looks_.erase(user);
    return;
  }
  ports_.accounts.presence(std::move(watchers), user, [this, user](const auto& found) {
    const auto asked = std::exchange(looks_[user].asked, {});
    if (found)
      for (const auto& [at, number] : asked) note_look(user, at, number, *found);
    else
      looks_[user].waiting.insert(asked.begin(), asked.end());
    if (!found) return set_due_in(kRetry);
    if (looks_[user].waiting.empty())
      looks_.erase(user);
    else
      ask_blocks(user);
  });
}

/// Of a watch that is being looked at again, the next answer counts; one that has been replaced has been answered anew.
void Watches::note_look(const UserId& user, SessionAddress at, std::uint64_t number, const std::vector<store::Presence>& seeing) {
  const Watch* const watch = find_ready(at);
  if (watch == nullptr || watch->number != number || looks_[user].waiting.contains(at)) return;
  set_hidden(at, user, find_in(seeing, watch->who.user) == nullptr);
}

void Watches::retry_looks() {
  std::vector<UserId> unanswered;
  for (const auto& [user, look] : looks_)
    if (look.asked.empty()) unanswered.push_back(user);
  for (const UserId& user : unanswered)
    if (looks_.contains(user)) ask_blocks(user);
}

void Watches::set_hidden(SessionAddress at, const UserId& user, bool hidden) {
  Watch* const watch = find_ready(at);
  if (watch == nullptr || !holds(watch->users, user) || holds(watch->hidden, user) == hidden) return;
  if (hidden)
    watch->hidden.insert(std::lower_bound(watch->hidden.begin(), watch->hidden.end(), user), user);
  else
    std::erase(watch->hidden, user);
  const auto watched = watched_.find(user);
  if (!hidden && watched != watched_.end() && !watched->second.known) {
    changed_.insert(user);  // nobody saw them so far: what the store has of them is told when it is found
    return set_due_in(Duration{});
  }
  const Seen now = told_of(user);
  if (now.state != State::offline) tell(at, user, hidden ? Seen{} : now);
}

}  // namespace belfry::presence

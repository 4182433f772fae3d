// Whether a session may see a user whom it watches (SPEC K45). The store is asked once for all sessions from whom the user may be
// hidden: who of their users neither blocks the user nor is blocked.
#include <algorithm>
#include <utility>

#include "app/presence/sorted_users.hpp"
#include "app/presence/watches.hpp"

namespace belfry::presence {

void Watches::blocks_changed(const UserId& one, const UserId& other) {
  own_thread_.check();
  const auto check = [this](const UserId& watcher, const UserId& user) {
    const auto watched = watched_.find(user);
    if (watched == watched_.end()) return;
    std::vector<SessionAddress> ready;
    for (const SessionAddress at : watched->second.by) {
      Watch* const watch = find(at);
      if (watch == nullptr || watch->who.user != watcher) continue;
      if (watch->ready)
        ready.push_back(at);
      else if (std::find(watch->again.begin(), watch->again.end(), user) == watch->again.end())
        watch->again.push_back(user);
    }
    check_blocks(user, ready);
  };
  check(one, other);
  check(other, one);
}

void Watches::check_blocks(const UserId& user, const std::vector<SessionAddress>& by) {
  for (const SessionAddress at : by)
    if (const Watch* const watch = find_ready(at)) checks_[user].waiting[at] = watch->number;
  const auto check = checks_.find(user);
  if (check != checks_.end() && check->second.asked.empty()) ask_blocks(user);
}

/// Whether the session still has the watch of this number.
bool Watches::is_still(SessionAddress at, std::uint64_t number) {
  const Watch* const watch = find_ready(at);
  return watch != nullptr && watch->number == number;
}

void Watches::ask_blocks(const UserId& user) {
  BlockCheck& check = checks_[user];
  check.asked = std::exchange(check.waiting, {});
  std::vector<UserId> watchers;
  for (const auto& [at, number] : check.asked)
    if (is_still(at, number)) watchers.push_back(find(at)->who.user);
  std::sort(watchers.begin(), watchers.end());
  watchers.erase(std::unique(watchers.begin(), watchers.end()), watchers.end());
  if (watchers.empty()) {
    checks_.erase(user);
    return;
  }
  ports_.accounts.presence(std::move(watchers), user, [this, user](const auto& found) {
    if (!found) return ask_blocks_later(user);
    for (const auto& [at, number] : std::exchange(checks_[user].asked, {})) note_check(user, at, number, *found);
    if (checks_[user].waiting.empty())
      checks_.erase(user);
    else
      ask_blocks(user);
  });
}

/// For the sessions that are still there: the store may be away for long.
void Watches::ask_blocks_later(const UserId& user) {
  BlockCheck& check = checks_[user];
  for (const auto& [at, number] : std::exchange(check.asked, {}))
    if (is_still(at, number)) check.waiting.emplace(at, number);
  if (check.waiting.empty())
    checks_.erase(user);
  else
    make_due(retry_due_, kRetry);
}

/// Of a watch that is checked once more, the next answer counts; one that has been replaced has been answered anew.
void Watches::note_check(const UserId& user, SessionAddress at, std::uint64_t number,
                         const std::vector<store::Presence>& seeing) {
  if (!is_still(at, number) || checks_[user].waiting.contains(at)) return;
  if (find_in(seeing, find(at)->who.user) == nullptr)
    hide(at, user);
  else
    show_again(at, user);
}

void Watches::retry_checks() {
  std::vector<UserId> unanswered;
  for (const auto& [user, check] : checks_)
    if (check.asked.empty()) unanswered.push_back(user);
  for (const UserId& user : unanswered)
    if (checks_.contains(user)) ask_blocks(user);
}

void Watches::hide(SessionAddress at, const UserId& user) {
  Watch* const watch = find_ready(at);
  if (watch == nullptr || !holds(watch->users, user) || holds(watch->hidden, user)) return;
  watch->hidden.insert(std::lower_bound(watch->hidden.begin(), watch->hidden.end(), user), user);
  if (told_of(user).state != State::offline) tell(at, user, Seen{});
}

void Watches::show_again(SessionAddress at, const UserId& user) {
  Watch* const watch = find_ready(at);
  if (watch == nullptr || !holds(watch->hidden, user)) return;
  std::erase(watch->hidden, user);
  const auto watched = watched_.find(user);
  if (watched != watched_.end() && !watched->second.known) {
    changed_.insert(user);  // nobody saw them so far: what the store has of them is told when it is found
    return make_due(changes_due_, Duration{});
  }
  const Seen now = told_of(user);
  if (now.state != State::offline) tell(at, user, now);
}

}  // namespace belfry::presence

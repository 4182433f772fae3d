#include "app/presence/watches.hpp"

#include <algorithm>
#include <utility>

#include "app/presence/sorted_users.hpp"

namespace belfry::presence {
namespace {

/// A copy: telling sessions may end them.
std::vector<SessionAddress> addresses_in(const auto& set) { return {set.begin(), set.end()}; }

}  // namespace

// --- all shards ---

template <class Task>
void AllWatches::on_each(Mailboxes& mailboxes, const Task& task) {
  if (count_.load() == 0) return;
  for (ShardIndex shard = 0; shard < shards_.size(); ++shard) shards_.post(mailboxes, shard, task);
}

void AllWatches::changed(Mailboxes& mailboxes, const UserId& user) {
  on_each(mailboxes, [user](Watches& there) { there.changed(user); });
}

void AllWatches::blocks_changed(Mailboxes& mailboxes, const UserId& one, const UserId& other) {
  on_each(mailboxes, [one, other](Watches& there) { there.blocks_changed(one, other); });
}

void note_slots(AllWatches& watches, Mailboxes& mailboxes, const store::CallRow* before, const store::CallRow* now) {
  const auto held = [](const store::CallRow* row, const UserId& user) {
    const store::Leg* const leg = row == nullptr ? nullptr : store::find_leg(*row, user);
    return leg != nullptr && store::holds_slot(*row, *leg);
  };
  for (const auto& [row, other] : {std::pair(before, now), std::pair(now, before)}) {
    if (row == nullptr) continue;
    for (const store::Leg& leg : row->legs)
      if (store::holds_slot(*row, leg) && !held(other, leg.user)) watches.changed(mailboxes, leg.user);
  }
}

// --- watching ---

Watches::Watches(ShardIndex mine, AllWatches& all, Ports ports) : mine_(mine), all_(all), ports_(std::move(ports)) {
  all.shards_.enter(mine, *this);
}

Watches::Watch* Watches::find(SessionAddress at) {
  const auto found = watches_.find(at);
  return found == watches_.end() ? nullptr : found->second.get();
}

Watches::Watch* Watches::find_ready(SessionAddress at) {
  Watch* const watch = find(at);
  return watch != nullptr && watch->ready ? watch : nullptr;
}

std::uint64_t Watches::install(const Watcher& watcher, Subscription subscription) {
  forget(watcher.at);
  auto& [version, users] = subscription;
  std::sort(users.begin(), users.end());
  users.erase(std::unique(users.begin(), users.end()), users.end());
  for (const UserId& user : users) watched_[user].by.insert(watcher.at);
  by_session_[watcher.session] = watcher.at;
  watches_[watcher.at] =
      std::make_unique<Watch>(Watch{.who = watcher, .version = version, .users = std::move(users), .number = ++installed_});
  all_.count_.fetch_add(1);
  return installed_;
}

void Watches::forget(SessionAddress at) {
  own_thread_.check();
  const auto entry = watches_.find(at);
  if (entry == watches_.end()) return;
  const auto gone = std::move(entry->second);
  watches_.erase(entry);
  all_.count_.fetch_sub(1);
  const auto named = by_session_.find(gone->who.session);
  if (named != by_session_.end() && named->second == at) by_session_.erase(named);
  for (const UserId& user : gone->users) {
    const auto watched = watched_.find(user);
    if (watched == watched_.end()) continue;
    watched->second.by.erase(at);
    if (watched->second.by.empty()) watched_.erase(watched);
  }
}

void Watches::watch(const Watcher& watcher, std::vector<UserId> users, Done done) {
  own_thread_.check();
  const Watch* const before = find(watcher.at);
  const std::uint64_t number = install(watcher, {.version = before == nullptr ? 0 : before->version, .users = std::move(users)});
  open({watcher, number, std::move(done)}, For::client);
}

void Watches::go_on(const Watcher& watcher, Subscription subscription, Done done) {
  own_thread_.check();
  const std::uint64_t number = install(watcher, std::move(subscription));
  open({watcher, number, std::move(done)}, For::returning);
}

/// The watch is there before the store is asked, so that no change in between is missed.
void Watches::open(const Opening& opening, For whom) {
  const Watch* const watch = find(opening.watcher.at);
  if (watch == nullptr || watch->number != opening.number) return;  // it is gone, or watches others by now
  ports_.accounts.presence(watch->users, opening.watcher.user, [this, opening, whom](const auto& found) {
    const SessionAddress at = opening.watcher.at;
    const Watch* const still = find(at);
    const bool is_new = still != nullptr && still->number == opening.number;
    if (is_new && found) return show(opening, *found);
    if (whom == For::client) {
      if (is_new) forget(at);
      if (!found) return opening.done(unexpected(found.error()));
      return opening.done(outdated(at, *found));
    }
    if (!is_new) return;
    unanswered_.push_back(opening);
    make_due(retry_due_, kRetry);
  });
}

Snapshot Watches::outdated(SessionAddress at, const std::vector<store::Presence>& found) {
  const Watch* const watch = find(at);
  Snapshot snapshot{.version = watch == nullptr ? 0 : watch->version};
  for (const store::Presence& each : found)
    if (seen(ports_.online, &each).state != State::offline) snapshot.online.push_back(each.user);
  return snapshot;
}

/// Who is watched already was told of by what is known of them: what the store has of them may be older.
void Watches::note_presence(const std::vector<UserId>& users, const std::vector<store::Presence>& found,
                            std::vector<UserId>& hidden) {
  for (const UserId& user : users) {
    const auto* const stored = find_in(found, user);
    if (stored == nullptr) hidden.push_back(user);
    const auto watched = watched_.find(user);
    if (stored == nullptr || watched == watched_.end()) continue;
    auto& known = watched->second.known;
    if (!known) known = Known{*stored, seen(ports_.online, stored)};
    settle(user, nullptr);
  }
}

void Watches::show(const Opening& opening, const std::vector<store::Presence>& found) {
  const SessionAddress at = opening.watcher.at;
  const std::vector<UserId> users = find(at)->users;  // a copy: telling others of what is found may end this session
  std::vector<UserId> hidden;
  note_presence(users, found, hidden);
  Watch* const watch = find(at);
  if (watch == nullptr || watch->number != opening.number) return;
  watch->hidden = std::move(hidden);
  watch->ready = true;
  const std::vector<UserId> again = std::exchange(watch->again, {});
  Snapshot snapshot{.version = watch->version};
  std::vector<UserId> others;
  for (const UserId& user : users) {
    if (holds(watch->hidden, user)) continue;
    const State state = told_of(user).state;
    if (state != State::offline) snapshot.online.push_back(user);
    if (state == State::away || state == State::busy) others.push_back(user);
  }
  opening.done(std::move(snapshot));
  for (const UserId& user : others) tell(at, user, told_of(user));
  for (const UserId& user : again) check_blocks(user, {at});
}

Seen Watches::told_of(const UserId& user) const {
  const auto watched = watched_.find(user);
  return watched == watched_.end() || !watched->second.known ? Seen{} : watched->second.known->told;
}

void Watches::set_attention(const UserId& user, SessionAddress at, Attention attention) {
  own_thread_.check();
  if (ports_.sessions.set_away(user, at, attention == Attention::away)) all_.changed(ports_.mailboxes, user);
}

// --- sessions that move ---

std::optional<Watches::Subscription> Watches::take(SessionAddress at) {
  const Watch* const watch = find(at);
  if (watch == nullptr) return std::nullopt;
  Subscription subscription{.version = watch->version, .users = watch->users};
  forget(at);
  return subscription;
}

std::optional<Watches::Subscription> Watches::take_of(const SessionId& session, const UserId& user) {
  const auto named = by_session_.find(session);
  if (named == by_session_.end()) return std::nullopt;
  const SessionAddress at = named->second;
  const Watch* const watch = find(at);
  if (watch == nullptr || watch->who.user != user) return std::nullopt;
  return take(at);
}

void Watches::go_on_from(const SessionId& earlier, const Watcher& watcher, Done done) {
  own_thread_.check();
  // Later here too: the socket takes over the session's numbers first.
  const auto bring = [&all = all_, &mailboxes = ports_.mailboxes, home = mine_, watcher,
                      done = std::move(done)](Subscription subscription) {
    all.shards_.post(mailboxes, home, [watcher, subscription = std::move(subscription), done](Watches& here) {
      if (here.find(watcher.at) != nullptr) return;  // its client has subscribed anew meanwhile
      if (here.ports_.sessions.session(watcher.user, watcher.at)) here.go_on(watcher, subscription, done);
    });
  };
  if (auto subscription = take_of(earlier, watcher.user)) return bring(*std::move(subscription));
  for (ShardIndex shard = 0; shard < all_.shards_.size(); ++shard)
    if (shard != mine_)
      all_.shards_.post(ports_.mailboxes, shard, [earlier, user = watcher.user, bring](Watches& there) {
        // What `bring` holds belongs to its shard; it is only passed on here.
        if (auto subscription = there.take_of(earlier, user)) bring(*std::move(subscription));
      });
}

// --- changes ---

void Watches::changed(const UserId& user) {
  own_thread_.check();
  if (!watched_.contains(user)) return;
  changed_.insert(user);
  make_due(changes_due_, all_.coalesce_);
}

void Watches::make_due(Deadline& due, Duration after) const {
  const TimePoint then = ports_.clock.now() + after;
  due = std::min(due.value_or(then), then);
}

Watches::Deadline Watches::next_deadline() const {
  if (!changes_due_ || !retry_due_) return changes_due_ ? changes_due_ : retry_due_;
  return std::min(*changes_due_, *retry_due_);
}

void Watches::on_time(TimePoint now) {
  own_thread_.check();
  const auto take_due = [now](Deadline& due) {
    const bool is_due = due && *due <= now;
    if (is_due) due.reset();
    return is_due;
  };
  if (take_due(retry_due_)) retry();
  if (take_due(changes_due_) && !asks_ && !changed_.empty()) ask_about(changed_);
}

void Watches::retry() {
  for (const Opening& each : std::exchange(unanswered_, {})) open(each, For::returning);
  retry_checks();
  if (unread_.empty()) return;
  if (asks_) return make_due(retry_due_, kRetry);
  ask_about(unread_);
}

void Watches::ask_about(Users& changed) {
  const std::vector<UserId> users(changed.begin(), changed.end());
  changed.clear();
  asks_ = true;
  // Nobody's blocks: they are of each watcher.
  ports_.accounts.presence(users, UserId{}, [this, users](const auto& found) {
    asks_ = false;
    settle_all(users, found ? &*found : nullptr);
    if (!found) {
      unread_.insert(users.begin(), users.end());
      make_due(retry_due_, kRetry);
    }
    if (!changed_.empty() && !changes_due_) make_due(changes_due_, Duration{});  // their time went by while the store was asked
  });
}

void Watches::settle_all(const std::vector<UserId>& users, const std::vector<store::Presence>* found) {
  for (const UserId& user : users) settle(user, found == nullptr ? nullptr : find_in(*found, user));
}

/// `found`: what the store has; null: it does not say, so what is known still counts.
void Watches::settle(const UserId& user, const store::Presence* found) {
  const auto watched = watched_.find(user);
  if (watched == watched_.end()) return;
  auto& known = watched->second.known;
  if (!known && found == nullptr) return;
  if (!known) known = Known{};
  if (found != nullptr) known->stored = *found;
  const Seen now = seen(ports_.online, &known->stored);
  const State before = std::exchange(known->told, now).state;
  if (before == now.state) return;
  const std::string update = ports_.json(user, now);
  std::vector<SessionAddress> unseen;
  for (const SessionAddress at : addresses_in(watched->second.by)) {
    Watch* const watch = find_ready(at);
    if (watch == nullptr) continue;
    if (!holds(watch->hidden, user))
      ports_.watchers.tell(at, ++watch->version, update);
    else if (now.state != State::offline)
      unseen.push_back(at);
  }
  check_blocks(user, unseen);
}

void Watches::tell(SessionAddress at, const UserId& user, const Seen& what) {
  if (Watch* const watch = find_ready(at)) ports_.watchers.tell(at, ++watch->version, ports_.json(user, what));
}

}  // namespace belfry::presence

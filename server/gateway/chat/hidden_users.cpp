#include "gateway/chat/hidden_users.hpp"

#include <chrono>
#include <utility>

namespace belfry::gateway::chat_clients {

void HiddenUsers::ask(SessionAddress at, const account::UserId& user, std::function<void()> then) {
  own_thread_.check();
  entries_[at] = {.user = user};
  ask_store(at, std::move(then));
}

void HiddenUsers::ask_store(SessionAddress at, std::function<void()> then) {
  Entry& entry = entries_.at(at);
  entry.asks = true;
  blocks_.blocks_of(entry.user, [this, at, then = std::move(then)](const auto& found) {
    const auto still = entries_.find(at);
    if (still == entries_.end()) return;
    Entry& asked = still->second;
    asked.asks = false;
    if (std::exchange(asked.is_outdated, false)) return ask_store(at, then);
    asked.hidden.known = found.has_value();
    constexpr Duration kRetry = std::chrono::seconds{1};
    if (found)
      asked.hidden.users = *found;
    else if (!retry_)
      retry_ = clock_.now() + kRetry;
    then();
  });
}

HiddenUsers::Hidden HiddenUsers::of(SessionAddress at) const {
  const auto found = entries_.find(at);
  return found == entries_.end() ? Hidden{} : found->second.hidden;
}

void HiddenUsers::forget(SessionAddress at) {
  own_thread_.check();
  entries_.erase(at);
}

void HiddenUsers::refresh(SessionAddress at) {
  const auto found = entries_.find(at);
  if (found == entries_.end()) return;
  if (found->second.asks)
    found->second.is_outdated = true;
  else
    ask_store(at, [this, at] { changed_(at); });
}

void HiddenUsers::blocks_changed(const account::UserId& one, const account::UserId& other) {
  own_thread_.check();
  std::vector<SessionAddress> affected;  // a copy: what is shown may end a session
  for (const auto& [at, entry] : entries_)
    if (entry.user == one || entry.user == other) affected.push_back(at);
  for (const SessionAddress at : affected) refresh(at);
}

void HiddenUsers::on_time(TimePoint now) {
  own_thread_.check();
  if (!retry_ || *retry_ > now) return;
  retry_.reset();
  std::vector<SessionAddress> unknown;
  for (const auto& [at, entry] : entries_)
    if (!entry.hidden.known && !entry.asks) unknown.push_back(at);
  for (const SessionAddress at : unknown) refresh(at);
}

}  // namespace belfry::gateway::chat_clients

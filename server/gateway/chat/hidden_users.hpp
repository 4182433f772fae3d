// HiddenUsers: whom each session of a shard is not shown, because one of the two blocks the other (SPEC K45). The store is asked
// when a session connects or comes back, again when a block of its user changes, and once a second while it cannot be reached.
// One per shard. Not here: what a session is shown then (online_lists.hpp).
#pragma once

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/address.hpp"
#include "base/clock.hpp"
#include "base/own_thread.hpp"
#include "domain/account/user.hpp"
#include "store/conversation_store.hpp"

namespace belfry::gateway::chat_clients {

class HiddenUsers {
 public:
  struct Hidden {
    std::vector<account::UserId> users{};  // sorted
    bool known = false;                    // the store has said so; until then anybody may be hidden
  };
  /// Both must outlive this object. `changed`: called at each answer to a question that no ask() waits for.
  HiddenUsers(store::ConversationStore& blocks, const Clock& clock, std::function<void(SessionAddress)> changed)
      : blocks_(blocks),
        clock_(clock),
        changed_(std::move(changed)) {}

  /// `then` is called once, unless the session is forgotten before: when of() is what the store says, or when the store is away.
  void ask(SessionAddress at, const account::UserId& user, std::function<void()> then);
  /// Of a session that was not asked for, nothing is known.
  [[nodiscard]] Hidden of(SessionAddress at) const;
  void forget(SessionAddress at);
  /// One of these two blocks the other now, or no longer.
  void blocks_changed(const account::UserId& one, const account::UserId& other);

  [[nodiscard]] TimePoint next_deadline() const { return retry_.value_or(TimePoint::max()); }
  void on_time(TimePoint now);

 private:
  struct Entry {
    account::UserId user{};
    Hidden hidden{};
    bool asks = false;         // one question at a time: of two, the older answer might come last
    bool is_outdated = false;  // a block has changed since it was asked
  };
  void ask_store(SessionAddress at, std::function<void()> then);
  void refresh(SessionAddress at);

  [[no_unique_address]] OwnThread own_thread_;
  store::ConversationStore& blocks_;
  const Clock& clock_;
  std::function<void(SessionAddress)> changed_;
  boost::unordered_flat_map<SessionAddress, Entry, AddressHash> entries_;
  std::optional<TimePoint> retry_{};
};

}  // namespace belfry::gateway::chat_clients

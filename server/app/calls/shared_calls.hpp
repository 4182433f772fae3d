// SharedCalls: what the Calls of all shards share. Settings are immutable; the rest is guarded or atomic. Create it first, then
// one Calls per shard, which registers itself; use it only when all have been created.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "app/calls/policy.hpp"
#include "app/calls/shown_media.hpp"
#include "app/calls/unheard_ends.hpp"
#include "app/limits/sliding_window.hpp"
#include "app/sessions/delivery.hpp"
#include "app/sessions/sessions.hpp"
#include "base/clock.hpp"
#include "base/guarded.hpp"
#include "base/log.hpp"
#include "base/mailbox.hpp"
#include "base/on_shards.hpp"
#include "base/random.hpp"
#include "base/redacted.hpp"
#include "store/call_store.hpp"
#include "store/conversation_store.hpp"

namespace belfry::calls {

class Calls;

/// What one shard's Calls needs. All must outlive it.
struct Ports {
  Mailboxes& mailboxes;
  const Clock& clock;
  Random& random;
  Log& log;
  sessions::Delivery& delivery;
  store::CallStore& store;
  store::Outbox& outbox;
  store::ConversationStore& conversations;
  std::function<void()> due_stored = {};  // a step has put entries into the outbox that are due now
  /// The provider of this user's newest media token for the conversation (J-8.1); nullopt: there is none.
  std::function<std::optional<call::Provider>(const UserId&, const conversation::ConversationId&)> newest_token = {};
  /// Whether a ring can be pushed to some device of these users. Not asked if this server pushes nobody.
  std::function<void(std::vector<UserId>, store::Done<Expected<bool, store::Unavailable>>)> can_be_pushed = {};
  /// These callees are away, and this server pushes nobody.
  std::function<void(const CallId&, const std::vector<UserId>&)> not_pushed = {};
  /// The row of a call that this shard hosts is another one now: a step of it was committed, or it was read from the store.
  /// `before`: null if it was not hosted; `now`: null if the row is gone. Called before anybody is notified.
  std::function<void(const store::CallRow* before, const store::CallRow* now)> row_changed = {};
  /// A call has ended, and its entry in its conversation is committed (K43).
  std::function<void(const store::WrittenEntry&)> entry_written = {};
};

/// Limits the call starts of one user (R-001-89).
using StartLimit = limits::SlidingWindow<UserId, UuidHash>;

struct CallStats {
  std::int64_t active = 0;  // ringing or connected, as far as this process knows
  std::int64_t started = 0, answered = 0, declined = 0, cancelled = 0, timed_out = 0, lost = 0, hung_up = 0, busy = 0, failed = 0;
};

/// Every command has one until its effects are stored and announced. `--virtual-time` waits until there are none.
class InFlight {
 public:
  InFlight() = default;
  explicit InFlight(std::atomic<std::int64_t>& count) : count_(&count) { ++count; }
  InFlight(const InFlight& other) : count_(other.count_) {
    if (count_ != nullptr) ++*count_;
  }
  InFlight(InFlight&& other) noexcept : count_(std::exchange(other.count_, nullptr)) {}
  InFlight& operator=(InFlight other) noexcept {
    std::swap(count_, other.count_);
    return *this;
  }
  ~InFlight() {
    if (count_ != nullptr) --*count_;
  }

 private:
  std::atomic<std::int64_t>* count_ = nullptr;
};

class SharedCalls {
 public:
  SharedCalls(ShardIndex shards, sessions::Sessions& sessions, CallSettings settings);

  [[nodiscard]] sessions::Sessions& sessions() { return sessions_; }
  [[nodiscard]] const CallSettings& settings() const { return settings_; }
  [[nodiscard]] StartLimit& starts() { return starts_; }
  [[nodiscard]] UnheardEnds& unheard() { return unheard_; }
  [[nodiscard]] ShownMedia& media() { return media_; }
  [[nodiscard]] const Redactor& redacted() const { return redactor_; }
  [[nodiscard]] CallStats stats();
  void count(std::int64_t CallStats::* which, std::int64_t change = 1);
  [[nodiscard]] InFlight in_flight() { return InFlight(in_flight_); }
  [[nodiscard]] bool quiet() const { return in_flight_.load() == 0; }
  /// No commit is open, in doubt or was cut off, and each end that waits for its participant is stored.
  [[nodiscard]] bool all_announced() const {
    return quiet() && !cut_off_.load() && in_doubt_.load() == 0 && unstored_ends_.load() == 0;
  }
  /// A shard stopped while commands were under way. They end with it, so quiet() does not show it.
  void note_cut_off() { cut_off_.store(true); }
  void count_in_doubt(int change) { in_doubt_ += change; }
  void count_unstored_ends(int change) { unstored_ends_ += change; }

  /// The shard on which every command about this call runs.
  [[nodiscard]] ShardIndex host_of(const CallId& call) const;
  [[nodiscard]] OnShards<Calls>& on_shards() { return calls_; }
  [[nodiscard]] ShardIndex shards() const { return calls_.size(); }

  /// the user's calls were ended for good at `now`. A start received before that which is not indexed yet calls
  /// expelled_since() with its receive time.
  void note_expelled(UserId user, call::EndReason reason, TimePoint now);
  [[nodiscard]] std::optional<call::EndReason> expelled_since(UserId user, TimePoint received);

  struct UserCall {
    CallId id{};
    std::string peer{};       // username; empty while the call is being made, and of a group call
    UserId peer_id{};         // whose name that is
    bool takes_part = false;  // the caller, or has answered; otherwise it may ring for the user
  };
  /// The calls of a user that this process knows, including those whose start is not committed yet. Their hosts get a command
  /// when a session of the user comes or goes.
  void index_call(UserId user, UserCall call);
  void note_takes_part(UserId user, const CallId& call);
  void unindex_call(UserId user, const CallId& call);
  [[nodiscard]] std::vector<UserCall> calls_of(UserId user);

 private:
  using UserCalls = boost::unordered_flat_map<UserId, std::vector<UserCall>, UuidHash>;
  static constexpr std::size_t kStripes = 64;
  [[nodiscard]] Guarded<UserCalls>& stripe(UserId user) { return user_calls_[UuidHash{}(user) >> 58U]; }

  sessions::Sessions& sessions_;
  CallSettings settings_;
  StartLimit starts_;
  UnheardEnds unheard_;
  ShownMedia media_;
  Redactor redactor_;
  Guarded<CallStats> stats_;
  std::atomic<bool> cut_off_{false};
  std::atomic<std::int64_t> in_flight_{0}, in_doubt_{0}, unstored_ends_{0};
  struct Expelled {
    UserId user{};
    call::EndReason reason{};
    TimePoint at{};
  };
  Guarded<std::deque<Expelled>> expelled_;  // the newest ones, oldest first
  std::atomic<bool> any_expelled_{false};
  std::array<Guarded<UserCalls>, kStripes> user_calls_;
  OnShards<Calls> calls_;
};

}  // namespace belfry::calls

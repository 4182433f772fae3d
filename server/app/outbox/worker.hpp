// Worker: sends the outbox entries that are due. One per process, on one shard, in the domain's time (SPEC J-7.7). It claims due
// entries, hands each to the sender of its kind, and writes the verdict to the store. While the store is unreachable it retries
// that write and does not send the entry again. Entries of different kinds, and of one kind up to the bounds of its sender, do
// not wait for each other (J-6.6).
//
// Not here: ends of calls, which wait for their participant to return (end_follower.hpp).
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "app/outbox/retries.hpp"
#include "app/outbox/sender.hpp"
#include "base/check.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/own_thread.hpp"
#include "store/due_entries.hpp"
#include "store/nodes.hpp"

namespace belfry::outbox {

/// A try must end within this time, or another server may start one: twice PUSH_TIMEOUT_MS (SPEC J-6.6). The open entries of a
/// server that dies are retried as soon as it counts as gone.
constexpr std::chrono::milliseconds kClaim = std::chrono::seconds{20};
/// A claim that is answered later than this may be another server's by now: it was released if we were silent for kNodeLapses,
/// and our last heartbeat may be two seconds older than the claim. Measured on the monotonic clock, since somebody may set the
/// wall clock meanwhile. The monotonic clock stands still while the machine is suspended: then an entry may be sent twice.
constexpr Duration kClaimIsSure = store::kNodeLapses - std::chrono::seconds{2};
/// How soon the worker finds entries that other servers or a crash left: about as soon as a dead server is noticed. For an entry
/// stored by this process, call wake().
constexpr Duration kLookEvery = std::chrono::seconds{5};
/// How soon it looks again if the store was unreachable.
constexpr Duration kAskAgain = std::chrono::seconds{1};
/// Per kind. More would not be faster with a provider that answers in 100 ms, and each entry keeps its payload in memory.
constexpr std::size_t kMostUnderWay = 256;
/// How long an entry waits whose user has as many under way as a user may.
constexpr std::chrono::milliseconds kUserWaits = std::chrono::seconds{1};

/// How many entries of one kind may be under way at once.
struct Bounds {
  std::size_t all = kMostUnderWay;
  std::size_t of_a_user = kMostUnderWay;  // lower, where a user can make their own entries slow
};

class Worker {
 public:
  Worker(store::DueEntries& entries, const Clock& domain_clock, Log& log) : entries_(entries), clock_(domain_clock), log_(log) {}

  /// The worker leaves entries of other kinds alone; another server on the database may serve them.
  void serve(store::OutboxKind kind, Sender& sender, Backoff backoff = {}, Bounds bounds = {});
  /// Looks at the store at the next turn: call it after storing an entry that is due now.
  void wake() {
    own_thread_.check();
    next_look_ = {};
    for (Service& each : services_) each.woken = each.asking;  // the answer may lack what is new
  }
  /// nullopt: no kind is served.
  [[nodiscard]] std::optional<TimePoint> next_deadline() const;
  void on_time(TimePoint now);
  [[nodiscard]] std::size_t under_way() const { return under_way_.size(); }

 private:
  struct Service {
    store::OutboxKind kind{};
    Sender* sender = nullptr;
    Backoff backoff{};
    Bounds bounds{};
    std::size_t under_way = 0;
    std::map<store::UserId, std::size_t> of_user{};  // the same, by user
    bool asking = false;                             // take() has not answered yet
    bool woken = false;                              // meanwhile somebody asked to look: it may have missed their entry
    bool late = false;                               // the last take() was answered too late to be sure of its claims
    bool more = false;  // the last take() filled its limit or left out users, so more entries may be due
    [[nodiscard]] bool is_full_for(const store::UserId& user) const {
      const auto known = of_user.find(user);
      return known != of_user.end() && known->second >= bounds.of_a_user;
    }
    [[nodiscard]] std::vector<store::UserId> full_users() const;
    void note_begun(const store::UserId& user) {
      ++under_way;
      ++of_user[user];
    }
    void note_left(const store::UserId& user);
  };
  struct Try {
    std::size_t service = 0;
    store::OutboxEntry entry{};
    std::uint32_t claim = 0;           // `tries` of the newest claim, which put_off() must name
    std::optional<Verdict> verdict{};  // set when the try has ended; the store does not have it yet
    [[nodiscard]] const Verdict& settled() const {
      CHECK(verdict.has_value(), "a try that has not ended");
      return *verdict;
    }
    bool saving = false;
  };

  void look_in(Duration wait) { next_look_ = std::min(next_look_, clock_.now() + wait); }
  void look(std::size_t service);
  void take_up(std::size_t service, TimePoint asked, const std::vector<store::OutboxEntry>& taken);
  void give_back(const store::OutboxEntry& entry, std::chrono::milliseconds wait);
  void begin(std::size_t service, const store::OutboxEntry& entry);
  /// The try that a sender or the store has answered. It is still there: only saved() erases it.
  [[nodiscard]] Try& try_of(std::uint64_t seq);
  void end(std::uint64_t seq, const Outcome& outcome);
  void save(std::uint64_t seq);
  void saved(std::uint64_t seq, std::uint32_t claim);
  void report(const Try& over) const;

  [[no_unique_address]] OwnThread own_thread_;
  store::DueEntries& entries_;
  const Clock& clock_;
  Log& log_;
  std::vector<Service> services_;
  std::map<std::uint64_t, Try> under_way_;  // key: the entry's number
  TimePoint next_look_{};
};

}  // namespace belfry::outbox

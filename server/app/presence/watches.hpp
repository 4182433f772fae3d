// Watches: the sessions of a shard that watch other users, and what each of them has been told (SPEC K46). A session is told each
// change of somebody whom it watches, with a number of its own that counts without gaps, within PRESENCE_COALESCE_MS and one
// question to the store.
//
// What it costs: about a hundred bytes for each user that a session watches. A change of a user is a task for each shard, and no
// more where nobody watches them. A shard asks the store once for all who changed within PRESENCE_COALESCE_MS; each of them is
// written as JSON once, however many watch them. Who comes back within that time is not told of.
//
// Blocks hide users from each other (K45): a session that watches somebody hidden is told nothing of them. A block is known to
// the server that made it at once; another one notices when it is lifted, at the next change of the user, and its making when the
// session subscribes again.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include "app/presence/seen.hpp"
#include "app/sessions/sessions.hpp"
#include "base/address.hpp"
#include "base/clock.hpp"
#include "base/expected.hpp"
#include "base/on_shards.hpp"
#include "base/own_thread.hpp"
#include "store/account_store.hpp"

namespace belfry::presence {

class Watches;
using sessions::SessionId;

/// The Watches of all shards. Thread-safe once each has entered.
class AllWatches {
 public:
  static constexpr Duration kCoalesce = std::chrono::milliseconds{200};  // W-004-07
  /// `coalesce`: how long a change waits for others.
  explicit AllWatches(ShardIndex shards, Duration coalesce = kCoalesce) : coalesce_(coalesce), shards_(shards) {}
  /// Call it whenever what is seen of the user may have changed; it does not wait.
  void changed(Mailboxes& mailboxes, const UserId& user);
  /// One of them blocks the other now, or no longer.
  void blocks_changed(Mailboxes& mailboxes, const UserId& one, const UserId& other);

 private:
  friend class Watches;
  template <class Task>
  void on_each(Mailboxes& mailboxes, const Task& task);
  Duration coalesce_;
  OnShards<Watches> shards_;
  std::atomic<std::size_t> count_{0};  // of sessions that watch somebody
};

/// A call has changed; null: there was none, or is none here any more. Whoever is busy by it, or no longer, has changed (S7).
void note_slots(AllWatches& watches, Mailboxes& mailboxes, const store::CallRow* before, const store::CallRow* now);

/// Port: the sessions of a shard.
class Watchers {
 public:
  virtual ~Watchers() = default;
  /// `update` is Ports::json of whom it is about. The call may end the session.
  virtual void tell(SessionAddress to, std::uint64_t version, std::string_view update) = 0;
};

/// What a session has been told so far: everybody else whom it watches is offline.
struct Snapshot {
  std::uint64_t version = 0;
  std::vector<UserId> online{};  // not offline
};

class Watches {
 public:
  /// All of them must outlive this object. `clock`: the real one, on virtual time too.
  struct Ports {
    store::AccountStore& accounts;
    sessions::Sessions& sessions;
    const sessions::OnlineUsers& online;
    Mailboxes& mailboxes;
    const Clock& clock;
    Watchers& watchers;
    std::function<std::string(const UserId&, const Seen&)> json;
  };
  Watches(ShardIndex mine, AllWatches& all, Ports ports);

  struct Watcher {
    SessionAddress at{};
    SessionId session{};
    UserId user{};
  };
  using Done = std::function<void(Expected<Snapshot, store::Unavailable>)>;
  /// Replaces what the session watches. `done` is called before anything of the new list is told; those who are away or busy are
  /// told right behind it.
  void watch(const Watcher& watcher, std::vector<UserId> users, Done done);
  void forget(SessionAddress at);
  /// What the client of a session says of its user (S7).
  enum class Attention : std::uint8_t { here, away };
  void set_attention(const UserId& user, SessionAddress at, Attention attention);

  /// What a session takes along to another shard, or another socket.
  struct Subscription {
    std::uint64_t version = 0;
    std::vector<UserId> users{};
  };
  /// Forgets the session. nullopt: it watches nobody.
  [[nodiscard]] std::optional<Subscription> take(SessionAddress at);
  /// Goes on watching, numbers too: `done` as of watch(), but it waits until the store can be reached.
  void go_on(const Watcher& watcher, Subscription subscription, Done done);
  /// Goes on with what an earlier session of the same user watches, on whatever shard that is, unless the new one watches
  /// somebody by then; nothing happens if the earlier one watches nobody. Call it before that session is ended.
  void go_on_from(const SessionId& earlier, const Watcher& watcher, Done done);

  [[nodiscard]] std::optional<TimePoint> next_deadline() const;
  void on_time(TimePoint now);

 private:
  friend class AllWatches;
  struct Watch {
    Watcher who{};
    std::uint64_t version = 0;
    std::vector<UserId> users{};   // sorted
    std::vector<UserId> hidden{};  // sorted
    std::vector<UserId> again{};   // to be checked once it is ready: their blocks changed meanwhile
    std::uint64_t number = 0;      // of all watches of the shard
    bool ready = false;            // the store has answered; nothing is told before
  };
  /// What the store is asked for it; asked again if it could not be reached.
  struct Opening {
    Watcher watcher{};
    std::uint64_t number = 0;
    Done done{};
  };
  struct Known {
    store::Presence stored{};
    Seen told{};
  };
  struct Watched {
    boost::unordered_flat_set<SessionAddress, AddressHash> by{};
    std::optional<Known> known{};  // none: nobody was told yet
  };

  /// The sessions that the store is asked about, each with the number of its watch: one question at a time, since of two the
  /// older answer might come last.
  struct BlockCheck {
    boost::unordered_flat_map<SessionAddress, std::uint64_t, AddressHash> asked{}, waiting{};
  };
  // What could not be read is tried again after this, all of it at once.
  static constexpr Duration kRetry = std::chrono::seconds{1};

  void changed(const UserId& user);
  void blocks_changed(const UserId& one, const UserId& other);
  [[nodiscard]] std::uint64_t install(const Watcher& watcher, Subscription subscription);
  /// A client waits for an answer, whatever becomes of the watch; a session that comes back hears of it when it can.
  enum class For : std::uint8_t { client, returning };
  void open(const Opening& opening, For whom);
  /// The answer to a list that was replaced before it was answered.
  [[nodiscard]] Snapshot outdated(SessionAddress at, const std::vector<store::Presence>& found);
  void show(const Opening& opening, const std::vector<store::Presence>& found);
  void note_presence(const std::vector<UserId>& users, const std::vector<store::Presence>& found, std::vector<UserId>& hidden);
  void settle(const UserId& user, const store::Presence* found);
  void settle_all(const std::vector<UserId>& users, const std::vector<store::Presence>* found);
  using Deadline = std::optional<TimePoint>;
  /// Then, or earlier if it is due already.
  void make_due(Deadline& due, Duration after) const;
  void retry();
  using Users = boost::unordered_flat_set<UserId, UuidHash>;
  void ask_about(Users& changed);
  void tell(SessionAddress at, const UserId& user, const Seen& what);

  // watches_blocks.cpp
  /// Finds out which of these sessions may see the user now.
  void check_blocks(const UserId& user, const std::vector<SessionAddress>& by);
  void ask_blocks(const UserId& user);
  void ask_blocks_later(const UserId& user);
  [[nodiscard]] bool is_still(SessionAddress at, std::uint64_t number);
  void note_check(const UserId& user, SessionAddress at, std::uint64_t number, const std::vector<store::Presence>& seeing);
  void retry_checks();
  void hide(SessionAddress at, const UserId& user);
  void show_again(SessionAddress at, const UserId& user);

  std::optional<Subscription> take_of(const SessionId& session, const UserId& user);
  [[nodiscard]] Watch* find(SessionAddress at);
  [[nodiscard]] Watch* find_ready(SessionAddress at);
  [[nodiscard]] Seen told_of(const UserId& user) const;

  [[no_unique_address]] OwnThread own_thread_;
  ShardIndex mine_;
  AllWatches& all_;
  Ports ports_;
  boost::unordered_flat_map<SessionAddress, std::unique_ptr<Watch>, AddressHash> watches_;
  boost::unordered_flat_map<SessionId, SessionAddress, UuidHash> by_session_;
  boost::unordered_flat_map<UserId, Watched, UuidHash> watched_;
  Users changed_{};                                                   // since the last question
  Users unread_{};                                                    // changed, but the question about them failed
  boost::unordered_flat_map<UserId, BlockCheck, UuidHash> checks_{};  // who may see them
  bool asks_ = false;                  // it is on its way: of two, the older answer might come last
  std::vector<Opening> unanswered_{};  // to be asked again
  Deadline changes_due_{};             // the question about `changed_`
  Deadline retry_due_{};               // all questions that failed
  std::uint64_t installed_ = 0;
};

}  // namespace belfry::presence

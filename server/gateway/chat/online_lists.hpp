// OnlineLists: sends the sessions of a shard who is online (`getonline`, SPEC K15). The whole list goes to everybody, so its cost
// grows with the square of the users: it is written once, who is hidden from a viewer is cut out of the text, a change waits for
// others that come within PRESENCE_COALESCE_MS, a shard that needs long for one list begins the next one later, and who reads
// slowly is sent no list before they have read most of the last one. The last list sent is the true one.
//
// SharedOnline is shared by all shards; each has its OnlineLists, and that of shard 0 says when the next list is due.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "app/sessions/presence.hpp"
#include "base/clock.hpp"
#include "base/guarded.hpp"
#include "base/mailbox.hpp"
#include "base/on_shards.hpp"
#include "base/own_thread.hpp"
#include "gateway/dialects/ports.hpp"

namespace belfry::gateway::chat_clients {

constexpr Duration kPresenceCoalesce = std::chrono::milliseconds{200};

/// Who was online at some moment.
struct OnlineList {
  std::vector<account::UserId> users{};  // sorted
  std::string json{};                    // an array of their ids
  std::uint64_t sum = 0;                 // of the users, in any order: lists of one sum are the same list
};

class OnlineLists;

class SharedOnline {
 public:
  SharedOnline(ShardIndex shards, const sessions::OnlineUsers& online, Duration coalesce)
      : online_(online),
        coalesce_(coalesce),
        shards_(shards) {}
  /// Call it whenever somebody may have come or gone, on any shard; it does not wait.
  void changed(Mailboxes& mailboxes);

 private:
  friend class OnlineLists;
  using ListPtr = std::shared_ptr<const OnlineList>;
  [[nodiscard]] ListPtr take_list();
  /// A list that is not older than the last change that no list is due for.
  [[nodiscard]] ListPtr newest();

  const sessions::OnlineUsers& online_;
  Duration coalesce_;
  OnShards<OnlineLists> shards_;
  std::atomic<bool> is_due_{false};
  std::atomic<std::int64_t> cost_{0};  // of the last list, on the shard that needed longest; nanoseconds
  Guarded<ListPtr> newest_;
};

class OnlineLists {
 public:
  /// What one turn of the shard's loop sends at most, before others get theirs.
  static constexpr std::size_t kBytesAtOnce = 4 * 1024 * 1024;

  /// All must outlive this object. `clock`: the real one, on virtual time too.
  struct Ports {
    SharedOnline& shared;
    Mailboxes& mailboxes;
    SocketOut& out;
    const Clock& clock;
  };
  OnlineLists(ShardIndex mine, const Ports& ports);

  struct Viewer {
    SessionAddress at{};
    account::UserId user{};
    std::vector<account::UserId> hidden{};  // sorted
    bool alone = false;                     // sees nobody else, because we do not know yet whom to hide
  };
  /// Sends the session who is online, now and after each change. Again: it may see others now.
  void show(Viewer viewer);
  void forget(SessionAddress at);

  [[nodiscard]] TimePoint next_deadline() const;
  void on_time(TimePoint now);

 private:
  friend class SharedOnline;
  struct Shown {
    Viewer viewer{};
    std::optional<std::uint64_t> sum{};  // of the list sent last
  };
  void set_due();
  void deliver(SharedOnline::ListPtr list);
  /// How many bytes it has sent.
  std::size_t send(Shown& shown);
  void send_some();

  [[no_unique_address]] OwnThread own_thread_;
  ShardIndex mine_;
  Ports ports_;
  boost::unordered_flat_map<std::uint32_t, Shown> shown_;  // by socket slot
  SharedOnline::ListPtr list_{};                           // being sent, or sent last
  std::vector<std::uint32_t> waiting_{};                   // slots that have not got it yet
  std::vector<std::uint32_t> behind_{};                    // those who still read earlier output
  std::optional<TimePoint> again_{};                       // when to look at them
  Duration cost_{};                                        // of sending it, so far
  std::optional<TimePoint> due_{};                         // shard 0: when the next list is
  TimePoint last_{};                                       // shard 0: when the last list was
  bool had_one_ = false;
};

}  // namespace belfry::gateway::chat_clients

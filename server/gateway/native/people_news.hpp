// PeopleNews: tells the native sessions that ask for it (`users.subscribe`) who is new, and whose name or picture has changed
// (`users.changed`, docs/protocol/chat.md). Everybody hears of everybody, so what it costs must not grow with how many sign up at
// once: shard 0 collects them, and sends at most one list a second of at most kAtOnce people, written once for all sessions.
//
// It is a courtesy to those who are connected: what other servers on the database change is not told, nor what came while a
// session was away for longer than its recovery. A client that must know asks GET /api/users.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/clock.hpp"
#include "base/mailbox.hpp"
#include "base/on_shards.hpp"
#include "base/own_thread.hpp"
#include "domain/account/user.hpp"

namespace belfry::gateway::native {

class PeopleNews;

/// Those of all shards. Thread-safe once each has entered.
class AllPeopleNews {
 public:
  explicit AllPeopleNews(ShardIndex shards) : shards_(shards) {}
  /// After the commit. It does not wait.
  void changed(Mailboxes& mailboxes, const account::User& user);

 private:
  friend class PeopleNews;
  OnShards<PeopleNews> shards_;
};

class PeopleNews {
 public:
  static constexpr Duration kEvery = std::chrono::seconds{1};
  static constexpr std::size_t kAtOnce = 100;
  /// Of a storm that is longer than this, the oldest are not told.
  static constexpr std::size_t kMaxWaiting = 10'000;

  /// All must outlive this object. `clock`: the real one, on virtual time too. `tell`: sends these members to the sessions of
  /// this shard.
  struct Ports {
    Mailboxes& mailboxes;
    const Clock& clock;
    std::function<void(std::string_view members)> tell;
  };
  PeopleNews(ShardIndex mine, AllPeopleNews& all, Ports ports);

  [[nodiscard]] std::optional<TimePoint> next_deadline() const { return due_; }
  void on_time(TimePoint now);

 private:
  friend class AllPeopleNews;
  struct News {
    account::UserId user{};
    std::string json{};
  };
  void add(News news);
  void drop_first();

  [[no_unique_address]] OwnThread own_thread_;
  AllPeopleNews& all_;
  Ports ports_;
  std::deque<News> waiting_{};  // on shard 0, the oldest first, each user once
  std::uint64_t first_ = 0;     // the number of the oldest of them, of all that ever waited
  boost::unordered_flat_map<account::UserId, std::uint64_t, UuidHash> places_{};  // by number
  std::optional<TimePoint> due_{};                                                // the next list
  std::optional<TimePoint> last_{};                                               // the last one
};

}  // namespace belfry::gateway::native

// Publisher: what shards call when a ring or a user's being online has changed. It never waits and never fails: its thread has
// the connection and writes the keys. While Redis is away, and when more changes wait than the queue holds, changes are dropped;
// once Redis is there again, all keys of this server are written anew. Any thread.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>

#include "adapters/redis/key_writer.hpp"
#include "base/log.hpp"
#include "base/work_queue.hpp"

namespace belfry::redis {

struct Settings {
  Uuid server{};
  Duration first_pause = std::chrono::milliseconds{100};  // until the next try to connect; doubled each time
  Duration longest_pause = std::chrono::seconds{5};
  Duration between_beats = kOnlineLife / 3;
  std::size_t queue = 65'536;
};

class Publisher {
 public:
  /// `now`: the real time, as the TTL of a key is. `log` must outlive the Publisher.
  Publisher(Settings settings, Connect connect, OnlineHere online, std::function<TimePoint()> now, Log& log);
  /// Takes this server's users out of Redis, if it is there.
  ~Publisher();
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  void user_changed(UserId user) { note(user); }
  /// R-000-12: the key's TTL is the ring time and a minute.
  void ring_began(const ConversationId& conversation, std::string document, std::chrono::seconds ring_time);
  void ring_ended(const ConversationId& conversation, const std::string& document, std::chrono::seconds ring_time);

 private:
  static constexpr std::chrono::seconds kBeyondRing{60};
  void note(Changed change);
  void work();
  /// Until the Publisher ends, or the connection is lost.
  [[nodiscard]] KeyWriter::Result serve(Connection& connection);
  void note_away(const Fault& fault);
  void note_there();

  Settings settings_;
  Connect connect_;
  std::function<TimePoint()> now_;
  Log& log_;
  Rings rings_;
  KeyWriter writer_;
  WorkQueue<Changed> queue_;
  WorkQueue<std::monostate> end_{1};  // closed with the queue; what a pause waits for
  std::atomic<bool> dropped_{false};
  // of the thread
  Duration pause_{};
  bool away_ = false;
  std::thread thread_;
};

}  // namespace belfry::redis

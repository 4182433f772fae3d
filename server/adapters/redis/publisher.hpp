// Publisher: what shards call when a ring or a user's being online has changed. It never waits and never fails: its thread has
// the connection and writes the keys. While Redis is away, and when more changes wait than the queue holds, changes are dropped;
// once Redis is there again, all keys of this server are written anew. Any thread, but for the end.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "adapters/redis/key_writer.hpp"
#include "base/log.hpp"

namespace belfry::redis {

struct Settings {
  Uuid server{};
  /// Until the next try to connect; doubled each time. A Redis that is restarted is away for a second or less.
  Duration first_pause = std::chrono::milliseconds{100};
  /// Keys are wrong for no longer than this after Redis is back, and one try in five seconds costs nothing.
  Duration longest_pause = std::chrono::seconds{5};
  Duration between_beats = kOnlineLife / 3;
  /// Takes a mebibyte. More come at once only when tens of thousands of users reconnect; then to write all anew costs no more
  /// than to write their changes.
  std::size_t queue = 65'536;
};

class Publisher {
 public:
  /// `now`: the real time, as the TTL of a key is. `log` and what `online` asks must outlive the Publisher. `connect` and `now`
  /// may be called for a moment longer than it lives, if Redis is slow.
  Publisher(Settings settings, Connect connect, OnlineHere online, std::function<TimePoint()> now, Log& log);
  /// Takes this server's users out of Redis if there is a connection, and waits for that no longer than the connection does.
  ~Publisher();
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;
  /// Waits for nothing, now and in the destructor. Redis keeps what it has until that expires, as after a kill.
  void abandon();

  void user_changed(UserId user);
  /// R-000-12: the key's TTL is the ring time and a minute.
  void ring_began(const ConversationId& conversation, std::string document, std::chrono::seconds ring_time);
  void ring_ended(const ConversationId& conversation, const std::string& document, std::chrono::seconds ring_time);

 private:
  class Worker;
  std::shared_ptr<Worker> worker_;  // the thread's too: it may wait for Redis for longer than the Publisher lives
  std::thread thread_;
};

}  // namespace belfry::redis

// Requests with an Idempotency-Key, on all shards (SPEC 2.1): those still running, and the newest answers. The store keeps
// answers for a day, but writes them only after the client has received them; a retry in between finds the answer here.
// Thread-safe.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/guarded.hpp"
#include "base/time.hpp"
#include "domain/account/user.hpp"

namespace belfry::gateway {

class KeysInUse {
 public:
  using Key = std::pair<account::UserId, std::string>;
  struct Answered {
    int status = 0;
    std::string body{};
    WallTime at{};  // of the request
  };
  enum class Entry : std::uint8_t { fresh, under_way, answered, of_another };

  /// `fresh`: entered; call leave() once. `answered`: the answer is in `before`. `of_another`: a request with another fingerprint
  /// has the key. An answer that is a day old is forgotten, as in the store.
  [[nodiscard]] Entry enter(const Key& key, const std::string& fingerprint, WallTime now, Answered& before);
  /// Ends it without an answer: the next try is fresh again.
  void leave(const Key& key);
  void leave(const Key& key, Answered answer);
  void forget_all();

 private:
  // A working store writes within milliseconds; this many answers are seconds of a busy server.
  static constexpr std::size_t kRemembered = 4096;
  static constexpr Duration kKept = std::chrono::hours{24};  // SPEC 2.1
  struct Request {
    std::string fingerprint{};
    std::optional<Answered> answer{};  // nullopt: still running
  };
  struct Keys {
    std::map<Key, Request> all;
    std::deque<Key> answered;  // oldest first
  };
  Guarded<Keys> keys_;
};

}  // namespace belfry::gateway

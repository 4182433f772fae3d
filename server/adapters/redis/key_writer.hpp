// KeyWriter: brings the keys of Redis into line with what holds in this server. It is told what has changed, not how, and looks
// up what holds now: so changes may be lost, repeated or out of order as long as each is followed by a look. Of one thread.
#pragma once

#include <functional>
#include <span>
#include <variant>
#include <vector>

#include "adapters/redis/connection.hpp"
#include "adapters/redis/rings.hpp"
#include "adapters/redis/scripts.hpp"

namespace belfry::redis {

/// Who is online at this server (K16). Any thread.
struct OnlineHere {
  std::function<bool(UserId)> is_online;
  std::function<std::vector<UserId>()> all;
};

/// A user came or went, or a ring began or ended in a conversation.
using Changed = std::variant<UserId, ConversationId>;

class KeyWriter {
 public:
  using Result = Expected<void, Fault>;
  /// Changes that one write() takes, and users that one script gets. Lua's unpack() refuses some 8000 (LUAI_MAXCSTACK), and a
  /// script that fails is a fault each time: Redis would be away for ever.
  static constexpr std::size_t kMost = 1000;

  KeyWriter(const Uuid& server, OnlineHere online, Rings& rings) : server_(server), online_(std::move(online)), rings_(rings) {}
  /// All of this server: after connecting, for Redis may have lost what it had, and has what no longer holds.
  [[nodiscard]] Result write_all(Connection& connection, TimePoint now);
  [[nodiscard]] Result write(Connection& connection, std::span<const Changed> changes, TimePoint now);
  /// Shows that this server lives. Writes all if Redis has lost it.
  [[nodiscard]] Result beat(Connection& connection, TimePoint now);
  /// This server stops: it has no users any more. What rings goes on after a restart, or the key expires.
  [[nodiscard]] Result leave(Connection& connection);

 private:
  struct Written {
    ConversationId conversation{};
    Ring ring{};
  };
  /// Sends the commands and notes the rings that they have written.
  [[nodiscard]] Result send(Connection& connection, const std::vector<Command>& commands, std::span<const Written> rings = {});

  Uuid server_;
  OnlineHere online_;
  Rings& rings_;
};

}  // namespace belfry::redis

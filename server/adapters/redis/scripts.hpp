// Scripts: the keys that this server writes, and the commands that change them. Programs of the operator read
// `call:pending:{conversationId}` (SPEC R-000-10) and `chat:online_users` (R-000-40). That set is the union of one set for each
// server, `belfry:online:{server}`; `belfry:servers` names those that have users. A server renews all three with each beat, so
// the users of one that was killed leave the union when its set has expired and another one beats, or with the union itself.
//
// What takes several steps is a Lua script, which Redis runs as one. Its keys do not hash to one slot: not for Redis Cluster.
#pragma once

#include <span>
#include <string>

#include "adapters/redis/connection.hpp"
#include "base/time.hpp"
#include "base/uuid.hpp"
#include "domain/account/user.hpp"
#include "domain/conversation/conversation_id.hpp"

namespace belfry::redis {

using account::UserId;
using conversation::ConversationId;

/// Three beats (publisher.hpp): one that is late does not take a living server for dead.
constexpr std::chrono::seconds kOnlineLife{15};

/// The key is gone after `life`, at least a second.
[[nodiscard]] Command set_pending(const ConversationId& conversation, const std::string& document, Duration life);
/// Deletes the key if its value is one of these: that of a newer call, also of another server, stays.
[[nodiscard]] Command drop_pending(const ConversationId& conversation, const std::vector<std::string>& documents);

/// For at most a thousand users: Lua's stack limits how many one script gets.
[[nodiscard]] Command add_online(const Uuid& server, std::span<const UserId> users);
/// Those who are online at another server stay in the union.
[[nodiscard]] Command remove_online(const Uuid& server, std::span<const UserId> users);
/// Renews the keys, and leaves out servers whose set has expired. Replies 0 if our own set is not there.
[[nodiscard]] Command beat(const Uuid& server);

// The set of this server is written anew beside the old one, which the last command replaces, so that no reader misses anybody.
[[nodiscard]] Command begin_anew(const Uuid& server);
[[nodiscard]] Command add_anew(const Uuid& server, std::span<const UserId> users);
/// Behind each add_anew(), so that nothing is left over if this server dies in between.
[[nodiscard]] Command limit_anew(const Uuid& server);
/// Without users added before, the server has none any more.
[[nodiscard]] Command end_anew(const Uuid& server);

}  // namespace belfry::redis

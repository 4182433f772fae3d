// Ids of Engine.IO sessions and Socket.IO sockets (sid, pid) as clients see them: 18 characters of base64 (RFC 4648 5) that hold
// shard, slot and 64 random bits. The place saves a lookup table (40 bytes a session) and shows any shard where the session lives
// that a request names; the random bits are the credential, compared whole. Why it is safe to show the place:
// docs/decisions/0004-session-ids-tell-their-place.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/mailbox.hpp"

namespace belfry::protocol {

struct SessionKey {
  ShardIndex shard = 0;
  std::uint32_t slot = 0;
  std::uint64_t secret = 0;
  friend bool operator==(const SessionKey&, const SessionKey&) = default;
};

constexpr std::size_t kSessionIdLength = 18;

[[nodiscard]] std::string to_text(const SessionKey& key);
/// nullopt for anything to_text() does not make.
[[nodiscard]] std::optional<SessionKey> parse_session_id(std::string_view text);

}  // namespace belfry::protocol

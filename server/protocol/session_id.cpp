#include "protocol/session_id.hpp"

#include <array>

#include "base/shard_limit.hpp"
#include "wire/base64/base64.hpp"

namespace belfry::protocol {
namespace {

constexpr std::size_t kKeyBytes = 13;  // 1 shard + 4 slot + 8 secret
static_assert(kMaxShards <= 256, "one byte of an id names the shard");

}  // namespace

std::string to_text(const SessionKey& key) {
  std::array<char, kKeyBytes> bytes{};
  bytes[0] = static_cast<char>(key.shard);
  for (std::size_t i = 0; i < 4; ++i) bytes[1 + i] = static_cast<char>(key.slot >> (24 - 8 * i));
  for (std::size_t i = 0; i < 8; ++i) bytes[5 + i] = static_cast<char>(key.secret >> (56 - 8 * i));
  return base64::encode({bytes.data(), bytes.size()}, base64::Form::url);
}

std::optional<SessionKey> parse_session_id(std::string_view text) {
  if (text.size() != kSessionIdLength) return std::nullopt;
  const auto bytes = base64::decode(text, base64::Form::url);
  if (!bytes) return std::nullopt;
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>((*bytes)[i]); };
  SessionKey key;
  key.shard = byte(0);
  for (std::size_t i = 0; i < 4; ++i) key.slot = key.slot << 8 | byte(1 + i);
  for (std::size_t i = 0; i < 8; ++i) key.secret = key.secret << 8 | byte(5 + i);
  return key;
}

}  // namespace belfry::protocol

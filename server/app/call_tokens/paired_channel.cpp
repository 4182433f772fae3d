#include "app/call_tokens/paired_channel.hpp"

#include "base/uuid.hpp"

namespace belfry::call_tokens {
namespace {

constexpr std::string_view kPrefix = "call_";
constexpr std::size_t kIdLength = 36;
constexpr std::size_t kUidBytes = 5;

}  // namespace

std::optional<PairedChannel> parse_paired_channel(std::string_view name) {
  if (!name.starts_with(kPrefix)) return std::nullopt;
  name.remove_prefix(kPrefix.size());
  if (name.size() < 2 * kIdLength + 2 || name[kIdLength] != '_' || name[2 * kIdLength + 1] != '_') return std::nullopt;
  const auto one = parse_uuid(name.substr(0, kIdLength));
  const auto other = parse_uuid(name.substr(kIdLength + 1, kIdLength));
  if (!one || !other) return std::nullopt;
  return PairedChannel{account::UserId(*one), account::UserId(*other)};
}

std::uint64_t seed_002_uid(const account::UserId& user) {
  std::uint64_t uid = 0;
  for (std::size_t i = 0; i < kUidBytes; ++i) uid = uid << 8U | user.value()[i];
  return uid;
}

bool may_join(const PairedChannel& channel, const account::UserId& user, std::uint64_t uid) {
  if (user != channel.one && user != channel.other) return false;
  const account::UserId& peer = user == channel.one ? channel.other : channel.one;
  // Ids that are made within the same 256 ms share their first five bytes.
  return uid == seed_002_uid(user) || uid != seed_002_uid(peer);
}

}  // namespace belfry::call_tokens

// A name is that of a channel of two users only if it contains both their ids, and only these two may join it.
#include "app/call_tokens/paired_channel.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace belfry;

namespace {

void expect(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view name(reinterpret_cast<const char*>(data), size);
  const auto channel = call_tokens::parse_paired_channel(name);
  if (!channel) return 0;
  constexpr std::size_t kPrefix = 5, kId = 36;
  expect(name.starts_with("call_") && name.size() >= kPrefix + 2 * (kId + 1));
  expect(parse_uuid(name.substr(kPrefix, kId)) == channel->one.value());
  expect(parse_uuid(name.substr(kPrefix + kId + 1, kId)) == channel->other.value());
  for (const auto& user : {channel->one, channel->other}) expect(may_join(*channel, user, call_tokens::seed_002_uid(user)));
  Uuid stranger = channel->one.value();
  stranger.back() ^= 1U;
  const account::UserId third(stranger);
  expect(third == channel->other || !may_join(*channel, third, call_tokens::seed_002_uid(third)));
  return 0;
}

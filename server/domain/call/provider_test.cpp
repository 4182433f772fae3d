#include "domain/call/provider.hpp"

#include <gtest/gtest.h>

namespace belfry::call {
namespace {

using enum Provider;

// J-8.1
TEST(ProviderOfAStart, IsThatOfTheCallersNewestTokenElseOfTheServer) {
  struct Case {
    Dialect caller;
    std::optional<Provider> newest_token;
    Provider standard;
    Provider expected;
  };
  const Case cases[] = {
      {Dialect::native, std::nullopt, native, native},   {Dialect::native, std::nullopt, agora, agora},
      {Dialect::native, livekit, agora, livekit},        {Dialect::native, native, agora, native},
      {Dialect::rest, std::nullopt, livekit, livekit},   {Dialect::rest, agora, native, agora},
      {Dialect::token, std::nullopt, agora, agora},      {Dialect::token, agora, native, agora},
      {Dialect::signaling, std::nullopt, agora, native}, {Dialect::signaling, agora, agora, native},
      {Dialect::chat, std::nullopt, livekit, native},
  };
  for (const auto& [caller, newest_token, standard, expected] : cases)
    EXPECT_EQ(provider_of_start(caller, newest_token, standard), expected)
        << to_text(caller) << ", token of " << (newest_token ? to_text(*newest_token) : "none") << ", server "
        << to_text(standard);
}

// J-2.11
TEST(MediaMode, FollowsFromTheProvider) {
  EXPECT_EQ(to_text(media_mode_of(native)), "p2p");
  EXPECT_EQ(to_text(media_mode_of(agora)), "external");
  EXPECT_EQ(to_text(media_mode_of(livekit)), "external");
}

TEST(Provider, IsReadAsItIsWritten) {
  for (const Provider each : {native, agora, livekit}) EXPECT_EQ(parse_provider(to_text(each)), each);
  EXPECT_EQ(parse_provider("twilio"), std::nullopt);
  EXPECT_EQ(parse_provider(""), std::nullopt);
}

}  // namespace
}  // namespace belfry::call

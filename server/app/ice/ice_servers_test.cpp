#include "app/ice/ice_servers.hpp"

#include <gtest/gtest.h>

#include "wire/turn/rest_credential.hpp"

namespace belfry::ice {
namespace {

using namespace std::chrono_literals;

class StillClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return {}; }
  [[nodiscard]] WallTime wall() const override { return {1'795'262'400'000}; }
};
class Elsewhere final : public RelaySource {
 public:
  void relays(std::function<void(const Relays&)> done) override { asked.push_back(std::move(done)); }
  std::vector<std::function<void(const Relays&)>> asked;
};

const account::UserId kAnn{*parse_uuid("018f3c1e-7b2a-7cde-9abc-0123456789ab")};

class Ice : public testing::Test {
 protected:
  std::vector<IceServer> list(RelaySource* more = nullptr) {
    std::vector<IceServer> got;
    IceServers(settings_, clock_, more).list(kAnn, [&](const IceServers::List& list) { got = list.servers; });
    return got;
  }
  StillClock clock_;
  IceSettings settings_;
};

// J-4.1
TEST_F(Ice, WithoutSettingsTheListIsEmpty) { EXPECT_TRUE(list().empty()); }

// J-4.1
TEST_F(Ice, StunNeedsNoCredentialAndTurnGetsOneThatSaysUntilWhen) {
  settings_ = {.stun_urls = {"stun:a"}, .turn_urls = {"turn:b", "turns:c"}, .turn_secret = "north", .credential_life = 600s};
  const auto credential = turn::rest_credential("north", "018f3c1e-7b2a-7cde-9abc-0123456789ab", {1'795'263'000'000});
  EXPECT_EQ(list(), (std::vector<IceServer>{{"stun:a", "", ""},
                                            {"turn:b", credential.username, credential.password},
                                            {"turns:c", credential.username, credential.password}}));
}

// J-4.2
TEST_F(Ice, RelaysOfAnotherSourceFollowOurOwn) {
  settings_.stun_urls = {"stun:a"};
  Elsewhere elsewhere;
  const IceServers servers(settings_, clock_, &elsewhere);
  std::vector<IceServer> got;
  servers.list(kAnn, [&](const IceServers::List& list) { got = list.servers; });
  EXPECT_TRUE(got.empty()) << "not before the source answers";
  elsewhere.asked.at(0)({.servers = {{"turn:d", "name", "word"}}, .expires = TimePoint{600s}});
  EXPECT_EQ(got, (std::vector<IceServer>{{"stun:a", "", ""}, {"turn:d", "name", "word"}}));
}

// J-4.1, J-4.2
TEST_F(Ice, ListIsGoodUntilItsFirstCredentialEnds) {
  Elsewhere elsewhere;
  std::vector<IceServers::List> got;
  const IceServers ice(settings_, clock_, &elsewhere);
  for (int i = 0; i < 3; ++i) ice.list(kAnn, [&](const IceServers::List& list) { got.push_back(list); });
  elsewhere.asked.at(0)({.servers = {{"turn:d", "name", "word"}}, .expires = TimePoint{301s}});
  elsewhere.asked.at(1)({.servers = {{"turn:d", "name", "word"}}, .expires = TimePoint{900s}});
  elsewhere.asked.at(2)({});
  ASSERT_EQ(got.size(), 3U);
  EXPECT_EQ(got[0].life, 301s) << "a kept list";
  EXPECT_EQ(got[0].expires, WallTime{1'795'262'701'000});
  for (const auto& whole : {got[1], got[2]}) {
    EXPECT_EQ(whole.life, 600s);
    EXPECT_EQ(whole.expires, WallTime{1'795'263'000'000});
  }
}

}  // namespace
}  // namespace belfry::ice

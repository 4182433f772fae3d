// SPEC J-4.2. What curl does is tested with a server in tests/e2e/ice_servers.test.mjs.
#include "adapters/twilio/twilio_relays.hpp"

#include <gtest/gtest.h>

#include "base/inline_mailboxes.hpp"
#include "base/silent_log_for_tests.hpp"

namespace belfry::twilio {
namespace {

using namespace std::chrono_literals;
using Servers = TwilioRelays::Servers;

constexpr TimePoint kStart{1h};

class Twilio : public testing::Test {
 protected:
  TwilioRelays::Relays relays(TimePoint now) {
    std::optional<TwilioRelays::Relays> got;
    relays_.relays(0, now, [&](const TwilioRelays::Relays& relays) { got = relays; });
    while (!got) mailboxes_.run_next();
    return *got;
  }
  Servers ask(TimePoint now) { return relays(now).servers; }
  void answer(std::optional<std::string> text) {
    answer_.with([&](auto& current) { current = std::move(text); });
  }
  [[nodiscard]] int asked() const { return asked_; }

  InlineMailboxes mailboxes_;
  SilentLog log_;
  std::atomic<int> asked_{0};
  Guarded<std::optional<std::string>> answer_{
      R"({"ttl":"600","ice_servers":[{"urls":"turn:x","username":"u","credential":"c"}]})"};
  TwilioRelays relays_{{}, mailboxes_, log_, [this](const Settings&, const auto&) -> Expected<std::string, PostFault> {
                         ++asked_;
                         const auto text = answer_.with([](const auto& current) { return current; });
                         if (!text) return unexpected(PostFault{"silent"});
                         return *text;
                       }};
};

TEST_F(Twilio, ListIsKeptUntilHalfOfItsLifeIsOver) {
  const Servers first = ask(kStart);
  EXPECT_EQ(first, (Servers{{"turn:x", "u", "c"}}));
  EXPECT_EQ(ask(kStart + 299s), first);
  EXPECT_EQ(asked(), 1);
  answer(R"({"ttl":"600","ice_servers":[]})");
  EXPECT_EQ(ask(kStart + 300s), Servers{});
  EXPECT_EQ(asked(), 2);
}

TEST_F(Twilio, KeptListSaysWhenItsCredentialsEnd) {
  EXPECT_EQ(relays(kStart).expires, kStart + 600s);
  EXPECT_EQ(relays(kStart + 299s).expires, kStart + 600s);
  EXPECT_EQ(relays(kStart + 300s).expires, kStart + 900s);
}

TEST_F(Twilio, FailureGivesNoRelaysAndNobodyWaitsAgainForAMoment) {
  answer(std::nullopt);
  EXPECT_EQ(ask(kStart), Servers{});
  EXPECT_EQ(ask(kStart + 6s), Servers{});
  EXPECT_EQ(asked(), 1);
  answer(R"({"ttl":"600","ice_servers":[{"urls":"stun:y"}]})");
  EXPECT_EQ(ask(kStart + 7s), (Servers{{"stun:y", "", ""}}));
}

TEST_F(Twilio, AnswerOfAnotherFormGivesNoRelays) {
  answer("<html>");
  EXPECT_EQ(ask(kStart), Servers{});
}

TEST_F(Twilio, AllWhoAskMeanwhileGetTheSameAnswer) {
  int answered = 0;
  for (int i = 0; i < 20; ++i) relays_.relays(0, kStart, [&](const auto& relays) { answered += relays.servers.size() == 1; });
  while (answered < 20) mailboxes_.run_next();
  EXPECT_EQ(asked(), 1);
}

}  // namespace
}  // namespace belfry::twilio

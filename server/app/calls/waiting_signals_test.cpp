#include "app/calls/waiting_signals.hpp"

#include <gtest/gtest.h>

#include "app/calls/phones_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

const UserId kBob = user_numbered(2), kCarol = user_numbered(3);
const std::string kAllBytes(kMaxHeldBytes, 'x');

Signal to(UserId addressee, std::string_view payload, SignalKind kind = SignalKind::candidate) {
  return {kind, payload, 0, addressee};
}

WaitingSignals full_of_one_to(UserId addressee) {
  WaitingSignals signals;
  EXPECT_TRUE(signals.add(to(addressee, kAllBytes)));
  EXPECT_FALSE(signals.add(to(addressee, "x")));
  return signals;
}

TEST(WaitingSignals, AreBoundedInNumber) {
  WaitingSignals signals;
  for (std::size_t i = 0; i < kMaxHeldSignals; ++i) EXPECT_TRUE(signals.add(to(kBob, "")));
  EXPECT_FALSE(signals.add(to(kBob, "")));
  EXPECT_EQ(signals.size(), kMaxHeldSignals);
}

TEST(WaitingSignals, EveryRemovalMakesRoomForAsManyBytes) {
  WaitingSignals signals = full_of_one_to(kBob);
  signals.clear();
  EXPECT_TRUE(signals.add(to(kBob, kAllBytes))) << "after clear()";
  signals.drop_first();
  EXPECT_TRUE(signals.add(to(kBob, kAllBytes))) << "after drop_first()";
  signals.drop_those_not_to(kCarol);
  EXPECT_TRUE(signals.add(to(kBob, kAllBytes))) << "after drop_those_not_to()";
  EXPECT_EQ(signals.take_all().size(), 1U);
  EXPECT_TRUE(signals.add(to(kBob, kAllBytes))) << "after take_all()";
  EXPECT_EQ(signals.take_those_to(kBob).size(), 1U);
  EXPECT_TRUE(signals.add(to(kBob, kAllBytes))) << "after take_those_to()";
}

TEST(WaitingSignals, ThoseThatAreTakenBringTheirBytesAlong) {
  WaitingSignals signals = full_of_one_to(kBob);
  WaitingSignals taken = signals.take_those_to(kBob);
  EXPECT_TRUE(signals.empty());
  EXPECT_FALSE(taken.add(to(kBob, "x")));
}

TEST(WaitingSignals, WithoutAnAddresseeStayWithThePeer) {
  WaitingSignals signals;
  ASSERT_TRUE(signals.add({SignalKind::candidate, "to the peer", 0, {}}));
  signals.drop_those_not_to(kBob);
  EXPECT_EQ(signals.size(), 1U);
}

TEST(WaitingSignals, DescriptionsGoFirstAndTheOthersKeepTheirOrder) {
  WaitingSignals signals;
  ASSERT_TRUE(signals.add(to(kBob, "1")));
  ASSERT_TRUE(signals.add(to(kBob, "2")));
  EXPECT_FALSE(signals.put_descriptions_first());
  ASSERT_TRUE(signals.add(to(kBob, "3", SignalKind::answer)));
  EXPECT_TRUE(signals.put_descriptions_first());
  std::string order;
  for (const auto& each : signals.all()) order += each.payload;
  EXPECT_EQ(order, "312");
}

}  // namespace
}  // namespace belfry::calls::testing

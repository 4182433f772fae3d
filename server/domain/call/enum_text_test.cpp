// The words are wire and store format: a word that changes breaks clients and databases, so each is written here once more.
#include "domain/call/enum_text.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "base/enumerators_for_tests.hpp"
#include "domain/call/end_reason.hpp"

namespace belfry::call {
namespace {

template <class Value, class Parse>
void expect_words(const std::vector<std::string_view>& words, Parse parse) {
  for (std::size_t place = 0; place < words.size(); ++place) {
    EXPECT_EQ(to_text(static_cast<Value>(place)), words[place]);
    EXPECT_EQ(parse(words[place]), static_cast<Value>(place));
  }
  for (const auto* other : {"", "Calling", "calling ", "none"}) EXPECT_FALSE(parse(other).has_value()) << other;
}

TEST(EnumText, StatusesOfSpec23) {
  expect_words<Status>({"calling", "connected", "rejected", "missed", "ended"}, parse_status);
  EXPECT_FALSE(is_final(Status::connected));
  EXPECT_TRUE(is_final(Status::rejected) && is_final(Status::missed) && is_final(Status::ended));
}

TEST(EnumText, Dialects) { expect_words<Dialect>({"native", "token", "rest", "signaling", "chat"}, parse_dialect); }
TEST(EnumText, RingPolicies) { expect_words<RingPolicy>({"immediate", "onCallerReady"}, parse_ring_policy); }
// J-1.5
TEST(EnumText, RingTargets) { expect_words<RingTargets>({"all", "online"}, parse_ring_targets); }
TEST(EnumText, CallType) { expect_words<CallType>({"audio", "video"}, parse_call_type); }

TEST(EnumText, SignalKinds) {
  expect_words<SignalKind>({"offer", "answer", "candidate", "candidates_end", "restart", "call_mute", "call_unmute",
                            "call_video_on", "call_video_off"},
                           parse_signal_kind);
}

TEST(EnumText, ASignalKindIsADescriptionOrAPeerEventOrNeither) {
  using enum SignalKind;
  for (const SignalKind kind : belfry::testing::enumerators<SignalKind>()) {
    EXPECT_EQ(is_description(kind), kind == offer || kind == answer) << to_text(kind);
    EXPECT_EQ(is_peer_event(kind), to_text(kind).starts_with("call_")) << to_text(kind);
  }
}

TEST(EnumText, LegStates) {
  expect_words<LegState>(
      {"invited", "notified", "ringing", "joined", "suspended", "declined", "busy", "missed", "left", "kicked"}, parse_leg_state);
}

TEST(EnumText, EndReasonsOfSpec26) {
  expect_words<EndReason>(
      {"hangup", "declined", "cancelled", "timeout", "unreachable", "caller_disconnected", "connection_lost", "media_failed",
       "max_duration", "superseded", "kicked", "admin", "user_deactivated", "token_revoked", "server_restart", "server_shutdown"},
      parse_end_reason);
}

}  // namespace
}  // namespace belfry::call

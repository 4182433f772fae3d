// SPEC K43: the words of a call's entry.
#include "domain/chat/call_summary.hpp"

#include <gtest/gtest.h>

namespace belfry::chat {
namespace {

using call::CallType;
using call::Status;

std::string line(CallType media, Status status, std::optional<std::int64_t> started = {}, std::int64_t ended = 0) {
  CallSummary call{.media = media, .status = status, .ended = WallTime{ended}};
  if (started) call.started = WallTime{*started};
  return line_of(call);
}

TEST(CallSummary, LineSaysWhatBecameOfTheCall) {
  EXPECT_EQ(line(CallType::video, Status::missed), "Missed video call");
  EXPECT_EQ(line(CallType::audio, Status::rejected), "Declined audio call");
  EXPECT_EQ(line(CallType::video, Status::ended, 1'000, 126'999), "Video call, 2:05");
  EXPECT_EQ(line(CallType::audio, Status::ended, 0, 9'000), "Audio call, 0:09");
  EXPECT_EQ(line(CallType::audio, Status::ended, 0, 3'609'000), "Audio call, 1:00:09");
}

TEST(CallSummary, OnlyACallThatWasConnectedLasted) {
  EXPECT_FALSE(duration_seconds({.status = Status::missed, .ended = WallTime{9'000}}).has_value());
  EXPECT_EQ(duration_seconds({.started = WallTime{1'000}, .ended = WallTime{3'999}}), 2);
  EXPECT_EQ(duration_seconds({.started = WallTime{9'000}, .ended = WallTime{1'000}}), 0) << "the clock was set back";
}

}  // namespace
}  // namespace belfry::chat

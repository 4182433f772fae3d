// W-004-12: the server's time-out and that of the page cross.
#include "gateway/chat/held_timeouts.hpp"

#include "gateway/chat/chat_stage_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class CallTimeouts : public ChatStage {
 protected:
  chat_clients::HeldTimeouts timeouts{out, clock};
  ChatDialect page{settings,
                   {.calls = core,
                    .in = in,
                    .out = out,
                    .accounts = stores.accounts(),
                    .blocks = conversations,
                    .clock = clock,
                    .online = lists,
                    .timeouts = &timeouts,
                    .peers = &peers}};

  void SetUp() override {
    ChatStage::SetUp();
    page.on_hello(context, {});
    take();
  }
  /// Ann has called Ben in vain.
  std::vector<std::string> time_out() {
    page.notify(context, calls::CallMissed{over(call::Status::missed, call::EndReason::timeout)});
    return take();
  }
  void say_to_page(std::string_view event, const std::string& payload) {
    const auto argument = reader.validate(payload).value();
    page.on_event(context, {.name = event, .arguments = std::span(&argument, 1), .ack_id = {}, .attachments = {}});
  }
  std::vector<std::string> wait() {
    clock.passed += chat_clients::HeldTimeouts::kHeld;
    timeouts.on_time(clock.now());
    return take();
  }
};

TEST_F(CallTimeouts, CallerIsToldAMomentLater) {
  EXPECT_THAT(time_out(), IsEmpty());
  EXPECT_EQ(timeouts.next_deadline(), clock.now() + chat_clients::HeldTimeouts::kHeld);
  timeouts.on_time(clock.now());
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_THAT(wait(), ElementsAre(StartsWith("call-timeout ")));
  EXPECT_THAT(wait(), IsEmpty());
  EXPECT_EQ(timeouts.next_deadline(), TimePoint::max());
}

TEST_F(CallTimeouts, CallerWhosePageEndedItMeanwhileIsToldNothing) {
  time_out();
  say_to_page("end-call", to(2));
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_THAT(wait(), IsEmpty());
}

TEST_F(CallTimeouts, WhatComesNextComesBehindIt) {
  time_out();
  say_to_page("call-user", to(2));
  EXPECT_THAT(take(), ElementsAre(StartsWith("call-timeout ")));
  time_out();
  store::StoredCall next = stored();
  next.row.id = calls::CallId(uuid(8));
  set_people(next.row, user(2), user(1));
  std::swap(next.people[0], next.people[1]);
  page.notify(context, calls::IncomingCall{view(next)});
  EXPECT_THAT(take(), ElementsAre(StartsWith("call-timeout "), StartsWith("incoming-call ")));
  time_out();
  page.on_suspended(context);
  EXPECT_THAT(take(), ElementsAre(StartsWith("call-timeout "))) << "kept until it recovers";
  EXPECT_THAT(wait(), IsEmpty());
}

}  // namespace
}  // namespace belfry::gateway::testing

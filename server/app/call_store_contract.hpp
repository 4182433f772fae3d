// The contract of CallStore, one suite for every adapter. An adapter's test gives a World with `app::CallStore& store()`,
// empty at first, and `void settle()`, which returns once all commits have been answered; then:
//   INSTANTIATE_TYPED_TEST_SUITE_P(Memory, CallStoreContract, MemoryWorld);
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "app/ports.hpp"

namespace belfry::app::testing {

template <class World>
class CallStoreContract : public ::testing::Test {
 protected:
  static oldcall::CallId id(std::uint8_t number) {
    std::array<std::uint8_t, 16> bytes{};
    bytes[6] = 0x70;
    bytes[8] = 0x80;
    bytes[15] = number;
    return oldcall::CallId(bytes);
  }
  static Transition start(std::uint8_t number, const std::string& caller, const std::string& callee) {
    Transition made;
    made.row.id = id(number);
    made.row.version = 1;
    made.row.caller = oldcall::UserName(caller);
    made.row.callee = oldcall::UserName(callee);
    made.row.created = {1'700'000'000'000};
    made.row.ring_expires = {1'700'000'030'000};
    made.take = {made.row.caller, made.row.callee};
    std::sort(made.take.begin(), made.take.end());
    made.record = {.what = "start", .by = made.row.caller, .at = made.row.created};
    return made;
  }
  static Transition answer(Transition from) {
    from.expected_version = from.row.version++;
    from.row.status = CallStatus::connected;
    from.row.answered = WallTime{1'700'000'004'000};
    from.take.clear();
    from.record = {.what = "answer", .by = from.row.callee, .at = *from.row.answered};
    return from;
  }
  static Transition end(Transition from) {
    from.expected_version = from.row.version++;
    from.release = {from.row.caller, from.row.callee};
    from.take.clear();
    from.row.status = CallStatus::ended;
    from.row.end_reason = oldcall::EndReason::hangup;
    from.row.ended_by = from.row.caller;
    from.row.ended = WallTime{1'700'000'009'000};
    from.record = {.what = "hang_up", .by = from.row.caller, .at = *from.row.ended};
    return from;
  }
  CommitResult commit(const Transition& transition) {
    std::optional<CommitResult> answer;
    int answers = 0;
    world_.store().commit(transition, [&](const CommitResult& result) { answer = result, ++answers; });
    world_.settle();
    EXPECT_EQ(answers, 1) << "a commit is answered exactly once";
    return answer.value_or(Unavailable{});
  }
  bool commits(const Transition& transition) { return std::holds_alternative<Committed>(commit(transition)); }

  World world_;
};

TYPED_TEST_SUITE_P(CallStoreContract);

TYPED_TEST_P(CallStoreContract, CallIsMadeAnsweredAndEnded) {
  const auto made = this->start(1, "alice", "bob");
  EXPECT_TRUE(this->commits(made));
  EXPECT_TRUE(this->commits(this->answer(made)));
  EXPECT_TRUE(this->commits(this->end(this->answer(made))));
}

// R-003-20, I-1
TYPED_TEST_P(CallStoreContract, TakenSlotIsTheBusyAnswerAndNamesWhoAndTheirCall) {
  EXPECT_TRUE(this->commits(this->start(1, "alice", "bob")));
  for (const auto& [caller, callee, taken] :
       {std::tuple{"carol", "bob", "bob"}, {"bob", "carol", "bob"}, {"alice", "dan", "alice"}}) {
    const auto result = this->commit(this->start(2, caller, callee));
    ASSERT_TRUE(std::holds_alternative<SlotTaken>(result));
    EXPECT_EQ(std::get<SlotTaken>(result).user.value(), taken);
    EXPECT_EQ(std::get<SlotTaken>(result).held_by, this->id(1));
  }
}

TYPED_TEST_P(CallStoreContract, RefusedTransitionTakesNoSlot) {
  EXPECT_TRUE(this->commits(this->start(1, "alice", "bob")));
  EXPECT_FALSE(this->commits(this->start(2, "bob", "carol")));
  EXPECT_TRUE(this->commits(this->start(3, "carol", "dan")));
}

// R-003-34, I-4
TYPED_TEST_P(CallStoreContract, EndFreesBothSlots) {
  const auto made = this->start(1, "alice", "bob");
  EXPECT_TRUE(this->commits(made));
  EXPECT_TRUE(this->commits(this->end(made)));
  EXPECT_TRUE(this->commits(this->start(2, "bob", "alice")));
}

//
TYPED_TEST_P(CallStoreContract, SecondTransitionFromOneVersionIsAConflictAndChangesNothing) {
  const auto made = this->start(1, "alice", "bob");
  EXPECT_TRUE(this->commits(made));
  EXPECT_TRUE(this->commits(this->answer(made)));
  EXPECT_TRUE(std::holds_alternative<VersionConflict>(this->commit(this->end(made))));
  EXPECT_TRUE(std::holds_alternative<SlotTaken>(this->commit(this->start(2, "carol", "bob"))));
  EXPECT_TRUE(this->commits(this->end(this->answer(made))));
}

TYPED_TEST_P(CallStoreContract, TransitionOfACallThatWasNeverMadeIsAConflict) {
  EXPECT_TRUE(std::holds_alternative<VersionConflict>(this->commit(this->answer(this->start(1, "alice", "bob")))));
}

TYPED_TEST_P(CallStoreContract, CreatingTheSameCallTwiceIsAConflict) {
  EXPECT_TRUE(this->commits(this->start(1, "alice", "bob")));
  EXPECT_TRUE(std::holds_alternative<VersionConflict>(this->commit(this->start(1, "alice", "bob"))));
}

REGISTER_TYPED_TEST_SUITE_P(CallStoreContract, CallIsMadeAnsweredAndEnded, TakenSlotIsTheBusyAnswerAndNamesWhoAndTheirCall,
                            RefusedTransitionTakesNoSlot, EndFreesBothSlots,
                            SecondTransitionFromOneVersionIsAConflictAndChangesNothing,
                            TransitionOfACallThatWasNeverMadeIsAConflict, CreatingTheSameCallTwiceIsAConflict);

}  // namespace belfry::app::testing

// The contract of CallStore and MessageStore: calls in their conversations (SPEC K27, K39, K43).

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "store/contract_suite.hpp"
#include "store/conversation_store.hpp"
#include "store/message_store.hpp"

namespace belfry::store::testing {
namespace {

class CallEntryContract : public FourUsersContract {
 protected:
  using Opened = Expected<OpenedConversation, ConversationFault>;
  Opened open(const conversation::NewConversation& request) {
    return answer_of<Opened>([&](auto done) { world_.conversations().open(request, std::nullopt, done); });
  }
  Opened meet(std::uint32_t number, UserId one, UserId other) {
    return open(
        {.id = conversation_id(number), .kind = conversation::Kind::direct, .creator = one, .others = {other}, .at = at(0)});
  }
  /// `number` also is that of the conversation which it may make.
  static Transition started(std::uint32_t number, UserId caller, UserId callee, WallTime when = at(0)) {
    Transition made = a_call(number, caller, callee, when);
    made.pair = conversation_id(number);
    return made;
  }
  std::optional<ConversationId> place_of(const Transition& start) {
    const auto result = commit(start);
    const auto* const made = std::get_if<Committed>(&result);
    EXPECT_NE(made, nullptr);
    return made != nullptr ? made->conversation : std::nullopt;
  }
  /// The step that ends it, with its entry.
  static Transition with_entry(Transition last, const ConversationId& place) {
    last.row.conversation = place;
    last.entry = chat::call_entry(chat::MessageId(uuid(8, last.row.id.value()[15])), place, last.row.caller, summary_of(last.row),
                                  last.row.updated);
    return last;
  }
  std::optional<WrittenEntry> entry_of(const Transition& last) {
    const auto result = commit(last);
    const auto* const made = std::get_if<Committed>(&result);
    EXPECT_NE(made, nullptr);
    return made != nullptr ? made->entry : std::nullopt;
  }
  std::vector<chat::Message> messages(const ConversationId& place, UserId reader) {
    const auto page =
        answer_of<Expected<MessagePage, MessageFault>>([&](auto done) { world_.messages().page({place, reader, {}, 50}, done); });
    return page ? page->messages : std::vector<chat::Message>{};
  }
  std::uint64_t unread(UserId user) {
    const auto all =
        answer_of<Expected<std::vector<UserUnread>, MessageFault>>([&](auto done) { world_.messages().unread({user}, done); });
    std::uint64_t total = 0;
    for (const auto& each : all.value().front().counts) total += each.count;
    return total;
  }
  std::vector<StoredConversation> list(UserId user) {
    return found<ConversationPage>([&](auto done) { world_.conversations().list({.user = user}, done); }).conversations;
  }
};

INSTANTIATE_TEST_SUITE_P(Stores, CallEntryContract, ::testing::ValuesIn(stores_under_test()), name_of);

// K27
TEST_P(CallEntryContract, FirstCallOfAPairMakesTheirDirectConversation) {
  const auto start = started(1, bob, alice);
  EXPECT_EQ(place_of(start), conversation_id(1));
  EXPECT_EQ(load(start.row.id)->row.conversation, conversation_id(1));
  const auto again = meet(9, alice, bob);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->how, Opening::found);
  const auto& made = again->stored.conversation;
  EXPECT_EQ(made.id, conversation_id(1));
  EXPECT_EQ(made, conversation::begin({.id = conversation_id(1),
                                       .kind = conversation::Kind::direct,
                                       .creator = bob,
                                       .others = {alice},
                                       .at = start.row.created}));
  EXPECT_EQ(again->stored.active_call, start.row.id) << "K29";
}

// K27
TEST_P(CallEntryContract, LaterCallsOfAPairStandInTheirConversation) {
  ASSERT_TRUE(meet(7, alice, bob).has_value());
  auto start = started(1, alice, bob);
  EXPECT_EQ(place_of(start), conversation_id(7));
  ASSERT_TRUE(commits(missed(start)));
  EXPECT_EQ(load(start.row.id)->row.conversation, conversation_id(7)) << "a later step does not take it away";
  EXPECT_EQ(place_of(started(2, bob, alice)), conversation_id(7)) << "from either side";
  EXPECT_EQ(list(alice).size(), 1U);
  EXPECT_EQ(list(alice).front().active_call, call_id(2));
}

// K27, X-06: the second start meets the first call where a first call of other people would stand.
TEST_P(CallEntryContract, TwoWhoCallEachOtherMeetInTheirConversation) {
  ASSERT_TRUE(meet(7, alice, bob).has_value());
  const auto first = started(1, alice, bob);
  EXPECT_EQ(place_of(first), conversation_id(7));
  const auto crossing = commit(started(2, bob, alice));
  ASSERT_TRUE(std::holds_alternative<SlotTaken>(crossing));
  EXPECT_EQ(std::get<SlotTaken>(crossing).user, bob);
  EXPECT_EQ(std::get<SlotTaken>(crossing).held_by, first.row.id);
  EXPECT_EQ(load(call_id(2)), std::nullopt);
}

// K27: made in the call's own transaction.
TEST_P(CallEntryContract, RefusedStartMakesNoConversation) {
  ASSERT_TRUE(commits(a_call(1, alice, carol)));
  EXPECT_TRUE(std::holds_alternative<SlotTaken>(commit(started(2, bob, alice))));
  EXPECT_TRUE(std::holds_alternative<UserUnknown>(commit(started(3, bob, user_id(77)))));
  EXPECT_TRUE(list(bob).empty());
  EXPECT_TRUE(list(carol).empty()) << "without an id for it none is made";
}

// a retry gets the answer with the conversation in which the call stands.
TEST_P(CallEntryContract, KeptAnswerNamesTheConversation) {
  const auto kept_of = [&](Transition start) {
    start.claim = IdempotencyClaim{.owner = start.row.caller, .key = "k", .fingerprint = "f"};
    start.claim->answer = {.status = 201, .body = "in " + belfry::to_text(start.pair->value()) + "."};
    EXPECT_TRUE(commits(start));
    const auto kept =
        found<std::optional<KeptAnswer>>([&](auto done) { world_.accounts().find_answer(start.row.caller, "k", done); });
    return kept ? kept->body : std::string();
  };
  ASSERT_TRUE(meet(7, alice, bob).has_value());
  EXPECT_EQ(kept_of(started(1, alice, bob)), "in " + belfry::to_text(conversation_id(7).value()) + ".");
  EXPECT_EQ(kept_of(started(2, carol, dan)), "in " + belfry::to_text(conversation_id(2).value()) + ".");
}

// K43
TEST_P(CallEntryContract, EndedCallHasAnEntryWithTheNextNumber) {
  const auto start = started(1, alice, bob);
  const auto place = place_of(start).value();
  const auto up = answered(start);
  ASSERT_TRUE(commits(up));
  const auto last = with_entry(ended(up), place);
  const auto written = entry_of(last);
  ASSERT_TRUE(written.has_value());
  EXPECT_EQ(written->message.seq, 1U);
  EXPECT_EQ(written->members.size(), 2U);
  const auto read = messages(place, bob);
  ASSERT_EQ(read.size(), 1U);
  EXPECT_EQ(read.front(), written->message);
  EXPECT_EQ(read.front().kind, chat::Kind::call);
  EXPECT_EQ(read.front().sender, alice);
  EXPECT_EQ(read.front().text, "Audio call, 1:00");
  EXPECT_EQ(read.front().call, summary_of(last.row));
  EXPECT_EQ(list(bob).front().newest, written->message);
  EXPECT_EQ(list(bob).front().conversation.last_seq, 1U);
  EXPECT_FALSE(list(bob).front().active_call.has_value());
  EXPECT_EQ(unread(bob), 0U) << "only a missed call counts";
}

// K39
TEST_P(CallEntryContract, MissedCallIsUnreadForItsCallee) {
  const auto start = started(1, alice, bob);
  const auto place = place_of(start).value();
  ASSERT_TRUE(entry_of(with_entry(missed(start), place)).has_value());
  EXPECT_EQ(unread(bob), 1U);
  EXPECT_EQ(unread(alice), 0U);
  EXPECT_EQ(list(bob).front().unread, 1U);
  const auto moved = answer_of<Expected<MovedReceipt, MessageFault>>(
      [&](auto done) { world_.messages().move_receipt({place, bob, chat::Receipt::read, 1}, done); });
  EXPECT_EQ(moved.value().unread, 0U);
}

// K43: neither is there without the other.
TEST_P(CallEntryContract, StepThatIsRefusedWritesNoEntry) {
  const auto start = started(1, alice, bob);
  const auto place = place_of(start).value();
  ASSERT_TRUE(commits(answered(start)));
  EXPECT_TRUE(std::holds_alternative<VersionConflict>(commit(with_entry(missed(start), place))));
  EXPECT_TRUE(messages(place, alice).empty());
}

// K43: the call of a group too.
TEST_P(CallEntryContract, GroupCallHasOneEntryForAllMembers) {
  ASSERT_TRUE(open({.id = conversation_id(5), .creator = alice, .others = {bob, carol}, .at = at(0)}).has_value());
  Transition start = a_group_call(1, alice, {bob});
  start.row.conversation = conversation_id(5);
  ASSERT_TRUE(commits(start));
  const auto written = entry_of(with_entry(missed(start), conversation_id(5)));
  ASSERT_TRUE(written.has_value());
  EXPECT_EQ(written->members.size(), 3U);
  EXPECT_EQ(messages(conversation_id(5), carol).size(), 1U);
}

TEST_P(CallEntryContract, CallOfADeletedConversationEndsWithoutAnEntry) {
  ASSERT_TRUE(open({.id = conversation_id(5), .creator = alice, .others = {bob}, .at = at(0)}).has_value());
  Transition start = a_group_call(1, alice, {bob});
  start.row.conversation = conversation_id(5);
  ASSERT_TRUE(commits(start));
  using Changed = Expected<ChangedConversation, ConversationFault>;
  ASSERT_TRUE(answer_of<Changed>([&](auto done) {
                world_.conversations().change(
                    {.conversation = conversation_id(5), .actor = alice, .what = conversation::Delete{}}, done);
              }).has_value());
  EXPECT_FALSE(entry_of(with_entry(missed(start), conversation_id(5))).has_value());
  EXPECT_EQ(load(start.row.id)->row.status, call::Status::missed);
}

// The connection was lost: what was committed is found again.
TEST_P(CallEntryContract, FateOfAStepTellsOfItsConversationAndEntry) {
  const auto start = started(1, alice, bob);
  const auto place = place_of(start).value();
  const auto fate_of = [&](const Transition& step) {
    return found<std::optional<Committed>>([&](auto done) {
      world_.calls().fate({.call = step.row.id, .version = step.row.version, .hash = step.record.hash}, done);
    });
  };
  EXPECT_EQ(fate_of(start).value().conversation, place);
  const auto last = with_entry(missed(start), place);
  const auto written = entry_of(last);
  ASSERT_TRUE(written.has_value());
  const auto fate = fate_of(last);
  ASSERT_TRUE(fate.has_value());
  if (fate->entry) {
    EXPECT_EQ(fate->entry->message, written->message);  // memory is never in doubt
  }
  EXPECT_FALSE(fate_of(start)->entry.has_value()) << "another server may have ended it, and tells of the entry itself";
}

// Many calls at once, which PostgreSQL commits as one batch.
TEST_P(CallEntryContract, CallsOfManyPairsAtOnceEachGetTheirs) {
  std::vector<UserId> users;
  for (std::uint32_t number = 10; number < 30; ++number) users.push_back(made(number, "user" + std::to_string(number)));
  std::vector<Transition> starts;
  std::vector<std::optional<ConversationId>> places(users.size() / 2);
  ASSERT_TRUE(meet(99, users[0], users[1]).has_value());
  for (std::size_t i = 0; i < places.size(); ++i)
    starts.push_back(started(static_cast<std::uint32_t>(i + 1), users[2 * i], users[2 * i + 1]));
  for (std::size_t i = 0; i < places.size(); ++i)
    world_.calls().commit(starts[i], [&places, i](const CommitResult& result) {
      if (const auto* made = std::get_if<Committed>(&result)) places[i] = made->conversation;
    });
  world_.settle();
  EXPECT_EQ(places[0], conversation_id(99));
  for (std::size_t i = 1; i < places.size(); ++i) EXPECT_EQ(places[i], conversation_id(static_cast<std::uint32_t>(i + 1)));
  std::size_t written = 0;
  for (std::size_t i = 0; i < places.size(); ++i)
    world_.calls().commit(with_entry(missed(starts[i]), places[i].value()), [&written](const CommitResult& result) {
      const auto* const made = std::get_if<Committed>(&result);
      if (made != nullptr && made->entry && made->entry->members.size() == 2) ++written;
    });
  world_.settle();
  EXPECT_EQ(written, places.size());
  for (std::size_t i = 0; i < places.size(); ++i) EXPECT_EQ(unread(users[2 * i + 1]), 1U);
}

// K39: a conversation may have nothing but calls, and its count must not become dearer with each.
TEST_P(CallEntryContract, CountOfMissedCallsStaysExactHoweverManyThereAre) {
  constexpr std::uint32_t kMany = 70;
  for (std::uint32_t number = 1; number <= kMany; ++number) {
    const auto start = started(number, bob, alice);
    const auto place = place_of(start);
    ASSERT_TRUE(place.has_value());
    ASSERT_TRUE(entry_of(with_entry(missed(start), *place)).has_value());
  }
  EXPECT_EQ(unread(alice), kMany);
  EXPECT_EQ(unread(bob), 0U);
}

}  // namespace
}  // namespace belfry::store::testing

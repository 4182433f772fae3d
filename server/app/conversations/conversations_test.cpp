#include "app/conversations/conversations.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "adapters/memory/stores.hpp"

namespace belfry::conversations {
namespace {

class StillClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return {}; }
  [[nodiscard]] WallTime wall() const override { return {wall_ms}; }
  std::int64_t wall_ms = 1'000;
};
class Ones final : public Random {
 public:
  void fill(MutableBytes out) override {
    for (auto& byte : out) byte = std::byte{++next_};
  }

 private:
  unsigned char next_ = 0;
};

class ConversationsTest : public ::testing::Test {
 protected:
  ConversationsTest() {
    for (const auto& [id, name] : {std::pair{ann_, "ann"}, std::pair{bob_, "bob"}})
      stores_.accounts().create({.id = id, .username = name}, [](const auto& made) { ASSERT_TRUE(made.has_value()); });
  }
  static UserId user(std::uint8_t number) {
    Uuid id{};
    id[15] = number;
    return UserId(id);
  }
  Expected<StoredConversation, ConversationFault> read(const ConversationId& id, const UserId& reader) {
    Expected<StoredConversation, ConversationFault> answer = unexpected(ConversationFault::unavailable);
    conversations_.read(id, {.user = reader, .operation = "operation"}, [&](auto found) { answer = std::move(found); });
    return answer;
  }

  const UserId ann_ = user(1), bob_ = user(2), cid_ = user(3);
  memory::Tables tables_;
  memory::Stores stores_{tables_};
  StillClock clock_;
  Ones random_;
  RefusedStrangers strangers_;
  Conversations conversations_{{stores_.conversations(), clock_, random_, strangers_}};
};

TEST_F(ConversationsTest, EachHasAnIdAndATimeOfItsOwn) {
  std::vector<StoredConversation> opened;
  for (int i = 0; i < 2; ++i)
    conversations_.open(ann_, {.title = "Crew", .others = {bob_}}, [&](const auto& answer) { opened.push_back(answer->stored); });
  ASSERT_EQ(opened.size(), 2U);
  EXPECT_NE(opened[0].conversation.id, opened[1].conversation.id);
  EXPECT_EQ(opened[0].conversation.created, WallTime{1'000});
  EXPECT_EQ(read(opened[0].conversation.id, bob_)->conversation.title, "Crew");
}

// J-1.4
TEST_F(ConversationsTest, ForeignAndUnknownOnesLookAlike) {
  std::optional<ConversationId> id;
  conversations_.open(ann_, {.others = {bob_}}, [&](const auto& answer) { id = answer->stored.conversation.id; });
  EXPECT_EQ(read(*id, cid_).error(), ConversationFault::not_participant);
  EXPECT_EQ(read(ConversationId{}, cid_).error(), ConversationFault::not_participant);
}

// K2: a message makes the conversation of two, reading it does not.
TEST_F(ConversationsTest, ConversationOfTwoIsMadeOnce) {
  const auto between = [&](const UserId& user, const UserId& other) {
    std::optional<ConversationId> id;
    conversations_.find_direct(user, other, [&](const auto& found) { id = found.value(); });
    return id;
  };
  EXPECT_FALSE(between(ann_, bob_));
  std::vector<ConversationId> made;
  for (const auto& [user, other] : {std::pair{ann_, bob_}, {bob_, ann_}, {ann_, bob_}})
    conversations_.direct_with(user, other, [&](const auto& id) { made.push_back(id.value()); });
  ASSERT_EQ(made.size(), 3U);
  for (const auto& id : made) EXPECT_EQ(id, between(bob_, ann_));
  EXPECT_EQ(read(made[0], ann_)->conversation.kind, conversation::Kind::direct);
  conversations_.direct_with(ann_, cid_, [](const auto& id) { EXPECT_EQ(id.error(), ConversationFault::user_unknown); });
}

// J-7.4, R-000-26
TEST_F(ConversationsTest, RefusedStrangerStandsInTheAuditOncePerConversationAndMinute) {
  std::optional<ConversationId> id;
  conversations_.open(ann_, {.others = {bob_}}, [&](const auto& answer) { id = answer->stored.conversation.id; });
  const auto types = [&](const UserId& user) {
    std::vector<std::string> all;
    stores_.archive().audit({.user = user}, [&](const auto& found) {
      for (const auto& entry : *found) all.push_back(entry.record.type);
    });
    return all;
  };
  (void)read(*id, cid_);
  (void)read(*id, cid_);
  conversations_.change(*id, {.user = cid_, .operation = "operation"}, conversation::Delete{}, [](const auto&) {});
  EXPECT_EQ(types(cid_), std::vector<std::string>{"conversation.refused"});
  (void)read(ConversationId{}, cid_);
  EXPECT_EQ(types(cid_).size(), 2U);
  clock_.wall_ms += 60'000;
  (void)read(*id, cid_);
  EXPECT_EQ(types(cid_).size(), 3U);
  (void)read(*id, ann_);
  EXPECT_TRUE(types(ann_).empty());
}

TEST(RefusedStrangers, UserWhoGuessesIdsFillsNoDisk) {
  RefusedStrangers strangers;
  std::size_t recorded = 0;
  for (std::uint8_t i = 0; i < 200; ++i) {
    Uuid id{};
    id[15] = i;
    if (strangers.is_new(UserId{}, ConversationId(id), {1'000})) ++recorded;
  }
  EXPECT_EQ(recorded, RefusedStrangers::kPerUser);
}

//
TEST_F(ConversationsTest, DepartureIsReportedOnceItIsCommittedAndARefusedOneIsNot) {
  std::vector<std::pair<ConversationId, Departures>> departed;
  Conversations conversations{
      {.store = stores_.conversations(),
       .clock = clock_,
       .random = random_,
       .strangers = strangers_,
       .departed = [&](const ConversationId& id, const Departures& who) { departed.emplace_back(id, who); }}};
  std::optional<ConversationId> id;
  conversations.open(ann_, {.others = {bob_}}, [&](const auto& answer) { id = answer->stored.conversation.id; });
  const auto change = [&](const UserId& actor, conversation::Change what) {
    bool fine = false;
    conversations.change(*id, {.user = actor, .operation = "operation"}, std::move(what),
                         [&](const auto& done) { fine = done.has_value(); });
    return fine;
  };
  EXPECT_FALSE(change(cid_, conversation::RemoveMember{bob_}));
  EXPECT_FALSE(change(bob_, conversation::RemoveMember{ann_}));
  EXPECT_FALSE(change(bob_, conversation::Delete{}));
  EXPECT_TRUE(change(bob_, conversation::ChangeMembership{conversation::RingMode::none}));
  EXPECT_TRUE(departed.empty());
  EXPECT_TRUE(change(bob_, conversation::RemoveMember{bob_}));
  ASSERT_EQ(departed.size(), 1U);
  EXPECT_EQ(departed[0].first, *id);
  EXPECT_EQ(departed[0].second.users, std::vector<UserId>{bob_});
  EXPECT_FALSE(departed[0].second.ended);
  EXPECT_TRUE(change(ann_, conversation::AddMembers{{bob_}}));
  EXPECT_TRUE(change(ann_, conversation::RemoveMember{bob_}));
  ASSERT_EQ(departed.size(), 2U);
  EXPECT_EQ(departed[1].second.users, std::vector<UserId>{bob_});
  EXPECT_TRUE(change(ann_, conversation::Delete{}));
  ASSERT_EQ(departed.size(), 3U);
  EXPECT_TRUE(departed[2].second.ended);
  EXPECT_TRUE(departed[2].second.users.empty());
}

// J-1.7
TEST_F(ConversationsTest, NobodyBlocksOneselfNorAnUnknownUser) {
  std::vector<std::optional<BlockFault>> faults;
  const auto note = [&](const Expected<void, BlockFault>& done) {
    faults.push_back(done ? std::nullopt : std::optional(done.error()));
  };
  conversations_.block(ann_, ann_, note);
  conversations_.unblock(ann_, ann_, note);
  conversations_.block(ann_, cid_, note);
  conversations_.block(ann_, bob_, note);
  conversations_.unblock(ann_, bob_, note);
  EXPECT_EQ(faults, (std::vector<std::optional<BlockFault>>{BlockFault::self_block, BlockFault::self_block,
                                                            BlockFault::user_unknown, std::nullopt, std::nullopt}));
}

// K45
TEST_F(ConversationsTest, BlockIsReportedOnceItIsCommittedAndARefusedOneIsNot) {
  std::vector<std::pair<UserId, UserId>> changed;
  Conversations conversations{
      {.store = stores_.conversations(),
       .clock = clock_,
       .random = random_,
       .strangers = strangers_,
       .blocks_changed = [&](const UserId& one, const UserId& other) { changed.emplace_back(one, other); }}};
  const auto ignore = [](const auto&) {};
  conversations.block(ann_, ann_, ignore);
  conversations.block(ann_, cid_, ignore);
  EXPECT_TRUE(changed.empty());
  conversations.block(ann_, bob_, ignore);
  conversations.unblock(ann_, bob_, ignore);
  EXPECT_EQ(changed, (std::vector(2, std::pair(ann_, bob_))));
}

}  // namespace
}  // namespace belfry::conversations

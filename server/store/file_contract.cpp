// The contract of FileStore, and of the files that messages bear.
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "store/contract_suite.hpp"
#include "store/file_store.hpp"
#include "store/message_store.hpp"

namespace belfry::store::testing {
namespace {

using conversation::AddMembers;
using conversation::RemoveMember;

MessageId message_id(std::uint32_t number) { return MessageId(uuid(6, number)); }

file::File a_file(std::uint32_t number, UserId owner) {
  return {.info = {.id = file::FileId(uuid(7, number)),
                   .name = "a b.png",
                   .mime = "image/png",
                   .size = 1234,
                   .width = 640,
                   .height = 480,
                   .has_thumbnail = true},
          .owner = owner,
          .created = at(number)};
}

class FileContract : public ContractSuite {
 protected:
  using Sent = Expected<SentMessage, MessageFault>;
  using Changed = Expected<ChangedMessage, MessageFault>;

  void SetUp() override {
    alice = made(1, "alice"), bob = made(2, "bob"), carol = made(3, "carol"), dave = made(4, "dave");
    world_.conversations().open(
        {.id = conversation_id(1), .kind = conversation::Kind::group, .creator = alice, .others = {bob, carol}}, std::nullopt,
        [](const auto& opened) { ASSERT_TRUE(opened.has_value()); });
    world_.settle();
  }
  void change(UserId actor, conversation::Change what) {
    world_.conversations().change({.conversation = conversation_id(1), .actor = actor, .what = std::move(what), .at = at(5)},
                                  [](const auto& changed) { ASSERT_TRUE(changed.has_value()); });
    world_.settle();
  }
  Sent send(const chat::NewMessage& message) {
    return answer_of<Sent>([&](auto done) { world_.messages().send(message, done); });
  }
  MessageFault fault(const chat::NewMessage& message) {
    const auto sent = send(message);
    EXPECT_FALSE(sent.has_value());
    return sent ? MessageFault::unavailable : sent.error();
  }
  file::File added(std::uint32_t number, UserId owner) {
    const file::File file = a_file(number, owner);
    static_cast<void>(found<void>([&](auto done) { world_.files().add(file, done); }));
    return file;
  }
  bool reads(const file::File& file, UserId reader) {
    const auto seen = found<std::optional<file::File>>([&](auto done) { world_.files().find(file.info.id, reader, done); });
    if (seen) {
      EXPECT_EQ(*seen, file);
    }
    return seen.has_value();
  }
  static std::set<file::FileId> ids(const std::vector<file::File>& files) {
    std::set<file::FileId> all;
    for (const auto& each : files) all.insert(each.info.id);
    return all;
  }
  /// As of take_unused().
  std::set<file::FileId> unused_before(std::int64_t when, std::uint32_t most = 20, file::FileId after = {}) {
    const auto taken =
        found<std::vector<file::FileId>>([&](auto done) { world_.files().take_unused(at(when), after, most, done); });
    EXPECT_TRUE(std::is_sorted(taken.begin(), taken.end()));
    return {taken.begin(), taken.end()};
  }
  void erase(std::uint32_t number, std::int64_t when) {
    ASSERT_TRUE(answer_of<Changed>([&](auto done) {
      world_.messages().remove(
          {.conversation = conversation_id(1), .message = message_id(number), .actor = alice, .at = at(when)}, done);
    }));
  }
  chat::NewMessage bearing(const file::File& file, std::uint32_t number, UserId sender) {
    return {.id = message_id(number),
            .conversation = conversation_id(1),
            .sender = sender,
            .client_id = "c" + std::to_string(number),
            .at = at(number),
            .attachments = {file.info.id}};
  }

  UserId alice, bob, carol, dave;
};

// K48
TEST_P(FileContract, MessageBearsItsAttachmentsInTheirOrder) {
  const auto one = added(1, alice), two = added(2, alice);
  auto message = bearing(one, 1, alice);
  message.text = "look";
  message.attachments = {two.info.id, one.info.id};
  const auto sent = send(message);
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->message.kind, chat::Kind::file);
  EXPECT_EQ(sent->message.attachments, (std::vector{two.info, one.info}));
  const auto page = answer_of<Expected<MessagePage, MessageFault>>(
      [&](auto done) { world_.messages().page({.conversation = conversation_id(1), .reader = bob}, done); });
  ASSERT_TRUE(page);
  EXPECT_EQ(page->messages.at(0).attachments, (std::vector{two.info, one.info}));
}

// K48
TEST_P(FileContract, SomebodyElsesFileCannotBeAttached) {
  const auto file = added(1, alice);
  EXPECT_EQ(fault(bearing(file, 1, bob)), MessageFault::wrong_attachment);
  EXPECT_EQ(fault(bearing(a_file(2, bob), 2, bob)), MessageFault::wrong_attachment) << "it was never added";
  EXPECT_TRUE(send(bearing(file, 3, alice)));
}

// K32
TEST_P(FileContract, RepeatMustBearTheSameFiles) {
  const auto one = added(1, alice), two = added(2, alice);
  ASSERT_TRUE(send(bearing(one, 1, alice)));
  auto again = bearing(one, 2, alice);
  again.client_id = "c1";
  EXPECT_EQ(send(again)->how, Sending::repeated);
  again = bearing(two, 3, alice);
  again.client_id = "c1";
  EXPECT_EQ(fault(again), MessageFault::client_id_taken);
}

// K49
TEST_P(FileContract, IsReadByItsOwnerAndByWhoMayReadAMessageThatBearsIt) {
  const auto file = added(1, alice);
  EXPECT_TRUE(reads(file, alice));
  EXPECT_FALSE(reads(file, bob));
  const auto sent = send(bearing(file, 1, alice));
  ASSERT_TRUE(sent);
  EXPECT_TRUE(reads(file, bob));
  EXPECT_FALSE(reads(file, dave));
  EXPECT_FALSE(reads(a_file(9, alice), alice));
}

// K42
TEST_P(FileContract, MembersReadNoFileFromBeforeTheyJoinedNorAfterTheyLeft) {
  const auto file = added(1, alice);
  ASSERT_TRUE(send(bearing(file, 1, alice)));
  change(alice, AddMembers{.users = {dave}});
  EXPECT_FALSE(reads(file, dave));
  EXPECT_TRUE(reads(file, carol));
  change(alice, RemoveMember{.user = carol});
  EXPECT_FALSE(reads(file, carol));
}

// K36, K49
TEST_P(FileContract, DeletedMessageBearsNoFileAndLetsNobodyReadOne) {
  const auto file = added(1, alice);
  ASSERT_TRUE(send(bearing(file, 1, alice)));
  const auto removed = answer_of<Changed>([&](auto done) {
    world_.messages().remove({.conversation = conversation_id(1), .message = message_id(1), .actor = alice, .at = at(9)}, done);
  });
  ASSERT_TRUE(removed);
  EXPECT_TRUE(removed->message.attachments.empty());
  EXPECT_FALSE(reads(file, bob));
  EXPECT_TRUE(reads(file, alice));
}

TEST_P(FileContract, FileThatIsNeverSentIsRemovedOnceItIsOldEnough) {
  const auto old = added(1, alice), young = added(5, alice);
  EXPECT_EQ(unused_before(1), ids({}));
  EXPECT_EQ(unused_before(5), ids({old}));
  EXPECT_FALSE(reads(old, alice)) << "nobody reads it while its bytes are still there";
  EXPECT_EQ(fault(bearing(old, 1, alice)), MessageFault::wrong_attachment);
  EXPECT_TRUE(reads(young, alice));
}

TEST_P(FileContract, FileOfAMessageStaysHoweverOldItIs) {
  const auto file = added(1, alice);
  ASSERT_TRUE(send(bearing(file, 1, alice)));
  for (int round = 0; round < 2; ++round) EXPECT_EQ(unused_before(1000), ids({}));
  EXPECT_TRUE(reads(file, bob));
}

// K49: its sender may read it until then.
TEST_P(FileContract, FileOfADeletedMessageIsRemovedThatLongAfterTheDeletion) {
  const auto file = added(1, alice);
  for (const std::uint32_t number : {1U, 2U}) ASSERT_TRUE(send(bearing(file, number, alice)));
  EXPECT_EQ(unused_before(1000), ids({}));
  erase(1, 100);
  EXPECT_EQ(unused_before(1000), ids({})) << "another message has it";
  erase(2, 200);
  EXPECT_EQ(unused_before(200), ids({}));
  EXPECT_TRUE(reads(file, alice));
  EXPECT_EQ(unused_before(201), ids({file}));
  EXPECT_FALSE(reads(file, alice));
}

TEST_P(FileContract, FilesOfADeletedConversationAreRemovedToo) {
  const auto file = added(1, alice);
  ASSERT_TRUE(send(bearing(file, 1, alice)));
  EXPECT_EQ(unused_before(1000), ids({}));
  change(alice, conversation::Delete{});
  EXPECT_EQ(unused_before(5), ids({}));
  EXPECT_EQ(unused_before(6), ids({file}));
}

// A server that stops between the two steps.
TEST_P(FileContract, RemovedFileIsNamedUntilItsBytesAreGone) {
  const auto one = added(1, alice), two = added(2, alice);
  EXPECT_EQ(unused_before(1000), ids({one, two}));
  EXPECT_EQ(unused_before(1000), ids({one, two}));
  static_cast<void>(found<void>([&](auto done) { world_.files().bytes_removed({one.info.id}, done); }));
  EXPECT_EQ(unused_before(1000), ids({two}));
}

TEST_P(FileContract, SoManyAreRemovedAtOnce) {
  for (std::uint32_t number = 1; number <= 5; ++number) (void)added(number, alice);
  EXPECT_EQ(unused_before(1000, 3).size(), 3U);
  EXPECT_EQ(unused_before(1000, 3).size(), 3U) << "those whose bytes are still there";
}

TEST_P(FileContract, RemovedFilesAreNamedBehindOneOfThem) {
  const auto one = added(1, alice), two = added(2, alice), three = added(3, alice);
  const std::vector<file::FileId> sorted = [&] {
    const auto all = ids({one, two, three});
    return std::vector<file::FileId>(all.begin(), all.end());
  }();
  EXPECT_EQ(unused_before(1000, 20, sorted[0]), (std::set{sorted[1], sorted[2]}));
  EXPECT_EQ(unused_before(1000, 1, sorted[0]), std::set{sorted[1]});
  EXPECT_EQ(unused_before(1000, 20, sorted[2]), ids({}));
}

TEST_P(FileContract, WipeEmptiesFilesAndWhereTheyAreAttached) {
  const auto file = added(1, alice);
  ASSERT_TRUE(send(bearing(file, 1, alice)));
  static_cast<void>(found<void>([&](auto done) { world_.calls().wipe(done); }));
  SetUp();
  EXPECT_FALSE(reads(file, alice));
}

INSTANTIATE_TEST_SUITE_P(Stores, FileContract, ::testing::ValuesIn(stores_under_test()), name_of);

}  // namespace
}  // namespace belfry::store::testing

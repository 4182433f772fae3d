// SPEC K32, K36, K39, K42, K45, row by row.
#include "domain/chat/rights.hpp"

#include <gtest/gtest.h>

#include "base/enumerators_for_tests.hpp"

namespace belfry::chat {
namespace {

UserId user(std::uint8_t number) {
  Uuid id{};
  id[15] = number;
  return UserId(id);
}
const UserId kAnn = user(1), kBob = user(2);

Message a_message() { return {.seq = 5, .sender = kAnn, .client_id = "c1", .text = "hello", .created = {10}}; }
Actor ann() { return {.user = kAnn}; }
Actor bob(conversation::Role role = conversation::Role::member) { return {.user = kBob, .role = role}; }

TEST(MessageRights, SenderEditsAndTheNumberAndTheTimeOfSendingStay) {
  const auto edited = edit(a_message(), ann(), "hullo", {20});
  ASSERT_TRUE(edited.has_value());
  Message expected = a_message();
  expected.text = "hullo";
  expected.edited = WallTime{20};
  expected.sent_text = mark_of(MessageId{}, "hello");
  EXPECT_EQ(*edited, expected);
  EXPECT_EQ(edit(*edited, ann(), "hullo", {30}), *edited) << "a repeat changes nothing";
}

TEST(MessageRights, NobodyElseEditsWhateverTheirRole) {
  for (const auto role : ::belfry::testing::enumerators<conversation::Role>())
    EXPECT_EQ(edit(a_message(), bob(role), "mine now", {20}), unexpected(Refusal::forbidden));
}

TEST(MessageRights, OnlyWhatPeopleWriteIsEditedOrDeleted) {
  for (const Kind kind : ::belfry::testing::enumerators<Kind>()) {
    Message message = a_message();
    message.kind = kind;
    EXPECT_EQ(edit(message, ann(), "x", {20}).has_value(), kind == Kind::text || kind == Kind::file) << to_text(kind);
    EXPECT_EQ(remove(message, ann(), {20}).has_value(), kind != Kind::system && kind != Kind::call) << to_text(kind);
  }
}

TEST(MessageRights, SenderDeletesAndInAGroupItsOwnerAndAdminsToo) {
  using conversation::Role;
  for (const auto& actor : {ann(), bob(Role::owner), bob(Role::admin)}) {
    const auto deleted = remove(a_message(), actor, {20});
    ASSERT_TRUE(deleted.has_value());
    EXPECT_EQ(deleted->text, "");
    EXPECT_EQ(deleted->deleted, WallTime{20});
    EXPECT_EQ(deleted->seq, 5U);
    EXPECT_EQ(remove(*deleted, actor, {30}), *deleted) << "a repeat changes nothing";
  }
  EXPECT_EQ(remove(a_message(), bob(), {20}), unexpected(Refusal::forbidden));
  Actor other_side = bob(Role::owner);
  other_side.where = conversation::Kind::direct;
  EXPECT_EQ(remove(a_message(), other_side, {20}), unexpected(Refusal::forbidden));
}

TEST(MessageRights, DeletedOneCannotBeEdited) {
  const Message deleted = remove(a_message(), ann(), {20}).value();
  EXPECT_EQ(edit(deleted, ann(), "back", {30}), unexpected(Refusal::not_found));
}

// K42
TEST(MessageRights, WhatWasBeforeAMemberJoinedIsNotThereForThem) {
  Actor late = ann();
  late.joined_after = 5;
  EXPECT_FALSE(may_read(late, 5));
  EXPECT_TRUE(may_read(late, 6));
  EXPECT_EQ(edit(a_message(), late, "x", {20}), unexpected(Refusal::not_found));
  EXPECT_EQ(remove(a_message(), late, {20}), unexpected(Refusal::not_found));
}

// K45
TEST(MessageRights, WhoIsBlockedNeitherSendsNorEditsButMayDelete) {
  Actor blocked = ann();
  blocked.blocked = true;
  EXPECT_TRUE(may_send(ann()).has_value());
  EXPECT_EQ(may_send(blocked).error(), Refusal::blocked);
  EXPECT_EQ(edit(a_message(), blocked, "x", {20}), unexpected(Refusal::blocked));
  EXPECT_TRUE(remove(a_message(), blocked, {20}).has_value());
}

// K39
TEST(MessageRights, UnreadIsWhatOthersWroteAndWhatIsStillThere) {
  EXPECT_TRUE(counts_as_unread(a_message(), kBob));
  EXPECT_FALSE(counts_as_unread(a_message(), kAnn));
  Message entry = a_message();
  entry.kind = Kind::system;
  EXPECT_FALSE(counts_as_unread(entry, kBob));
  entry.kind = Kind::call;
  entry.call = CallSummary{.status = call::Status::missed};
  EXPECT_TRUE(counts_as_unread(entry, kBob)) << "a missed call";
  EXPECT_FALSE(counts_as_unread(entry, kAnn)) << "who called";
  entry.call->status = call::Status::rejected;
  EXPECT_FALSE(counts_as_unread(entry, kBob));
  EXPECT_FALSE(counts_as_unread(remove(a_message(), ann(), {20}).value(), kBob));
}

// K32
TEST(MessageRepeats, SameTextIsARepeatAndAnotherIsNot) {
  const NewMessage request{.sender = kAnn, .client_id = "c1", .text = "hello"};
  EXPECT_TRUE(is_repeat_of(a_message(), request));
  NewMessage other = request;
  other.text = "bye";
  EXPECT_FALSE(is_repeat_of(a_message(), other));
  other = request;
  other.reply_to = MessageId{};
  EXPECT_FALSE(is_repeat_of(a_message(), other));
}

// K32: the retry of a send that was answered long ago.
TEST(MessageRepeats, MessageThatWasEditedOrDeletedSinceIsStillTheSame) {
  const NewMessage request{.sender = kAnn, .client_id = "c1", .text = "hello"};
  const Message edited = edit(a_message(), ann(), "hullo", {20}).value();
  for (const Message& stored : {edited, edit(edited, ann(), "hallo", {21}).value(), remove(a_message(), ann(), {20}).value(),
                                remove(edited, ann(), {22}).value()}) {
    EXPECT_TRUE(is_repeat_of(stored, request));
    NewMessage other = request;
    other.text = stored.edited ? "hullo" : "bye";
    EXPECT_FALSE(is_repeat_of(stored, other)) << "what counts is the text that was sent";
  }
}

// K32: its mark was not kept then.
TEST(MessageRepeats, OfAMessageThatAnOlderServerEditedOrDeletedTheClientIdDecides) {
  Message stored = a_message();
  stored.edited = WallTime{20};
  stored.text = "hullo";
  EXPECT_TRUE(is_repeat_of(stored, {.sender = kAnn, .client_id = "c1", .text = "bye"}));
  stored = edit(stored, ann(), "hallo", {21}).value();
  EXPECT_TRUE(is_repeat_of(stored, {.sender = kAnn, .client_id = "c1", .text = "hello"})) << "hullo was not what was sent";
}

// K9, K32: each try of a send with a data URL uploads the picture.
TEST(MessageRepeats, PictureOfTheRequestItselfIsKnownByItsSize) {
  Message stored = a_message();
  stored.attachments.push_back({.size = 70});
  NewMessage request{.sender = kAnn,
                     .client_id = "c1",
                     .text = "hello",
                     .attachments = {file::FileId(Uuid{{9}})},
                     .picture_size = std::uint64_t{70}};
  EXPECT_TRUE(is_repeat_of(stored, request));
  request.picture_size = 71;
  EXPECT_FALSE(is_repeat_of(stored, request)) << "another picture";
  request.picture_size.reset();
  EXPECT_FALSE(is_repeat_of(stored, request)) << "a file by its id";
  EXPECT_FALSE(is_repeat_of(a_message(), {.text = "hello", .picture_size = std::uint64_t{70}})) << "it had none";
}

TEST(MessageRepeats, SameTextHasAnotherMarkInAnotherMessage) {
  EXPECT_NE(mark_of(MessageId(Uuid{{1}}), "hello"), mark_of(MessageId(Uuid{{2}}), "hello"));
}

TEST(MessageWords, EveryKindIsReadBack) {
  for (const Kind each : ::belfry::testing::enumerators<Kind>()) EXPECT_EQ(parse_kind(to_text(each)), each);
  EXPECT_EQ(parse_kind("song"), std::nullopt);
}

}  // namespace
}  // namespace belfry::chat

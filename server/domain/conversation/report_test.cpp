// SPEC K41: the words of the entries.
#include "domain/conversation/report.hpp"

#include <gtest/gtest.h>

namespace belfry::conversation {
namespace {

UserId user(std::uint8_t number) {
  Uuid id{};
  id[15] = number;
  return UserId(id);
}
const UserId kAnn = user(1), kBob = user(2), kCid = user(3);

std::string name_of(const UserId& id) {
  static const std::vector<std::string> kNames = {"Nobody", "Ann", "Bob", "Cid", "Dan", "Eve", "Fay"};
  return kNames.at(id.value()[15]);
}
Conversation a_group() {
  return {.title = "Crew",
          .avatar = "/a.png",
          .created_by = kAnn,
          .members = {{.user = kAnn, .role = Role::owner}, {.user = kBob, .role = Role::admin}, {.user = kCid}}};
}
std::string said(const UserId& actor, const Change& what) {
  const Conversation before = a_group();
  const auto step = decide(before, actor, what, {9});
  EXPECT_TRUE(step.has_value());
  return step ? report(before, *step, actor, name_of) : "refused";
}

TEST(ConversationReport, NamesWhoCameAndWhoWent) {
  EXPECT_EQ(said(kAnn, AddMembers{{user(4)}}), "Ann added Dan");
  EXPECT_EQ(said(kBob, AddMembers{{user(4), user(5)}}), "Bob added Dan and Eve");
  EXPECT_EQ(said(kBob, RemoveMember{kCid}), "Bob removed Cid");
  EXPECT_EQ(said(kCid, RemoveMember{kCid}), "Cid left");
  EXPECT_EQ(said(kAnn, RemoveMember{kAnn}), "Ann left. Bob is the owner now");
}

TEST(ConversationReport, ListOfManyEndsWithTheirNumber) {
  const auto added = [](std::size_t count) {
    Step step{.next = a_group()};
    for (std::size_t i = 0; i < count; ++i) step.joined.push_back({.user = user(static_cast<std::uint8_t>(2 + i % 4))});
    return report(a_group(), step, kAnn, name_of);
  };
  EXPECT_EQ(added(4), "Ann added Bob, Cid, Dan and Eve");
  EXPECT_EQ(added(5), "Ann added Bob, Cid, Dan and 2 others");
}

TEST(ConversationReport, NamesNewRolesAndDetails) {
  EXPECT_EQ(said(kAnn, SetRole{kCid, Role::admin}), "Cid is an admin now");
  EXPECT_EQ(said(kAnn, SetRole{kBob, Role::member}), "Bob is no longer an admin");
  EXPECT_EQ(said(kAnn, SetRole{kCid, Role::owner}), "Cid is the owner now");
  EXPECT_EQ(said(kBob, ChangeDetails{.title = "Band"}), "Bob named the group \"Band\"");
  EXPECT_EQ(said(kBob, ChangeDetails{.title = "", .avatar = "/b.png"}), "Bob removed the name. Bob changed the picture");
  EXPECT_EQ(said(kBob, ChangeDetails{.avatar = ""}), "Bob removed the picture");
}

TEST(ConversationReport, NothingIsSaidOfWhatConcernsNobodyElse) {
  EXPECT_EQ(said(kCid, ChangeMembership{RingMode::none}), "");
  EXPECT_EQ(said(kAnn, AddMembers{{kBob}}), "");
  EXPECT_EQ(said(kBob, ChangeDetails{.title = "Crew"}), "");
  EXPECT_EQ(said(kAnn, Delete{}), "");
}

}  // namespace
}  // namespace belfry::conversation

// SPEC J-1.1, J-1.3, J-1.5, row by row.
#include "domain/conversation/change.hpp"

#include <gtest/gtest.h>

#include "base/enumerators_for_tests.hpp"

namespace belfry::conversation {
namespace {

UserId user(std::uint8_t number) {
  Uuid id{};
  id[15] = number;
  return UserId(id);
}
const UserId kOwner = user(9), kAdmin = user(5), kOldAdmin = user(6), kMember = user(4), kOldMember = user(3),
             kStranger = user(1);

/// The owner came last, so no rule can mistake age for ownership.
Conversation a_group() {
  return {.kind = Kind::group,
          .title = "Crew",
          .created_by = kOwner,
          .updated = {1},
          .members = {{.user = kOldMember, .joined = {10}},
                      {.user = kMember, .joined = {20}},
                      {.user = kOldAdmin, .role = Role::admin, .joined = {30}},
                      {.user = kAdmin, .role = Role::admin, .joined = {40}},
                      {.user = kOwner, .role = Role::owner, .joined = {50}}}};
}
Conversation a_direct() {
  return begin({.kind = Kind::direct, .title = "ignored", .creator = kAdmin, .others = {kMember}, .at = {5}});
}
Expected<Step, Refusal> change(const UserId& actor, const Change& what, const Conversation& of = a_group()) {
  return decide(of, actor, what, {100});
}
Refusal refusal(const UserId& actor, const Change& what, const Conversation& of = a_group()) {
  const auto step = change(actor, what, of);
  EXPECT_FALSE(step.has_value());
  return step ? Refusal::too_many : step.error();
}

// J-1.3
TEST(ConversationRights, AreOfTheseRoles) {
  const auto roles = [](Action action) {
    std::string who;
    for (const Role role : testing::enumerators<Role>())
      if (may(role, action)) who.append(to_text(role)).append(" ");
    return who;
  };
  EXPECT_EQ(roles(Action::add_members), "owner admin ");
  EXPECT_EQ(roles(Action::change_details), "owner admin ");
  EXPECT_EQ(roles(Action::remove_another), "owner admin ");
  EXPECT_EQ(roles(Action::remove_owner), "");
  EXPECT_EQ(roles(Action::leave), "owner admin member ");
  EXPECT_EQ(roles(Action::change_membership), "owner admin member ");
  EXPECT_EQ(roles(Action::set_role), "owner ");
  EXPECT_EQ(roles(Action::end), "owner ");
}

// J-1.3
TEST(ConversationChange, IsForbiddenToWhomTheRoleDoesNotAllowIt) {
  EXPECT_EQ(refusal(kMember, AddMembers{{kStranger}}), Refusal::forbidden);
  EXPECT_EQ(refusal(kMember, ChangeDetails{.title = "x"}), Refusal::forbidden);
  EXPECT_EQ(refusal(kMember, RemoveMember{kOldMember}), Refusal::forbidden);
  EXPECT_EQ(refusal(kAdmin, RemoveMember{kOwner}), Refusal::forbidden);
  EXPECT_EQ(refusal(kAdmin, Delete{}), Refusal::forbidden);
}

// J-1.4
TEST(ConversationChange, StrangerIsNotAParticipantWhateverIsAsked) {
  for (const Change& what : {Change{AddMembers{{kMember}}}, Change{RemoveMember{kMember}}, Change{RemoveMember{kStranger}},
                             Change{ChangeDetails{}}, Change{ChangeMembership{}}, Change{Delete{}}})
    for (const auto& of : {a_group(), a_direct()}) EXPECT_EQ(refusal(kStranger, what, of), Refusal::not_participant);
}

// J-1.3
TEST(ConversationChange, MembersOfADirectOneAreFixedAndItHasNoOwner) {
  for (const Change& what : {Change{AddMembers{{kStranger}}}, Change{RemoveMember{kMember}}, Change{RemoveMember{kAdmin}}})
    EXPECT_EQ(refusal(kAdmin, what, a_direct()), Refusal::members_fixed);
  EXPECT_EQ(refusal(kAdmin, Delete{}, a_direct()), Refusal::forbidden);
  EXPECT_EQ(refusal(kAdmin, ChangeDetails{.title = "x"}, a_direct()), Refusal::forbidden);
}

TEST(ConversationChange, AddedMembersHaveTheirRoleAndThoseWhoWereInStayAsTheyAre) {
  EXPECT_EQ(change(kAdmin, AddMembers{{kStranger}})->joined.at(0).role, Role::member);
  const auto step = change(kAdmin, AddMembers{{kStranger}, Role::admin});
  ASSERT_TRUE(step.has_value());
  const Member expected{.user = kStranger, .role = Role::admin, .joined = {100}};
  EXPECT_EQ(step->joined, std::vector{expected});
  EXPECT_EQ(step->next.members.back(), expected);
  EXPECT_EQ(step->next.updated, WallTime{100});
  const auto again = change(kAdmin, AddMembers{{kMember, kOldAdmin, kOwner}});
  EXPECT_EQ(again->next, a_group()) << "a repeat changes nothing";
}

// K42
TEST(ConversationChange, AddedMembersReadFromThereOnAndHaveNothingUnread) {
  Conversation group = a_group();
  group.last_seq = 7;
  const auto step = change(kOwner, AddMembers{{kStranger}}, group);
  ASSERT_TRUE(step.has_value());
  const Member& joined = step->joined.at(0);
  EXPECT_EQ(joined.joined_after, 7U);
  EXPECT_EQ(joined.read_up_to, 7U);
  EXPECT_EQ(joined.delivered_up_to, 7U);
  EXPECT_EQ(find_member(step->next, kMember)->joined_after, 0U);
}

// J-1.3
TEST(ConversationChange, RoleThatIsNamedIsGivenToThoseWhoAreInToo) {
  const auto step = change(kAdmin, AddMembers{{kStranger, kMember, kOldAdmin}, Role::admin});
  ASSERT_TRUE(step.has_value());
  EXPECT_EQ(find_member(step->next, kMember)->role, Role::admin);
  ASSERT_EQ(step->changed.size(), 1U);
  EXPECT_EQ(step->changed[0].user, kMember);
  EXPECT_EQ(step->changed[0].joined, WallTime{20}) << "still a member since then";
  EXPECT_EQ(step->joined.size(), 1U);
  EXPECT_EQ(step->next.updated, WallTime{100});
  const auto demoted = change(kAdmin, AddMembers{{kOldAdmin}, Role::member});
  EXPECT_EQ(find_member(demoted->next, kOldAdmin)->role, Role::member) << "an admin may remove one as well";
  EXPECT_EQ(change(kAdmin, AddMembers{{kMember}, Role::member})->next, a_group());
  for (const UserId& actor : {kAdmin, kOwner})
    EXPECT_EQ(refusal(actor, AddMembers{{kMember, kOwner}, Role::admin}), Refusal::forbidden) << "there is always an owner";
  EXPECT_EQ(refusal(kMember, AddMembers{{kMember}, Role::admin}), Refusal::forbidden);
}

// J-1.1
TEST(ConversationChange, GroupHoldsAThousandMembersAndNotOneMore) {
  const auto users = [](std::size_t count) {
    std::vector<UserId> many;
    for (std::size_t i = 0; i < count; ++i) {
      Uuid id{};
      id[0] = 1;
      id[1] = static_cast<std::uint8_t>(i >> 8U);
      id[2] = static_cast<std::uint8_t>(i);
      many.emplace_back(id);
    }
    return many;
  };
  const auto full = change(kOwner, AddMembers{users(995)});
  ASSERT_TRUE(full.has_value());
  EXPECT_EQ(full->next.members.size(), 1000U);
  EXPECT_EQ(refusal(kOwner, AddMembers{users(996)}), Refusal::too_many);
  EXPECT_TRUE(change(kOwner, AddMembers{users(995)}, full->next).has_value()) << "all of them are in";
}

// J-1.3
TEST(ConversationChange, WhenTheOwnerLeavesTheOldestAdminFollows) {
  const auto step = change(kOwner, RemoveMember{kOwner});
  ASSERT_TRUE(step.has_value());
  EXPECT_EQ(step->left, std::vector{kOwner});
  ASSERT_EQ(step->changed.size(), 1U);
  EXPECT_EQ(step->changed[0].user, kOldAdmin);
  EXPECT_EQ(find_member(step->next, kOldAdmin)->role, Role::owner);
  EXPECT_EQ(find_member(step->next, kOwner), nullptr);
}
TEST(ConversationChange, WhenTheOwnerLeavesAGroupWithoutAdminsTheOldestMemberFollows) {
  Conversation group = a_group();
  std::erase_if(group.members, [](const Member& each) { return each.role == Role::admin; });
  const auto step = change(kOwner, RemoveMember{kOwner}, group);
  EXPECT_EQ(step->changed.at(0).user, kOldMember);
}
TEST(ConversationChange, WhenSomebodyElseLeavesTheOwnerStays) {
  const auto step = change(kMember, RemoveMember{kMember});
  EXPECT_TRUE(step->changed.empty());
  EXPECT_EQ(step->fate, Fate::goes_on);
  EXPECT_EQ(step->next.members.size(), 4U);
}
TEST(ConversationChange, GroupEndsWhenTheLastMemberLeaves) {
  Conversation group = a_group();
  std::erase_if(group.members, [](const Member& each) { return each.role != Role::owner; });
  const auto step = change(kOwner, RemoveMember{kOwner}, group);
  EXPECT_EQ(step->fate, Fate::ends);
  EXPECT_TRUE(step->next.members.empty());
}
TEST(ConversationChange, RemovingAUserWhoIsNotInChangesNothing) {
  EXPECT_EQ(change(kAdmin, RemoveMember{kStranger})->next, a_group());
}

TEST(ConversationChange, DetailsThatAreAbsentStayAndEmptyOnesGo) {
  EXPECT_EQ(change(kAdmin, ChangeDetails{.avatar = "/a.png"})->next.title, "Crew");
  EXPECT_EQ(change(kAdmin, ChangeDetails{.title = ""})->next.title, "");
}

// J-1.5
TEST(ConversationChange, RingModeIsOfOneMemberAndLeavesTheConversationUnchanged) {
  const auto step = change(kMember, ChangeMembership{RingMode::none});
  ASSERT_EQ(step->changed.size(), 1U);
  EXPECT_EQ(step->changed[0].user, kMember);
  EXPECT_EQ(find_member(step->next, kMember)->ring_mode, RingMode::none);
  EXPECT_EQ(find_member(step->next, kAdmin)->ring_mode, RingMode::all);
  EXPECT_EQ(step->next.updated, WallTime{1});
  EXPECT_TRUE(change(kMember, ChangeMembership{}, a_direct()).has_value());
}

// S19
TEST(ConversationChange, MuteIsOfOneMemberAndEndsByUnmutingOrATimeGoneBy) {
  const auto muted = change(kMember, ChangeMembership{.mute = MuteUntil{WallTime{900}}});
  ASSERT_EQ(muted->changed.size(), 1U);
  EXPECT_EQ(muted->changed[0].muted_until, WallTime{900});
  EXPECT_EQ(find_member(muted->next, kMember)->muted_until, WallTime{900});
  EXPECT_EQ(find_member(muted->next, kAdmin)->muted_until, std::nullopt);
  EXPECT_EQ(muted->next.updated, WallTime{1});
  const auto quiet = change(kMember, ChangeMembership{RingMode::none}, muted->next);
  EXPECT_EQ(quiet->changed[0].muted_until, WallTime{900}) << "what is absent stays";
  for (const ChangeMembership& end : {ChangeMembership{.mute = Unmute{}}, ChangeMembership{.mute = MuteUntil{WallTime{2}}}})
    EXPECT_EQ(change(kMember, end, muted->next)->changed.at(0).muted_until, std::nullopt);
}

// S19: a repeat is success without effects.
TEST(ConversationChange, MembershipThatIsAsAskedAlreadyStaysAndConcernsNobody) {
  EXPECT_TRUE(change(kMember, ChangeMembership{RingMode::all})->changed.empty());
  EXPECT_TRUE(change(kMember, ChangeMembership{.mute = MuteUntil{WallTime{2}}})->changed.empty()) << "was not muted";
  const auto muted = change(kMember, ChangeMembership{RingMode::none, MuteUntil{WallTime{900}}});
  EXPECT_EQ(muted->concerns_only, kMember);
  const auto again = change(kMember, ChangeMembership{RingMode::none, MuteUntil{WallTime{900}}}, muted->next);
  ASSERT_TRUE(again.has_value());
  EXPECT_TRUE(again->changed.empty());
  EXPECT_EQ(again->concerns_only, std::nullopt);
  EXPECT_EQ(again->next, muted->next);
}

TEST(ConversationChange, DeletedOneIsAnsweredAsItWas) {
  const auto step = change(kOwner, Delete{});
  EXPECT_EQ(step->fate, Fate::ends);
  EXPECT_EQ(step->next, a_group());
}

// J-1.3, K28
TEST(NewConversation, CreatorOwnsAGroupAndBothSidesOfADirectOneAreMembers) {
  const Conversation group = begin({.title = "Crew", .creator = kAdmin, .others = {kOwner, kMember}, .at = {5}});
  EXPECT_EQ(find_member(group, kAdmin)->role, Role::owner);
  EXPECT_EQ(find_member(group, kOwner)->role, Role::member);
  EXPECT_EQ(group.title, "Crew");
  EXPECT_EQ(group.members.front().user, kMember) << "sorted by age and id";
  const Conversation direct = a_direct();
  EXPECT_EQ(find_member(direct, kAdmin)->role, Role::member);
  EXPECT_EQ(direct.title, "");
}

// J-1.1
TEST(NewConversation, DoublesAndOneselfAreDropped) {
  EXPECT_EQ(others_among({kOwner, kMember, kAdmin, kOwner}, kAdmin), (std::vector{kMember, kOwner}));
  EXPECT_TRUE(others_among({kAdmin, kAdmin}, kAdmin).empty());
}

// J-1.1
TEST(NewConversation, DirectOneHasOneOtherAndAGroupUpTo999) {
  for (const auto& [kind, most] : {std::pair{Kind::direct, 1U}, std::pair{Kind::group, 999U}}) {
    EXPECT_FALSE(may_hold(kind, 0));
    EXPECT_TRUE(may_hold(kind, 1));
    EXPECT_TRUE(may_hold(kind, most));
    EXPECT_FALSE(may_hold(kind, most + 1));
  }
}

TEST(NewConversation, PairIsTheSameFromBothSides) { EXPECT_EQ(pair_of(kOwner, kMember), pair_of(kMember, kOwner)); }

TEST(ConversationWords, EveryOneIsReadBack) {
  for (const Kind each : testing::enumerators<Kind>()) EXPECT_EQ(parse_kind(to_text(each)), each);
  for (const Role each : testing::enumerators<Role>()) EXPECT_EQ(parse_role(to_text(each)), each);
  for (const RingMode each : testing::enumerators<RingMode>()) EXPECT_EQ(parse_ring_mode(to_text(each)), each);
  EXPECT_EQ(parse_role("king"), std::nullopt);
}

// K41
TEST(ConversationChange, OwnerGivesRolesAndKeepsTheirOwn) {
  const auto promoted = change(kOwner, SetRole{kMember, Role::admin});
  ASSERT_TRUE(promoted.has_value());
  EXPECT_EQ(find_member(promoted->next, kMember)->role, Role::admin);
  EXPECT_EQ(promoted->changed.size(), 1U);
  EXPECT_EQ(promoted->next.updated, WallTime{100});
  const auto same = change(kOwner, SetRole{kAdmin, Role::admin});
  ASSERT_TRUE(same.has_value());
  EXPECT_TRUE(same->changed.empty());
  EXPECT_EQ(refusal(kAdmin, SetRole{kMember, Role::admin}), Refusal::forbidden);
  EXPECT_EQ(refusal(kOwner, SetRole{kOwner, Role::member}), Refusal::forbidden);
  EXPECT_EQ(refusal(kOwner, SetRole{kStranger, Role::admin}), Refusal::no_member);
  EXPECT_EQ(refusal(kStranger, SetRole{kMember, Role::admin}), Refusal::not_participant);
  EXPECT_EQ(refusal(kAdmin, SetRole{kMember, Role::admin}, a_direct()), Refusal::members_fixed);
}

// K41
TEST(ConversationChange, GroupThatIsHandedOverHasOneOwner) {
  const auto step = change(kOwner, SetRole{kMember, Role::owner});
  ASSERT_TRUE(step.has_value());
  EXPECT_EQ(find_member(step->next, kMember)->role, Role::owner);
  EXPECT_EQ(find_member(step->next, kOwner)->role, Role::admin);
  ASSERT_EQ(step->changed.size(), 2U);
  EXPECT_EQ(step->changed[0].user, kOwner) << "a store holds one owner at a time";
}

// K29: a message may have come with a later time.
TEST(ConversationChange, TimeOfTheNewestChangeNeverGoesBack) {
  Conversation newer = a_group();
  newer.updated = {500};
  for (const Change& what : {Change(ChangeDetails{.title = "New"}), Change(AddMembers{{kStranger}}),
                             Change(RemoveMember{kMember}), Change(SetRole{kMember, Role::admin})}) {
    const auto step = change(kOwner, what, newer);
    ASSERT_TRUE(step.has_value());
    EXPECT_EQ(step->next.updated, WallTime{500});
  }
}

}  // namespace
}  // namespace belfry::conversation

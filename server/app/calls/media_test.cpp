// How the people of a call exchange media: each with each, or at a provider of others; and who cannot (SPEC J-8.1, J-2.11, 2.5).
#include "app/calls/group_stage_for_tests.hpp"
#include "app/calls/record.hpp"

namespace belfry::calls::testing {
namespace {

using namespace std::chrono_literals;
using call::Dialect;
using call::LegState;
using call::Provider;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class CallMedia : public GroupStage {
 protected:
  static constexpr Place::Named kNamed = Place::Named::as_conversation;
  CallMedia() { open(conversation::Kind::direct, {2}, direct); }
  void fetch_token(const Phone& phone, const ConversationId& place, Provider provider) {
    world.store.tokens[{phone.me.user, place}] = provider;
  }
  CallId call_in(const ConversationId& place) {
    const CallId call = start_in(alice, place, call::RingPolicy::immediate, kNamed);
    settle();
    return call;
  }
  bool is_refused(Refusal why, const std::vector<UserId>& unable) {
    const Result& result = world.answers.back().front();
    return !result && result.error().why == why && result.error().unable == unable;
  }
  const ConversationId direct = conversation_numbered(2);
};

// J-8.1
TEST_F(CallMedia, ProviderIsThatOfTheCallersTokenForTheConversationAndStaysSo) {
  fetch_token(alice, crew, Provider::livekit);
  fetch_token(alice, direct, Provider::agora);
  const CallId call = call_in(direct);
  EXPECT_EQ(world.row(call).provider, Provider::agora);
  fetch_token(alice, direct, Provider::native);
  world.accept(bob, call);
  settle();
  EXPECT_EQ(world.row(call).status, call::Status::connected);
  EXPECT_EQ(world.row(call).provider, Provider::agora);
}

// J-8.1
TEST(CallsMedia, WithoutATokenTheProviderIsTheServers) {
  CallSettings settings = test_settings();
  settings.provider = Provider::livekit;
  World world{{.settings = settings}};
  const Phone alice = world.phone(1), bob = world.phone(2), page = world.phone(3, Dialect::signaling);
  const Phone other_page = world.phone(4, Dialect::signaling);
  const CallId at_provider = world.start(alice, 2);
  const CallId of_pages = world.start(page, 4);
  world.settle();
  EXPECT_EQ(world.row(at_provider).provider, Provider::livekit);
  EXPECT_EQ(world.row(of_pages).provider, Provider::native) << "seed 003's pages exchange media themselves";
  EXPECT_THAT(other_page.received(), ElementsAre("incoming"));
}

// J-8.1, J-3.5: another node, or a restart, knows the token only if it is shown.
TEST_F(CallMedia, TokenThatTheStartShowsSaysTheProviderUnlessANewerOneIsKnown) {
  const auto shown = [](StartCall& request) {
    request.callee = {};
    request.place = Place{conversation_numbered(2), kNamed};
    request.shown_token = Provider::livekit;
  };
  const CallId first = world.start(alice, 0, shown);
  settle();
  EXPECT_EQ(world.row(first).provider, Provider::livekit);
  world.cancel(alice, first);
  settle();
  fetch_token(alice, direct, Provider::agora);
  const CallId second = world.start(alice, 0, shown);
  settle();
  EXPECT_EQ(world.row(second).provider, Provider::agora);
}

/// Somebody whom alice calls, beside bob.
struct Member {
  std::string title;
  std::vector<Dialect> clients;
  std::optional<Provider> token{};
};
struct Case {
  Provider provider;
  Member member;
  bool refused;
};
std::ostream& operator<<(std::ostream& out, const Case& each) {
  return out << to_text(each.provider) << ", " << each.member.title;
}

class Compatibility : public CallMedia, public ::testing::WithParamInterface<Case> {
 protected:
  /// eve, who is 5.
  std::vector<Phone> connect(const Member& member) {
    std::vector<Phone> phones;
    for (const Dialect dialect : member.clients) phones.push_back(world.phone(5, dialect));
    return phones;
  }
  void expect_outcome(const CallId& call, Refusal why) {
    if (GetParam().refused) {
      EXPECT_TRUE(is_refused(why, {user_numbered(5)}));
      EXPECT_FALSE(world.store.calls.contains(call)) << "without a row";
      EXPECT_THAT(world.store.attempts, IsEmpty());
      EXPECT_THAT(newly_received(bob), IsEmpty()) << "before anybody is rung";
    } else {
      ASSERT_TRUE(succeeded());
      EXPECT_EQ(world.row(call).provider, GetParam().provider);
    }
  }
};

// Issue 3: "Two native clients and one of seed 003 cannot mesh: say MEDIA_INCOMPATIBLE before ringing." J-2.11, SPEC 2.5
TEST_P(Compatibility, OfAGroupCallIsJudgedBeforeAnybodyIsRung) {
  const ConversationId group = conversation_numbered(3);
  open(conversation::Kind::group, {2, 5}, group);
  const auto phones = connect(GetParam().member);
  if (const auto token = GetParam().member.token) world.store.tokens[{user_numbered(5), group}] = *token;
  fetch_token(alice, group, GetParam().provider);
  const CallId call = call_in(group);
  expect_outcome(call, GetParam().provider == Provider::native ? Refusal::callee_cannot_mesh : Refusal::callee_not_at_provider);
  if (!GetParam().refused) {
    EXPECT_THAT(newly_received(bob), ElementsAre("incoming"));
  }
  for (const Phone& phone : phones) {
    const bool rung = !GetParam().refused && phone.me.dialect != Dialect::signaling;
    EXPECT_EQ(phone.received("incoming"), rung ? 1U : 0U) << to_text(phone.me.dialect);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Members, Compatibility,
    ::testing::Values(Case{Provider::native, {"native", {Dialect::native}}, false},
                      Case{Provider::native, {"token", {Dialect::token}}, false},
                      Case{Provider::native, {"signaling", {Dialect::signaling}}, true},
                      Case{Provider::native, {"two of signaling", {Dialect::signaling, Dialect::signaling}}, true},
                      Case{Provider::native, {"signaling and native", {Dialect::signaling, Dialect::native}}, false},
                      Case{Provider::native, {"offline", {}}, false},
                      Case{Provider::native, {"native, token of agora", {Dialect::native}, Provider::agora}, false},
                      Case{Provider::agora, {"native", {Dialect::native}}, false},
                      Case{Provider::agora, {"token", {Dialect::token}, Provider::agora}, false},
                      Case{Provider::agora, {"signaling", {Dialect::signaling}}, true},
                      Case{Provider::agora, {"signaling and token", {Dialect::signaling, Dialect::token}}, false},
                      Case{Provider::agora, {"offline", {}}, false},
                      Case{Provider::agora, {"native, token of livekit", {Dialect::native}, Provider::livekit}, true},
                      Case{Provider::agora, {"offline, token of livekit", {}, Provider::livekit}, false},
                      Case{Provider::livekit, {"native, token of native", {Dialect::native}, Provider::native}, true}));

class CompatibilityOfTwo : public Compatibility {};

// SPEC 2.5: "both sides on that provider, otherwise the call is refused with MEDIA_INCOMPATIBLE before ringing".
TEST_P(CompatibilityOfTwo, IsJudgedLikewise) {
  const ConversationId place = conversation_numbered(3);
  open(conversation::Kind::direct, {5}, place);
  const auto phones = connect(GetParam().member);
  if (const auto token = GetParam().member.token) world.store.tokens[{user_numbered(5), place}] = *token;
  fetch_token(alice, place, GetParam().provider);
  expect_outcome(call_in(place), Refusal::callee_not_at_provider);
}

INSTANTIATE_TEST_SUITE_P(
    Callees, CompatibilityOfTwo,
    ::testing::Values(Case{Provider::native, {"signaling", {Dialect::signaling}}, false},
                      Case{Provider::native, {"native, token of agora", {Dialect::native}, Provider::agora}, false},
                      Case{Provider::agora, {"signaling", {Dialect::signaling}}, true},
                      Case{Provider::agora, {"signaling and native", {Dialect::signaling, Dialect::native}}, false},
                      Case{Provider::agora, {"offline", {}}, false},
                      Case{Provider::livekit, {"native, token of agora", {Dialect::native}, Provider::agora}, true}));

// C-22: seed 003's pages have one peer connection. Also with two people in it: their client names its peer only.
TEST_F(CallMedia, PageOfSeed003CannotAnswerAGroupCallThatItCameTooLateFor) {
  const ConversationId group = conversation_numbered(3);
  open(conversation::Kind::group, {2, 5}, group);
  const CallId call = call_in(group);
  world.accept(bob, call);
  settle();
  const Phone page = world.phone(5, Dialect::signaling);
  settle();
  EXPECT_THAT(page.received(), IsEmpty());
  world.accept(page, call);
  settle();
  EXPECT_EQ(refusal().why, Refusal::cannot_mesh);
  const Phone phone = world.phone(5);
  settle();
  EXPECT_THAT(phone.received(), ElementsAre("incoming"));
}

TEST_F(CallMedia, PageOfSeed003CannotAnswerACallAtAProvider) {
  const ConversationId place = conversation_numbered(3);
  open(conversation::Kind::direct, {5}, place);
  fetch_token(alice, place, Provider::agora);
  const CallId call = call_in(place);
  const Phone page = world.phone(5, Dialect::signaling);
  settle();
  EXPECT_THAT(page.received(), IsEmpty());
  world.accept(page, call);
  settle();
  EXPECT_EQ(refusal().why, Refusal::not_at_provider);
}

// J-1.5, J-1.7: who is not rung does not count.
TEST_F(CallMedia, SilentAndBlockedMembersDoNotMakeACallIncompatible) {
  world.disconnect(carol, Departure::left);
  world.disconnect(dan, Departure::left);
  const Phone carols = world.phone(3, Dialect::signaling), dans = world.phone(4, Dialect::signaling);
  member(carol).ring_mode = conversation::RingMode::none;
  call_in(crew);
  EXPECT_TRUE(is_refused(Refusal::callee_cannot_mesh, {dan.me.user}));
  member(dan).ring_mode = conversation::RingMode::none;
  call_in(crew);
  ASSERT_TRUE(succeeded());
  EXPECT_THAT(newly_received(bob), ElementsAre("incoming"));
}

// J-1.7: a block is not given away by a refusal, and does not make a group call impossible.
TEST_F(CallMedia, BlockedMembersDoNotMakeACallIncompatible) {
  world.disconnect(carol, Departure::left);
  world.disconnect(dan, Departure::left);
  const Phone carols = world.phone(3, Dialect::signaling), dans = world.phone(4, Dialect::signaling);
  world.store.blocks.insert({carol.me.user, alice.me.user});
  call_in(crew);
  EXPECT_TRUE(is_refused(Refusal::callee_cannot_mesh, {dan.me.user}));
  world.store.blocks.insert({alice.me.user, dan.me.user});
  const CallId call = call_in(crew);
  ASSERT_TRUE(succeeded());
  EXPECT_EQ(leg(carol, call), LegState::invited);
  EXPECT_THAT(newly_received(bob), ElementsAre("incoming"));
  EXPECT_THAT(carols.received(), IsEmpty());
}

// J-1.7
TEST_F(CallMedia, BlockedCalleeIsNoMoreThanThat) {
  const Phone page = world.phone(5, Dialect::signaling);
  const ConversationId place = conversation_numbered(3);
  open(conversation::Kind::direct, {5}, place);
  world.store.blocks.insert({page.me.user, alice.me.user});
  fetch_token(alice, place, Provider::agora);
  call_in(place);
  EXPECT_EQ(refusal().why, Refusal::recipient_inactive);
}

// J-2.4: the call that is there goes before.
TEST_F(CallMedia, StartMeetsTheCallOfItsConversationWhoeverHasCome) {
  Phone page = world.phone(1, Dialect::token);
  const CallId call = start_in(page, crew, call::RingPolicy::immediate, kNamed);
  settle();
  world.disconnect(dan, Departure::left);
  const Phone dans = world.phone(4, Dialect::signaling);
  start_in(page, crew, call::RingPolicy::immediate, kNamed);
  settle();
  ASSERT_TRUE(succeeded()) << "a repeat";
  EXPECT_EQ(world.answers.back().front()->call->row.id, call);
  start_in(bob, crew, call::RingPolicy::immediate, kNamed);
  settle();
  EXPECT_EQ(refusal().why, Refusal::caller_busy);
  EXPECT_TRUE(refusal().glare);
  world.end(page, call);
  settle();
  start_in(bob, crew, call::RingPolicy::immediate, kNamed);
  settle();
  EXPECT_TRUE(is_refused(Refusal::callee_cannot_mesh, {dan.me.user}));
  world.store.down = true;
  start_in(bob, crew, call::RingPolicy::immediate, kNamed);
  settle();
  EXPECT_EQ(refusal().why, Refusal::store_unavailable);
  world.store.down = false;
}

// Found by the random worlds under AddressSanitizer: on one shard, refusing a start that waits for a store also ends its waiting.
TEST(CallsMedia, StartThatMeetsACallOfItsOwnShardOnceTheStoreHasAnsweredIsRefused) {
  World world{{.shards = 1}};
  const Phone alice = world.phone(1), bob = world.phone(2), page = world.phone(3, Dialect::signaling);
  const Place place{ConversationId(Uuid{1}), Place::Named::as_conversation};
  world.store.conversations[place.id] = begin(conversation::NewConversation{.id = place.id,
                                                                            .kind = conversation::Kind::group,
                                                                            .creator = alice.me.user,
                                                                            .others = {bob.me.user, page.me.user},
                                                                            .at = world.clock.wall()});
  const auto start = [&](const Phone& caller) {
    world.start(caller, 0, [&](StartCall& request) {
      request.callee = {};
      request.place = place;
    });
    world.settle();
    return world.answers.back().front();
  };
  world.disconnect(page, Departure::left);
  ASSERT_TRUE(start(alice));
  const Phone returned = world.phone(3, Dialect::signaling);  // the group cannot mesh any more
  world.store.later = true;
  const Result refused = start(bob);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().why, Refusal::caller_busy);
  EXPECT_EQ(broken_invariant(world), "");
}

// J-2.11
TEST(CallsMedia, OnlyAMeshIsEverFull) {
  for (const auto& [provider, full] : {std::pair{Provider::native, true}, {Provider::agora, false}}) {
    CallSettings settings = test_settings();
    settings.most_joined = 2;
    settings.provider = provider;
    World world{{.settings = settings}};
    const Phone ann = world.phone(1), ben = world.phone(2), cid = world.phone(3);
    const CallId call = world.start(ann, 2, [](StartCall& request) {
      request.more = {user_numbered(3)};
      request.ring = call::RingPolicy::immediate;
    });
    world.settle();
    for (const Phone& phone : {ben, cid}) {
      world.accept(phone, call);
      world.settle();
    }
    const Result& last = world.answers.back().front();
    EXPECT_EQ(!last && last.error().why == Refusal::call_full, full) << to_text(provider);
  }
}

// J-2.11: each of a hundred people to each other would be ten thousand routes.
TEST_F(CallMedia, MembersOfAGroupCallAtAProviderDoNotSignal) {
  fetch_token(alice, crew, Provider::agora);
  const CallId call = connected_with({bob, carol});
  for (const Phone& from : {bob, world.rest(2)}) {
    world.signal(from, call, "to carol", 0, carol.me.user);
    settle();
    EXPECT_EQ(refusal().why, Refusal::needs_no_signals);
  }
  EXPECT_THAT(newly_received(carol), IsEmpty());
}

// A client that takes no notice of mediaMode, such as seed 001's, exchanges media itself.
TEST_F(CallMedia, SignalsOfACallOfTwoPassAtAnyProvider) {
  fetch_token(alice, direct, Provider::agora);
  const CallId call = call_in(direct);
  world.accept(bob, call);
  settle();
  newly_received(bob);
  world.signal(alice, call, "candidate");
  settle();
  EXPECT_TRUE(succeeded());
  EXPECT_THAT(newly_received(bob), ElementsAre("signal candidate"));
}

// the rules of the call are read back with it.
TEST_F(CallMedia, LimitOfAMeshIsTheCallsAfterARestart) {
  const CallId call = ring_all();
  store::CallRow row = world.row(call);
  EXPECT_EQ(policy_of(row, test_settings()).most_joined, test_settings().most_joined);
  row.provider = Provider::agora;
  EXPECT_EQ(policy_of(row, test_settings()).most_joined, 0U);
}

}  // namespace
}  // namespace belfry::calls::testing

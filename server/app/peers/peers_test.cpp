// Whom a message reaches, and how many peers there may be, on one shard and on three (SPEC R-004-42, W-004-11, K58). Who has
// which id: peer_ids_test.cpp.
#include "app/peers/peers_for_tests.hpp"

using namespace std::chrono_literals;

namespace belfry::peers::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

INSTANTIATE_TEST_SUITE_P(Shards, PeersOnShards, ::testing::Values(ShardIndex{1}, ShardIndex{3}));

TEST_P(PeersOnShards, APeerIsToldThatItIsOpen) {
  const auto alice = world().open("alice");
  EXPECT_TRUE(alice.opened);
  EXPECT_THAT(world().take(alice), ElementsAre(peerjs::kOpen));
}

TEST_P(PeersOnShards, WhatAPeerSendsReachesTheOneThatItNamesWithTheSendersId) {
  const auto alice = here("alice");
  const auto bob = here("bob");
  world().say(alice, peerjs::Type::offer, "bob", R"({"sdp":1})");
  world().say(alice, peerjs::Type::candidate, "bob", R"({"candidate":1})");
  world().say(bob, peerjs::Type::answer, "alice", R"({"sdp":2})");
  world().say(alice, peerjs::Type::leave, "bob");
  EXPECT_THAT(world().take(bob), ElementsAre(R"({"type":"OFFER","src":"alice","dst":"bob","payload":{"sdp":1}})",
                                             R"({"type":"CANDIDATE","src":"alice","dst":"bob","payload":{"candidate":1}})",
                                             R"({"type":"LEAVE","src":"alice","dst":"bob"})"));
  EXPECT_THAT(world().take(alice), ElementsAre(R"({"type":"ANSWER","src":"bob","dst":"alice","payload":{"sdp":2}})"));
}

// K21: by which the chat dialect tells pages apart
TEST_P(PeersOnShards, SocketsOfAUserAreCountedWhateverBecameOfTheirId) {
  const std::string id = to_text(user(1).value());
  const auto page = [&] { return world().open({.id = id, .token = "t", .proof = Proof{user(1), login(1)}, .user = user(1)}); };
  EXPECT_EQ(world().shared.sockets_of(user(1)), 0U);
  const auto first = page(), second = page();
  EXPECT_EQ(world().shared.sockets_of(user(1)), 2U) << "the second has taken the id of the first";
  here("bob");
  EXPECT_EQ(world().shared.sockets_of(user(2)), 0U);
  world().lose(first);
  EXPECT_EQ(world().shared.sockets_of(user(1)), 1U);
  world().lose(second);
  EXPECT_EQ(world().shared.sockets_of(user(1)), 0U);
}

TEST_P(PeersOnShards, UserWhoIsNotAdmittedIsNotCounted) {
  settings.concurrent_limit = 0;
  EXPECT_FALSE(
      world().open({.id = to_text(user(1).value()), .token = "t", .proof = Proof{user(1), login(1)}, .user = user(1)}).opened);
  EXPECT_EQ(world().shared.sockets_of(user(1)), 0U);
}

TEST_P(PeersOnShards, AHeartbeatIsAnsweredByNothing) {
  const auto alice = here("alice");
  EXPECT_EQ(world().say(alice, peerjs::Type::heartbeat), Relay::done);
  EXPECT_THAT(world().take(alice), IsEmpty());
}

TEST_P(PeersOnShards, W_004_11_MessagesForAnAbsentPeerReachItInOrderOnceItIsHere) {
  const auto alice = here("alice");
  world().say(alice, peerjs::Type::offer, "bob", "0");
  for (int i = 1; i <= 24; ++i) world().say(alice, peerjs::Type::candidate, "bob", std::to_string(i));
  world().advance(4s);
  const auto bob = world().open("bob");
  const auto got = world().take(bob);
  ASSERT_EQ(got.size(), 26U);
  EXPECT_EQ(got[0], peerjs::kOpen);
  EXPECT_EQ(got[1], R"({"type":"OFFER","src":"alice","dst":"bob","payload":0})");
  for (std::size_t i = 1; i <= 24; ++i)
    EXPECT_EQ(got[i + 1], R"({"type":"CANDIDATE","src":"alice","dst":"bob","payload":)" + std::to_string(i) + "}");
  world().advance(10s);
  EXPECT_THAT(world().take(alice), IsEmpty()) << "nothing of it expires";
}

TEST_P(PeersOnShards, W_004_11_WhoSentToAPeerThatDoesNotComeGetsOneExpire) {
  const auto alice = here("alice");
  world().say(alice, peerjs::Type::offer, "bob", "0");
  world().say(alice, peerjs::Type::candidate, "bob", "1");
  world().advance(5s - Duration{1});
  EXPECT_THAT(world().take(alice), IsEmpty());
  world().advance(Duration{1});
  EXPECT_THAT(world().take(alice), ElementsAre(R"({"type":"EXPIRE","src":"bob","dst":"alice"})"));
  EXPECT_THAT(world().take(world().open("bob")), ElementsAre(peerjs::kOpen));
}

TEST_P(PeersOnShards, LeaveAndExpireForAnAbsentPeerAreDropped) {
  const auto alice = here("alice");
  world().say(alice, peerjs::Type::leave, "bob");
  world().say(alice, peerjs::Type::expire, "bob");
  EXPECT_THAT(world().take(world().open("bob")), ElementsAre(peerjs::kOpen));
}

TEST_P(PeersOnShards, W_004_11_ABurstOf60MessagesIsNotLimited) {
  const auto alice = here("alice");
  const auto bob = here("bob");
  for (int i = 0; i < 60; ++i) EXPECT_EQ(world().say(alice, peerjs::Type::candidate, "bob", "1"), Relay::done);
  EXPECT_EQ(world().take(bob).size(), 60U);
}

TEST_P(PeersOnShards, APeerThatFloodsIsReported) {
  settings.messages = {100, 10s};
  const auto alice = here("alice");
  const auto bob = here("bob");
  for (int i = 0; i < 100; ++i) EXPECT_EQ(world().say(alice, peerjs::Type::candidate, "bob", "1"), Relay::done);
  EXPECT_EQ(world().say(alice, peerjs::Type::candidate, "bob", "1"), Relay::too_many);
  EXPECT_EQ(world().say(alice, peerjs::Type::heartbeat), Relay::too_many);
  EXPECT_EQ(world().take(bob).size(), 100U);
  EXPECT_EQ(world().say(bob, peerjs::Type::candidate, "alice", "1"), Relay::done);
}

TEST_P(PeersOnShards, ALargeMessageCountsAsSeveral) {
  settings.messages = {100, 10s};
  settings.bytes_per_count = 1000;
  const auto alice = here("alice");
  const auto bob = here("bob");
  EXPECT_EQ(world().say(alice, peerjs::Type::offer, "bob", std::string(97'000, '1')), Relay::done);
  EXPECT_EQ(world().say(alice, peerjs::Type::candidate, "bob", std::string(999, '1')), Relay::done);
  EXPECT_EQ(world().say(alice, peerjs::Type::candidate, "bob", std::string(1000, '1')), Relay::too_many);
  EXPECT_EQ(world().take(bob).size(), 2U);
}

TEST_P(PeersOnShards, WhatCannotBeReadIsIgnoredButCounts) {
  settings.messages = {2, 10s};
  const auto alice = here("alice");
  const auto junk = [&] { return world().peers[alice.shard]->receive(alice.socket, unexpected(peerjs::DecodeError::not_json)); };
  EXPECT_EQ(junk(), Relay::done);
  EXPECT_EQ(junk(), Relay::done);
  EXPECT_EQ(junk(), Relay::too_many);
  EXPECT_THAT(world().take(alice), IsEmpty());
}

TEST_P(PeersOnShards, BeyondTheLimitNobodyComesButWhoIsHereMayComeAgain) {
  settings.concurrent_limit = 2;
  const auto alice = here("alice", "one");
  const auto bob = here("bob");
  EXPECT_EQ(world().open("carol").opened.error(), RegistrationFault::limit_reached);
  EXPECT_FALSE(world().ended(alice));
  EXPECT_TRUE(world().open("alice", "one").opened);
  EXPECT_TRUE(world().ended(alice)) << "for both there is no room";
  EXPECT_EQ(world().open("carol").opened.error(), RegistrationFault::limit_reached);
  world().lose(bob);
  EXPECT_TRUE(world().open("carol").opened);
}

TEST_P(PeersOnShards, ASocketThatLostItsIdOrGaveItUpStillCounts) {
  settings.concurrent_limit = 4;
  const auto before = here("alice", "one");
  here("alice", "one");
  world().say(here("bob"), peerjs::Type::leave);
  EXPECT_EQ(world().shared.count(), 3U);
  here("carol");
  EXPECT_EQ(world().open("dave").opened.error(), RegistrationFault::limit_reached);
  world().lose(before);
  EXPECT_TRUE(world().open("dave").opened);
}

TEST_P(PeersOnShards, StrangersLeaveRoomForUsers) {
  settings.concurrent_limit = 3;
  settings.stranger_limit = 2;
  const auto alice = here("alice");
  here("bob");
  EXPECT_EQ(world().open("carol").opened.error(), RegistrationFault::limit_reached);
  EXPECT_EQ(world().shared.count(), 2U);
  const auto of_user = [&](const std::string& id) {
    return world().open({.id = id, .token = "t", .proof = Proof{user(1), login(1)}});
  };
  const auto page = of_user("u");
  EXPECT_TRUE(page.opened);
  EXPECT_EQ(of_user("u-2").opened.error(), RegistrationFault::limit_reached) << "all together have their limit too";
  world().lose(page);
  EXPECT_EQ(world().open("carol").opened.error(), RegistrationFault::limit_reached) << "its place is no stranger's";
  world().lose(alice);
  EXPECT_TRUE(world().open("carol").opened);
}

TEST_P(PeersOnShards, APeerWithoutAHeartbeatIsClosedAndItsIdIsFree) {
  const auto alice = here("alice", "one");
  const auto bob = here("bob");
  world().advance(60s);
  world().say(bob, peerjs::Type::heartbeat);
  world().say(alice, peerjs::Type::candidate, "bob", "1");  // npm `peer` counts heartbeats only
  world().advance(30s - Duration{1});
  EXPECT_FALSE(world().ended(alice));
  world().advance(Duration{1});
  EXPECT_TRUE(world().ended(alice));
  EXPECT_FALSE(world().ended(bob));
  EXPECT_TRUE(world().open("alice", "two").opened);
}

TEST_P(PeersOnShards, ALeaveToNobodyGivesTheIdUp) {
  const auto alice = here("alice", "one");
  world().say(alice, peerjs::Type::leave);
  EXPECT_FALSE(world().ended(alice));
  EXPECT_TRUE(world().open("alice", "two").opened);
  EXPECT_EQ(world().shared.count(), 2U) << "the socket is still here";
}

TEST_P(PeersOnShards, ALeaveToNobodyOfAnOldSocketFreesNothing) {
  const auto before = here("alice", "one");
  const auto after = here("alice", "one");
  world().say(before, peerjs::Type::leave);
  const auto bob = here("bob");
  world().say(bob, peerjs::Type::offer, "alice", "1");
  EXPECT_EQ(world().take(after).size(), 1U);
}

TEST_P(PeersOnShards, TheIdsOfAllShardsAreListed) {
  here("alice");
  here("bob");
  here("carol");
  std::vector<std::string> ids;
  world().peers.front()->list([&](std::vector<std::string> all) { ids = std::move(all); });
  world().post.run();
  EXPECT_THAT(ids, UnorderedElementsAre("alice", "bob", "carol"));
}

TEST_P(PeersOnShards, TheSocketsOfADeactivatedUserEndOnEveryShard) {
  const auto one = world().open({.id = "a-1", .token = "1", .proof = Proof{user(1), login(1)}});
  const auto two = world().open({.id = "a-2", .token = "2", .proof = Proof{user(1), login(2)}});
  const auto other = world().open({.id = "b", .token = "3", .proof = Proof{user(2), login(3)}});
  world().peers.front()->end_user(user(1));
  world().post.run();
  EXPECT_TRUE(world().ended(one));
  EXPECT_TRUE(world().ended(two));
  EXPECT_FALSE(world().ended(other));
  EXPECT_EQ(world().shared.count(), 1U);
}

TEST_P(PeersOnShards, TheSocketsOfARevokedLoginEnd) {
  const auto one = world().open({.id = "a-1", .token = "1", .proof = Proof{user(1), login(1)}});
  const auto two = world().open({.id = "a-2", .token = "2", .proof = Proof{user(1), login(2)}});
  world().peers.back()->end_login(login(1));
  world().post.run();
  EXPECT_TRUE(world().ended(one));
  EXPECT_FALSE(world().ended(two));
}

TEST_P(PeersOnShards, TheIdOfARevokedLoginGoesToThePageOfAnother) {
  const auto page = [&](const std::string& token, std::uint8_t of) {
    return world().open({.id = "alice", .token = token, .proof = Proof{user(1), login(of)}, .user = user(1)});
  };
  const auto of_other = page("one", 2);
  const auto one = page("two", 1), two = page("three", 1);
  world().peers.front()->end_login(login(1));
  world().post.run();
  EXPECT_TRUE(world().ended(one));
  EXPECT_TRUE(world().ended(two));
  world().take(of_other);
  world().say(here("bob"), peerjs::Type::offer, "alice", "1");
  EXPECT_EQ(world().take(of_other).size(), 1U);
}

TEST_P(PeersOnShards, WhatHasNoRoomExpiresAtOnce) {
  const auto alice = here("alice");
  const std::string large(40 * 1024, '1');
  world().say(alice, peerjs::Type::offer, "bob", large);
  EXPECT_THAT(world().take(alice), IsEmpty());
  world().say(alice, peerjs::Type::offer, "bob", large);
  EXPECT_THAT(world().take(alice), ElementsAre(R"({"type":"EXPIRE","src":"bob","dst":"alice"})"));
}

// R-004-42: eight of them could keep all callers of somebody away who reloads their page.
TEST_P(PeersOnShards, StrangersDoNotKeepTheCallOfAUserFromAnAbsentPeer) {
  for (int i = 0; i < 20; ++i)
    world().say(here("stranger " + std::to_string(i)), peerjs::Type::offer, "bob", std::string(60 * 1024, '1'));
  const auto alice = world().open({.id = "alice", .token = "t", .proof = Proof{user(1), login(1)}, .user = user(1)});
  world().say(alice, peerjs::Type::offer, "bob", "0");
  for (int i = 1; i <= 24; ++i) world().say(alice, peerjs::Type::candidate, "bob", std::to_string(i));
  const auto got = world().take(world().open("bob"));
  EXPECT_EQ(got.back(), R"({"type":"CANDIDATE","src":"alice","dst":"bob","payload":24})");
  EXPECT_THAT(world().take(alice), ElementsAre(peerjs::kOpen));
}

}  // namespace
}  // namespace belfry::peers::testing

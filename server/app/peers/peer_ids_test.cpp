// Who has which id, and who gets it when its socket goes (SPEC W-004-09, W-004-10).
#include "app/peers/peers_for_tests.hpp"

using namespace std::chrono_literals;

namespace belfry::peers::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class PeerIds : public PeersOnShards {};

INSTANTIATE_TEST_SUITE_P(Shards, PeerIds, ::testing::Values(ShardIndex{1}, ShardIndex{3}));

TEST_P(PeerIds, AnIdIsTakenForWhoHasAnotherToken) {
  const auto alice = here("alice", "one");
  const auto other = world().open("alice", "two");
  EXPECT_EQ(other.opened.error(), RegistrationFault::id_taken);
  const auto bob = here("bob");
  world().say(bob, peerjs::Type::offer, "alice", "1");
  EXPECT_EQ(world().take(alice).size(), 1U);
  EXPECT_EQ(world().shared.count(), 2U);
}

TEST_P(PeerIds, TheSameIdAndTokenTakeTheIdOverAndTheOldSocketsEndFreesNothing) {
  const auto before = here("alice", "one");
  const auto bob = here("bob");
  const auto after = world().open("alice", "one");
  EXPECT_THAT(world().take(after), ElementsAre(peerjs::kOpen));
  world().lose(before);
  world().say(bob, peerjs::Type::offer, "alice", "1");
  EXPECT_EQ(world().take(after).size(), 1U);
  EXPECT_THAT(world().take(before), IsEmpty());
  EXPECT_EQ(world().open("alice", "two").opened.error(), RegistrationFault::id_taken);
  EXPECT_EQ(world().shared.count(), 2U);
  world().lose(after);
  EXPECT_TRUE(world().open("alice", "two").opened);
}

TEST_P(PeerIds, AnOldSocketMaySendWhileItsOwnerHasTheId) {
  const auto before = here("alice", "one");
  const auto bob = here("bob");
  const auto after = here("alice", "one");
  world().say(before, peerjs::Type::candidate, "bob", "1");
  EXPECT_EQ(world().take(bob).size(), 1U);
  world().lose(after);
  here("alice", "two");
  world().say(before, peerjs::Type::candidate, "bob", "2");
  EXPECT_THAT(world().take(bob), IsEmpty()) << "it would speak in the name of another";
}

TEST_P(PeerIds, W_004_10_AUserTakesTheirIdOverWithAnyToken) {
  const auto page = world().open({.id = "alice", .token = "one", .proof = Proof{user(1), login(1)}});
  EXPECT_TRUE(page.opened);
  const auto reloaded = world().open({.id = "alice", .token = "two", .proof = Proof{user(1), login(1)}});
  EXPECT_TRUE(reloaded.opened);
  world().lose(page);
  const auto bob = here("bob");
  world().say(bob, peerjs::Type::offer, "alice", "1");
  EXPECT_EQ(world().take(reloaded).size(), 2U) << "OPEN and the offer";
  EXPECT_EQ(world().open("alice", "three").opened.error(), RegistrationFault::id_taken);
}

TEST_P(PeerIds, W_004_10_AUserTakesTheirIdOverFromWhoHasNoCredential) {
  here("alice", "one");
  EXPECT_TRUE(world().open({.id = "alice", .token = "two", .proof = Proof{user(1), login(1)}}).opened);
}

// Tabs of one login, and of another: the stock client of a tab that is left behind makes no other peer.
TEST_P(PeerIds, W_004_10_TheLatestOlderSocketOfTheUserHasTheIdAgain) {
  const auto page = [&](const std::string& token, std::uint8_t of) {
    return world().open({.id = "alice", .token = token, .proof = Proof{user(1), login(of)}, .user = user(1)});
  };
  const auto first = page("one", 1), second = page("two", 1), third = page("three", 2), fourth = page("four", 2);
  const auto bob = here("bob");
  for (const auto& each : {first, second, third, fourth}) world().take(each);
  const auto is_called = [&](const World::Peer& peer) {
    world().say(bob, peerjs::Type::offer, "alice", "1");
    return world().take(peer).size() == 1;
  };
  EXPECT_TRUE(is_called(fourth));
  world().lose(fourth);
  EXPECT_TRUE(is_called(third)) << "without another OPEN";
  world().lose(second);
  EXPECT_TRUE(is_called(third));
  world().say(third, peerjs::Type::leave);
  EXPECT_TRUE(is_called(first));
  world().lose(third);
  EXPECT_TRUE(is_called(first));
  EXPECT_EQ(world().shared.peer_of(user(1)), "alice");
  world().lose(first);
  EXPECT_FALSE(world().shared.has_peer(user(1)));
  EXPECT_TRUE(world().open("alice", "five").opened);
  EXPECT_EQ(world().shared.count(), 2U);
}

TEST_P(PeerIds, WithoutACredentialAnOlderSocketDoesNotHaveTheIdAgain) {
  const auto before = here("alice", "one");
  world().lose(here("alice", "one"));
  EXPECT_TRUE(world().open("alice", "two").opened) << "the rule of npm `peer`";
  EXPECT_THAT(world().take(before), IsEmpty());
}

TEST_P(PeerIds, AnOlderSocketOfAStrangerDoesNotHaveTheIdOfTheUserWhoTookItOver) {
  here("alice", "one");
  world().lose(world().open({.id = "alice", .token = "two", .proof = Proof{user(1), login(1)}}));
  EXPECT_TRUE(world().open("alice", "three").opened);
}

TEST_P(PeerIds, ASocketThatIsSilentHandsItsIdToOneThatIsNot) {
  const auto page = [&](const std::string& token) {
    return world().open({.id = "alice", .token = token, .proof = Proof{user(1), login(1)}, .user = user(1)});
  };
  const auto first = page("one"), second = page("two"), third = page("three");
  world().advance(60s);
  world().say(first, peerjs::Type::heartbeat);
  world().advance(30s);
  EXPECT_TRUE(world().ended(second));
  EXPECT_TRUE(world().ended(third));
  EXPECT_EQ(world().shared.peer_of(user(1)), "alice");
  world().advance(60s);
  EXPECT_TRUE(world().ended(first));
  EXPECT_FALSE(world().shared.has_peer(user(1)));
}

TEST_P(PeerIds, WhereThereIsNoRoomForBothTheIdIsThatOfTheNewPage) {
  settings.concurrent_limit = 2;
  const auto page = [&](const std::string& token) {
    return world().open({.id = "alice", .token = token, .proof = Proof{user(1), login(1)}, .user = user(1)});
  };
  const auto first = page("one"), second = page("two"), third = page("three");
  EXPECT_TRUE(world().ended(second));
  world().lose(third);
  EXPECT_EQ(world().shared.peer_of(user(1)), "alice");
  world().lose(first);
  EXPECT_FALSE(world().shared.has_peer(user(1)));
  EXPECT_EQ(world().shared.count(), 0U);
}

// Found by review: `<id>-1`, `<id>-2` and so on were a user's without a bound.
TEST_P(PeerIds, W_004_10_AUserHasSoManySocketsUnderAllIdsTogether) {
  settings.limit_of_user = 2;
  const auto page = [&](const std::string& id, std::uint8_t of) {
    return world().open({.id = id, .token = "token", .proof = Proof{user(of), login(of)}, .user = user(of)});
  };
  const auto first = page("alice", 1), second = page("alice-1", 1);
  EXPECT_EQ(page("alice-2", 1).opened.error(), RegistrationFault::limit_reached);
  EXPECT_EQ(world().shared.sockets_of(user(1)), 2U);
  EXPECT_EQ(world().shared.count(), 2U);
  EXPECT_TRUE(page("alice-1", 1).opened) << "a page that reloads";
  EXPECT_TRUE(world().ended(second));
  EXPECT_TRUE(page("bob", 2).opened);
  world().lose(first);
  EXPECT_TRUE(page("alice-2", 1).opened);
  for (const char* const id : {"alice-3", "alice-4", "alice-5"})
    EXPECT_TRUE(world().open({.id = id, .token = "token", .user = user(1)}).opened) << "in a trial, by the stock rule";
}

}  // namespace
}  // namespace belfry::peers::testing

// The peers of a login that its user has ended (SPEC W-004-10): they stay, muted, until the user is back. On one shard and on
// three.
#include <array>

#include "app/peers/peers_for_tests.hpp"

using namespace std::chrono_literals;

namespace belfry::peers::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string kAnn = to_text(user(1).value());

/// One of ours, as made at that moment.
account::LoginId login_at(WallTime made) {
  return account::LoginId(make_uuid_v7(made, std::array<std::byte, kUuidRandomBytes>{}));
}

/// Ann's page has a peer, and she has logged out.
class LoggedOut : public PeersOnShards {
 protected:
  void SetUp() override {
    page = page_with("page", login(1));
    bob = here("bob");
    log_out(login(1));
  }
  World::Peer page_with(const std::string& token, const account::LoginId& of) {
    const auto peer = world().open({.id = kAnn, .token = token, .proof = Proof{user(1), of}, .user = user(1)});
    EXPECT_TRUE(peer.opened);
    world().take(peer);
    return peer;
  }
  void log_out(const account::LoginId& of) {
    world().peers.front()->login_left(of);
    world().post.run();
  }
  void comes(const account::LoginId& with) {
    world().peers.back()->user_came(user(1), with);
    world().post.run();
  }
  bool is_heard(const World::Peer& peer) {
    world().say(peer, peerjs::Type::candidate, "bob", "1");
    return !world().take(bob).empty();
  }
  [[nodiscard]] account::LoginId later() { return login_at(world().clock.wall()); }
  World::Peer page, bob;
};
INSTANTIATE_TEST_SUITE_P(Shards, LoggedOut, ::testing::Values(ShardIndex{1}, ShardIndex{3}));

TEST_P(LoggedOut, PeerSendsNothingInTheUsersNameAndItsOffersExpire) {
  EXPECT_FALSE(world().ended(page)) << "the stock client makes no other";
  for (const auto type : {peerjs::Type::offer, peerjs::Type::answer, peerjs::Type::candidate, peerjs::Type::leave})
    world().say(page, type, "bob", "1");
  EXPECT_THAT(world().take(bob), IsEmpty());
  world().advance(5s);
  EXPECT_THAT(world().take(page), ElementsAre(R"({"type":"EXPIRE","src":"bob","dst":")" + kAnn + R"("})"));
}

TEST_P(LoggedOut, PeerIsAbsentForOthers) {
  EXPECT_FALSE(world().shared.has_peer(user(1)));
  world().say(bob, peerjs::Type::offer, kAnn, "1");
  world().advance(5s);
  EXPECT_THAT(world().take(page), IsEmpty());
  EXPECT_THAT(world().take(bob), SizeIs(1)) << "EXPIRE";
}

TEST_P(LoggedOut, PeerIsHeardAgainOnceTheUserIsBackAndGetsWhatWaited) {
  world().say(bob, peerjs::Type::offer, kAnn, "1");
  comes(later());
  EXPECT_THAT(world().take(page), SizeIs(1));
  EXPECT_TRUE(world().shared.has_peer(user(1)));
  EXPECT_TRUE(is_heard(page));
}

TEST_P(LoggedOut, SessionsOfEarlierLoginsAndOfOthersDoNotBringItBack) {
  comes(login_at({world().clock.wall().unix_ms - 1}));
  EXPECT_FALSE(is_heard(page));
  world().peers.back()->user_came(user(2), later());
  world().post.run();
  EXPECT_FALSE(is_heard(page));
}

TEST_P(LoggedOut, PeerBelongsToTheLaterLoginFromThenOn) {
  comes(later());
  log_out(login(1));
  EXPECT_TRUE(is_heard(page)) << "that login has ended before";
  log_out(later());
  EXPECT_FALSE(is_heard(page));
  comes(later());
  world().peers.front()->end_login(later());
  world().post.run();
  EXPECT_TRUE(world().ended(page));
}

// A page that somebody has left open elsewhere.
TEST_P(LoggedOut, PeerIsMutedForGoodWhenAnotherPageOfTheUserHasTheId) {
  comes(later());
  EXPECT_TRUE(is_heard(page));
  const auto other = page_with("other", later());
  EXPECT_FALSE(is_heard(page));
  EXPECT_TRUE(is_heard(other));
  comes(later());
  EXPECT_FALSE(is_heard(page));
  EXPECT_EQ(world().shared.peer_of(user(1)), kAnn);
}

TEST_P(LoggedOut, PeerThatLostItsIdDoesNotHaveItAgain) {
  const auto other = page_with("other", login(2));
  EXPECT_TRUE(world().shared.has_peer(user(1)));
  world().lose(other);
  EXPECT_FALSE(world().shared.has_peer(user(1)));
  EXPECT_FALSE(is_heard(page));
  EXPECT_TRUE(is_heard(page_with("new", login(2))));
}

TEST_P(LoggedOut, PeerLeavesItsIdAndWhatWaitsForItToAPageOfAnotherLogin) {
  const auto tablet = page_with("tablet", login(2));
  const auto laptop = page_with("laptop", login(3));
  log_out(login(3));
  world().say(bob, peerjs::Type::offer, kAnn, "1");
  EXPECT_THAT(world().take(tablet), IsEmpty());
  world().lose(laptop);
  EXPECT_THAT(world().take(tablet), SizeIs(1));
  EXPECT_EQ(world().shared.peer_of(user(1)), kAnn);
  EXPECT_TRUE(is_heard(tablet));
  world().lose(tablet);
  EXPECT_FALSE(world().shared.has_peer(user(1)));
}

TEST_P(LoggedOut, OtherLoginsOfTheUserAreHeard) {
  const auto tablet = world().open({.id = kAnn + "-tablet", .token = "t", .proof = Proof{user(1), login(2)}, .user = user(1)});
  EXPECT_TRUE(is_heard(tablet));
}

TEST_P(LoggedOut, ItsEndIsTheEndOfIt) {
  world().lose(page);
  EXPECT_FALSE(world().shared.has_logged_out(user(1)));
  EXPECT_TRUE(is_heard(page_with("new", login(2))));
}

}  // namespace
}  // namespace belfry::peers::testing

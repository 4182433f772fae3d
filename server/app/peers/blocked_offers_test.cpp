// Whom the peer of a user may not reach (SPEC K45, K58), on one shard and on three.
#include "app/peers/peers_for_tests.hpp"

using namespace std::chrono_literals;

namespace belfry::peers::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string kAnn = to_text(user(1).value()), kBen = to_text(user(2).value()), kCid = to_text(user(3).value());

class BlockedOffers : public PeersOnShards {
 protected:
  World::Peer page_of(std::uint8_t number, const std::string& suffix = "") {
    const std::string id = to_text(user(number).value()) + suffix;
    const auto page = world().open({.id = id, .token = "t", .proof = Proof{user(number), login(number)}, .user = user(number)});
    EXPECT_TRUE(page.opened);
    world().take(page);
    return page;
  }
  static std::string expired(const std::string& src, const std::string& dst) {
    return R"({"type":"EXPIRE","src":")" + src + R"(","dst":")" + dst + R"("})";
  }
};
INSTANTIATE_TEST_SUITE_P(Shards, BlockedOffers, ::testing::Values(ShardIndex{1}, ShardIndex{3}));

// K45
TEST_P(BlockedOffers, WhomEitherBlocksIsAbsentForTheOther) {
  const auto ann = page_of(1), ben = page_of(2);
  for (const auto& block : {std::pair{user(1), user(2)}, std::pair{user(2), user(1)}}) {
    world().blocks = {block};
    world().say(ann, peerjs::Type::offer, kBen, "0");
    for (int i = 1; i <= 3; ++i) world().say(ann, peerjs::Type::candidate, kBen, std::to_string(i));
    world().advance(5s - Duration{1});
    EXPECT_THAT(world().take(ann), IsEmpty()) << "as if he could still come";
    world().advance(Duration{1});
    EXPECT_THAT(world().take(ann), ElementsAre(expired(kBen, kAnn)));
    EXPECT_THAT(world().take(ben), IsEmpty());
  }
}

TEST_P(BlockedOffers, OneQuestionIsAskedForAnOfferAndNoneForItsCandidates) {
  const auto ann = page_of(1), ben = page_of(2);
  world().say(ann, peerjs::Type::offer, kBen, "0");
  for (int i = 1; i <= 24; ++i) world().say(ann, peerjs::Type::candidate, kBen, std::to_string(i));
  world().say(ben, peerjs::Type::answer, kAnn, "1");
  EXPECT_THAT(world().take(ben), SizeIs(25));
  EXPECT_THAT(world().take(ann), SizeIs(1));
  EXPECT_THAT(world().asked, SizeIs(1));
}

TEST_P(BlockedOffers, WhatFollowsAnOfferWaitsBehindItInOrder) {
  const auto ann = page_of(1), ben = page_of(2), cid = page_of(3);
  world().store_is_slow = true;
  world().say(ann, peerjs::Type::offer, kBen, "0");
  world().say(ann, peerjs::Type::candidate, kBen, "1");
  world().say(ann, peerjs::Type::offer, kBen, "2");
  world().say(ann, peerjs::Type::candidate, kCid, "3");
  EXPECT_THAT(world().take(ben), IsEmpty());
  EXPECT_THAT(world().take(cid), SizeIs(1)) << "others do not wait for it";
  ASSERT_THAT(world().asked, SizeIs(1));
  world().asked.front()();
  world().post.run();
  EXPECT_THAT(world().take(ben),
              ElementsAre(R"({"type":"OFFER","src":")" + kAnn + R"(","dst":")" + kBen + R"(","payload":0})",
                          R"({"type":"CANDIDATE","src":")" + kAnn + R"(","dst":")" + kBen + R"(","payload":1})",
                          R"({"type":"OFFER","src":")" + kAnn + R"(","dst":")" + kBen + R"(","payload":2})"));
}

TEST_P(BlockedOffers, OfferAfterTheBlockWasTakenBackReachesThem) {
  const auto ann = page_of(1), ben = page_of(2);
  world().blocks = {{user(2), user(1)}};
  world().say(ann, peerjs::Type::offer, kBen, "0");
  world().blocks.clear();
  world().say(ann, peerjs::Type::candidate, kBen, "1");
  world().say(ann, peerjs::Type::offer, kBen, "2");
  world().say(ann, peerjs::Type::candidate, kBen, "3");
  EXPECT_THAT(world().take(ben), SizeIs(2));
}

// K58: an id that begins with the user's is the user's too.
TEST_P(BlockedOffers, EveryPeerOfAUserIsTheUser) {
  const auto tablet = page_of(1, "-tablet"), ben = page_of(2, "-desk");
  world().blocks = {{user(2), user(1)}};
  world().say(tablet, peerjs::Type::offer, kBen + "-desk", "0");
  EXPECT_THAT(world().take(ben), IsEmpty());
}

TEST_P(BlockedOffers, StrangersAndOnesOwnPeersAreNotAskedFor) {
  const auto ann = page_of(1), tablet = page_of(1, "-tablet"), stranger = here("stranger");
  world().say(ann, peerjs::Type::offer, kAnn + "-tablet", "0");
  world().say(ann, peerjs::Type::offer, "stranger", "0");
  world().say(stranger, peerjs::Type::offer, kAnn, "0");
  for (const auto& each : {ann, tablet, stranger}) EXPECT_THAT(world().take(each), SizeIs(1));
  EXPECT_THAT(world().asked, IsEmpty());
}

TEST_P(BlockedOffers, AnswerForASocketThatIsGoneDoesNothing) {
  const auto ann = page_of(1), ben = page_of(2);
  world().store_is_slow = true;
  world().say(ann, peerjs::Type::offer, kBen, "0");
  world().lose(ann);
  world().asked.front()();
  world().post.run();
  EXPECT_THAT(world().take(ben), IsEmpty());
}

}  // namespace
}  // namespace belfry::peers::testing

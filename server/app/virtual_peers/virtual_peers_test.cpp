// A call of two between a chat session whose page has a peer and somebody without one, and between two such pages: what the
// peers get, what is signalled in the call, and what is kept from the sockets (SPEC K20, K58, W-004-11, W-004-21, W-004-22). On
// one shard and on three.
#include "app/virtual_peers/virtual_peers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/virtual_peers/a_call_for_tests.hpp"

namespace belfry::virtual_peers::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

INSTANTIATE_TEST_SUITE_P(Shards, ACall, ::testing::Values(ShardIndex{1}, ShardIndex{3}));

// W-004-21
TEST_P(ACall, K58_OfSomebodyWithoutPeerJsIsOfferedToThePageBehindItsRing) {
  session(kAnn, Dialect::native);
  const Session ben = session(kBen, Dialect::chat);
  const Page page_of_ben = page(kBen);
  stored.row.offer = call::Description(kOffer);
  ring(ben);
  signal(ben, kAnn, SignalKind::candidate, R"({"candidate":"1"})");
  advance(99ms);
  EXPECT_THAT(take(page_of_ben), IsEmpty());
  advance(1ms);
  EXPECT_THAT(take(page_of_ben), ElementsAre(message("OFFER", kAnn, kBen,
                                                     R"({"sdp":)" + kOffer + R"(,"type":"media","connectionId":")" + kMade +
                                                         R"(","metadata":{"name":"ann","profileImg":"/ann.png","callId":")" +
                                                         to_text(kCall) + R"("}})"),
                                             message("CANDIDATE", kAnn, kBen, media(kMade, R"("candidate":{"candidate":"1"})"))));
  EXPECT_THAT(signals_at(ben), IsEmpty()) << "not on the socket as well";

  say(page_of_ben, Type::answer, kAnn, media(kMade, R"("sdp":)" + kAnswer));
  say(page_of_ben, Type::candidate, kAnn, media(kMade, R"("candidate":{"candidate":"2"})"));
  EXPECT_THAT(said, IsEmpty()) << "an ANSWER alone accepts nothing";
  answered_by(ben);
  notify(ben, calls::CallAccepted{view(), {}, {}});
  EXPECT_THAT(said, ElementsAre("answer ben " + kAnswer, R"(candidate ben {"candidate":"2"})"));
  over();
  notify(ben, calls::CallEnded{view(), {}});
  EXPECT_THAT(take(page_of_ben), ElementsAre(leave(kAnn, kBen)));
}

TEST_P(ACall, K58_TheDialogNamesTheCallerAsTheirAccountDoes) {
  session(kAnn, Dialect::native);
  const Session ben = session(kBen, Dialect::chat);
  const Page page_of_ben = page(kBen);
  stored.row.offer = call::Description(kOffer);
  store_is_slow = true;
  ring(ben);
  advance(200ms);
  EXPECT_THAT(take(page_of_ben), IsEmpty());
  asked.front()("Ann A.");
  EXPECT_THAT(take(page_of_ben), ElementsAre(HasSubstr(R"("name":"Ann A.")")));
}

TEST_P(ACall, K58_AChatClientThatSendsItsRingLaterSaysSo) {
  session(kAnn, Dialect::native);
  const Session ben = session(kBen, Dialect::chat);
  const Page page_of_ben = page(kBen);
  stored.row.offer = call::Description(kOffer);
  ring(ben);
  advance(60ms);
  shards[ben.live.at.shard].chat->rung(ben.live.at, view());
  post.run();
  advance(99ms);
  EXPECT_THAT(take(page_of_ben), IsEmpty());
  advance(1ms);
  EXPECT_EQ(take(page_of_ben).size(), 1U);
}

TEST_P(ACall, K58_OfAPageToSomebodyWithoutPeerJsIsSignalledAndAnsweredToThePage) {
  const Session ann = session(kAnn, Dialect::chat);
  const Session ben = session(kBen, Dialect::signaling);
  const Page page_of_ann = page(kAnn);
  notify(ann, calls::Progress{view()});
  say(page_of_ann, Type::offer, kBen, media("mc_1", R"("sdp":)" + kOffer));
  say(page_of_ann, Type::candidate, kBen, media("mc_1", R"("candidate":{"candidate":"1"})"));
  EXPECT_THAT(said, ElementsAre("offer ann " + kOffer, R"(candidate ann {"candidate":"1"})"));
  answered_by(ben);
  notify(ann, calls::CallAccepted{view(), {}, call::Description(kAnswer)});
  signal(ann, kBen, SignalKind::candidate, R"({"candidate":"2"})");
  EXPECT_THAT(take(page_of_ann),
              ElementsAre(message("ANSWER", kBen, kAnn, media("mc_1", R"("sdp":)" + kAnswer)),
                          message("CANDIDATE", kBen, kAnn, media("mc_1", R"("candidate":{"candidate":"2"})"))));
  EXPECT_THAT(signals_at(ann), IsEmpty());
  over();
  notify(ann, calls::CallEnded{view(), {}});
  EXPECT_THAT(take(page_of_ann), ElementsAre(leave(kBen, kAnn)));
  advance(10s);
  EXPECT_THAT(take(page_of_ann), IsEmpty()) << "nothing expires";
}

TEST_P(ACall, K58_AnOfferThatIsHereBeforeTheCallIsSignalledWhenItIsKnown) {
  const Session ann = session(kAnn, Dialect::chat);
  session(kBen, Dialect::native);
  const Page page_of_ann = page(kAnn);
  say(page_of_ann, Type::offer, kBen, media("mc_1", R"("sdp":)" + kOffer));
  say(page_of_ann, Type::candidate, kBen, media("mc_1", R"("candidate":1)"));
  EXPECT_THAT(said, IsEmpty());
  notify(ann, calls::Progress{view()});
  EXPECT_THAT(said, ElementsAre("offer ann " + kOffer, "candidate ann 1"));
  advance(10s);
  EXPECT_THAT(take(page_of_ann), IsEmpty());
}

// W-004-11
TEST_P(ACall, K58_BetweenTwoPagesIsRelayedUnchangedAndNothingIsAdded) {
  const Session ann = session(kAnn, Dialect::chat);
  const Session ben = session(kBen, Dialect::chat);
  const Page page_of_ann = page(kAnn);
  const Page page_of_ben = page(kBen);
  notify(ann, calls::Progress{view()});
  ring(ben);
  const std::string offer = media("mc_1", R"("sdp":)" + kOffer);
  const std::string candidate = media("mc_1", R"("candidate":1)");
  const std::string answer = media("mc_1", R"("sdp":)" + kAnswer);
  say(page_of_ann, Type::offer, kBen, offer);
  for (int i = 0; i < 24; ++i) say(page_of_ann, Type::candidate, kBen, candidate);
  Texts got = take(page_of_ben);
  ASSERT_EQ(got.size(), 25U);
  EXPECT_EQ(got.front(), message("OFFER", kAnn, kBen, offer));
  EXPECT_EQ(got.back(), message("CANDIDATE", kAnn, kBen, candidate));
  say(page_of_ben, Type::answer, kAnn, answer);
  EXPECT_THAT(take(page_of_ann), ElementsAre(message("ANSWER", kBen, kAnn, answer)));
  answered_by(ben);
  notify(ben, calls::CallAccepted{view(), {}, {}});
  notify(ann, calls::CallAccepted{view(), {}, {}});
  say(page_of_ann, Type::candidate, kBen, candidate);
  EXPECT_THAT(take(page_of_ben), ElementsAre(message("CANDIDATE", kAnn, kBen, candidate)));
  over();
  notify(ann, calls::CallEnded{view(), {}});
  notify(ben, calls::CallEnded{view(), {}});
  advance(10s);
  EXPECT_THAT(take(page_of_ann), IsEmpty());
  EXPECT_THAT(take(page_of_ben), IsEmpty());
  EXPECT_THAT(said, IsEmpty());
}

TEST_P(ACall, W_004_22_APageThatReloadsWhileItIsRungGetsTheOfferAndTheCandidatesAgain) {
  const Session ann = session(kAnn, Dialect::chat);
  const Session ben = session(kBen, Dialect::chat);
  const Page page_of_ann = page(kAnn);
  const Page before = page(kBen);
  notify(ann, calls::Progress{view()});
  ring(ben);
  const std::string offer = media("mc_1", R"("sdp":)" + kOffer);
  const std::string candidate = media("mc_1", R"("candidate":1)");
  say(page_of_ann, Type::offer, kBen, offer);
  close(before);
  say(page_of_ann, Type::candidate, kBen, candidate);  // nobody is here
  const Page after = page(kBen);
  ring(session(kBen, Dialect::chat));
  EXPECT_THAT(take(after), IsEmpty()) << "behind the ring, or the page forgets it";
  advance(300ms);
  EXPECT_THAT(take(after), ElementsAre(message("OFFER", kAnn, kBen, offer), message("CANDIDATE", kAnn, kBen, candidate)));
  advance(10s);
  EXPECT_THAT(take(page_of_ann), IsEmpty());
}

// W-004-10
TEST_P(ACall, W_004_22_TheOlderOfTwoPagesGetsTheOfferAgainWhenTheNewerCloses) {
  const Session ann = session(kAnn, Dialect::chat);
  const Session ben = session(kBen, Dialect::chat);
  const Page page_of_ann = page(kAnn);
  const Page older = page(kBen), newer = page(kBen);
  notify(ann, calls::Progress{view()});
  ring(ben);
  const std::string offer = media("mc_1", R"("sdp":)" + kOffer);
  say(page_of_ann, Type::offer, kBen, offer);
  EXPECT_EQ(take(newer).size(), 1U);
  EXPECT_THAT(take(older), IsEmpty());
  close(newer);
  advance(300ms);
  EXPECT_THAT(take(older), ElementsAre(message("OFFER", kAnn, kBen, offer)));
  advance(10s);
  EXPECT_THAT(take(page_of_ann), IsEmpty());
}

// Nobody of the callee is there when the caller's page sends its offer.
TEST_P(ACall, K58_APageThatComesWhileItIsCalledGetsWhatWasSentBefore) {
  const Session ann = session(kAnn, Dialect::chat);
  const Page page_of_ann = page(kAnn);
  notify(ann, calls::Progress{view()});
  const auto candidate = [](int number) { return media("mc_1", R"("candidate":)" + std::to_string(number)); };
  const auto passed = [&](int number) { return message("CANDIDATE", kAnn, kBen, candidate(number)); };
  const std::string offer = media("mc_1", R"("sdp":)" + kOffer + R"(,"metadata":{"name":"Ann A."})");
  say(page_of_ann, Type::offer, kBen, offer);
  say(page_of_ann, Type::candidate, kBen, candidate(1));
  advance(10s);
  EXPECT_THAT(take(page_of_ann), IsEmpty()) << "nothing expires while it rings";
  const Session ben = session(kBen, Dialect::chat);
  say(page_of_ann, Type::candidate, kBen, candidate(2));
  ring(ben);
  const Page page_of_ben = page(kBen);
  say(page_of_ann, Type::candidate, kBen, candidate(3));
  EXPECT_THAT(take(page_of_ben), IsEmpty());
  advance(300ms);
  EXPECT_THAT(take(page_of_ben), ElementsAre(message("OFFER", kAnn, kBen, offer), passed(1), passed(2), passed(3)));
  say(page_of_ann, Type::candidate, kBen, candidate(4));
  EXPECT_THAT(take(page_of_ben), ElementsAre(passed(4)));
  EXPECT_THAT(said, IsEmpty());
  over();
  notify(ann, calls::CallEnded{view(), {}});
  EXPECT_THAT(take(page_of_ann), IsEmpty()) << "both have a peer: nothing is added";
}

TEST_P(ACall, K58_APeerThatIsThereBeforeItsRingGetsWhatWasSentBehindIt) {
  const Session ann = session(kAnn, Dialect::chat);
  const Page page_of_ann = page(kAnn);
  notify(ann, calls::Progress{view()});
  const std::string offer = media("mc_1", R"("sdp":)" + kOffer);
  const std::string candidate = media("mc_1", R"("candidate":1)");
  say(page_of_ann, Type::offer, kBen, offer);
  const Page page_of_ben = page(kBen);
  say(page_of_ann, Type::candidate, kBen, candidate);
  advance(1s);
  EXPECT_THAT(take(page_of_ben), IsEmpty()) << "the ring would take the dialog away";
  ring(session(kBen, Dialect::chat));
  advance(99ms);
  EXPECT_THAT(take(page_of_ben), IsEmpty());
  advance(1ms);
  EXPECT_THAT(take(page_of_ben), ElementsAre(message("OFFER", kAnn, kBen, offer), message("CANDIDATE", kAnn, kBen, candidate)));
}

TEST_P(ACall, K58_APageThatComesBesideAPhoneGetsWhatThePhoneGotAsSignals) {
  const Session ann = session(kAnn, Dialect::chat);
  session(kBen, Dialect::native);
  const Page page_of_ann = page(kAnn);
  notify(ann, calls::Progress{view()});
  const std::string offer = media("mc_1", R"("sdp":)" + kOffer);
  say(page_of_ann, Type::offer, kBen, offer);
  EXPECT_THAT(said, ElementsAre("offer ann " + kOffer));
  const Page page_of_ben = page(kBen);
  ring(session(kBen, Dialect::chat));
  advance(100ms);
  EXPECT_THAT(take(page_of_ben), ElementsAre(message("OFFER", kAnn, kBen, offer)));
}

TEST_P(ACall, W_004_11_APageThatNeverComesExpires) {
  const Session ann = session(kAnn, Dialect::chat);
  const Session ben = session(kBen, Dialect::chat);
  const Page page_of_ann = page(kAnn);
  notify(ann, calls::Progress{view()});
  ring(ben);
  say(page_of_ann, Type::offer, kBen, media("mc_1", R"("sdp":)" + kOffer));
  advance(5s);
  EXPECT_THAT(take(page_of_ann), ElementsAre(HasSubstr("EXPIRE")));
}

TEST_P(ACall, K58_AnsweredOnAPhoneTheOfferIsTakenBack) {
  session(kAnn, Dialect::native);
  const Session ben = session(kBen, Dialect::chat);
  const Session phone = session(kBen, Dialect::native);
  const Page page_of_ben = page(kBen);
  stored.row.offer = call::Description(kOffer);
  ring(ben);
  advance(100ms);
  EXPECT_EQ(take(page_of_ben).size(), 1U);
  answered_by(phone);
  notify(ben, calls::AnsweredElsewhere{view(), {}});
  EXPECT_THAT(take(page_of_ben), ElementsAre(leave(kAnn, kBen)));
}

TEST_P(ACall, K58_APhoneBesideThePageGetsTheOfferOfTheCallersPageAsASignal) {
  const Session ann = session(kAnn, Dialect::chat);
  const Session ben = session(kBen, Dialect::chat);
  const Page page_of_ann = page(kAnn);
  const Page page_of_ben = page(kBen);
  notify(ann, calls::Progress{view()});
  ring(ben);
  say(page_of_ann, Type::offer, kBen, media("mc_1", R"("sdp":)" + kOffer));
  EXPECT_EQ(take(page_of_ben).size(), 1U);
  EXPECT_THAT(said, IsEmpty());
  session(kBen, Dialect::native);
  advance(500ms);
  EXPECT_THAT(said, ElementsAre("offer ann " + kOffer));
}

TEST_P(ACall, SignalsThatWaitForAListenerAreTriedAgainTogether) {
  const Session ann = session(kAnn, Dialect::chat);
  const Session ben = session(kBen, Dialect::chat);
  const Page page_of_ann = page(kAnn);
  page(kBen);
  notify(ann, calls::Progress{view()});
  ring(ben);
  say(page_of_ann, Type::offer, kBen, media("mc_1", R"("sdp":)" + kOffer));
  for (int i = 0; i < 50; ++i) say(page_of_ann, Type::candidate, kBen, media("mc_1", R"("candidate":1)"));
  advance(500ms);
  const int before = clock.readings();
  advance(500ms);
  EXPECT_LT(clock.readings() - before, 20) << "each run reads the clock";
  session(kBen, Dialect::native);
  advance(500ms);
  EXPECT_EQ(said.size(), 51U);
}

TEST_P(ACall, TwoSessionsOfACalleeMakeOneOffer) {
  session(kAnn, Dialect::native);
  const Session one = session(kBen, Dialect::chat);
  const Session two = session(kBen, Dialect::chat);
  const Page page_of_ben = page(kBen);
  ring(one);
  ring(two);
  for (const Session& each : {one, two}) {
    signal(each, kAnn, SignalKind::offer, kOffer);
    signal(each, kAnn, SignalKind::candidate, "1");
  }
  advance(100ms);
  EXPECT_EQ(take(page_of_ben).size(), 2U);
}

// K24
TEST_P(ACall, WithoutAPeerSignalsGoToTheSocket) {
  session(kAnn, Dialect::native);
  const Session ben = session(kBen, Dialect::chat);
  ring(ben);
  signal(ben, kAnn, SignalKind::candidate, "1");
  EXPECT_THAT(signals_at(ben), ElementsAre("1"));
}

TEST_P(ACall, WhoStartedItOnAPhoneHasNoUseForThePage) {
  const Session page_session = session(kAnn, Dialect::chat);
  session(kAnn, Dialect::native);  // has the part now
  session(kBen, Dialect::native);
  const Page page_of_ann = page(kAnn);
  notify(page_session, calls::Progress{view()});
  say(page_of_ann, Type::offer, kBen, media("mc_1", R"("sdp":)" + kOffer));
  EXPECT_THAT(said, IsEmpty());
}

TEST_P(ACall, ThatNobodyHearsTheEndOfIsForgottenAndItsOfferTakenBack) {
  session(kAnn, Dialect::native);
  const Session ben = session(kBen, Dialect::chat);
  const Page page_of_ben = page(kBen);
  stored.row.offer = call::Description(kOffer);
  ring(ben);
  advance(30s);
  EXPECT_EQ(take(page_of_ben).size(), 1U);
  call_is_known = false;
  advance(30s);
  EXPECT_THAT(take(page_of_ben), ElementsAre(leave(kAnn, kBen)));
}

TEST_P(ACall, TwoUsersWithoutACallAreRelayed) {
  const Page page_of_ann = page(kAnn);
  const Page page_of_ben = page(kBen);
  say(page_of_ann, Type::offer, kBen, media("mc_1", R"("sdp":)" + kOffer));
  EXPECT_EQ(take(page_of_ben).size(), 1U);
  close(page_of_ben);
  const Page again = page(kBen);
  advance(1s);
  EXPECT_THAT(take(again), IsEmpty()) << "nothing of it comes again";
}

}  // namespace
}  // namespace belfry::virtual_peers::testing

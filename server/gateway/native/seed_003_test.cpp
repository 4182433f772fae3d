// A native client beside one of seed 003, which writes its SDP as text and sends its candidates with it (SPEC W-003-02,
// W-003-03).
#include "gateway/native/native_stage_for_tests.hpp"

namespace belfry::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::id_text;

class NativeBesideSeed003 : public testing::NativeStage {
 protected:
  void SetUp() override {
    NativeStage::SetUp();
    connect();
  }
  void this_is(std::uint8_t user) { context.identity->user = account::UserId(testing::uuid(user)); }
  static calls::CallView offered(const call::Description& offer) {
    store::StoredCall stored = *call();
    stored.row.offer = offer;
    caller_leg(stored.row).device = "phone";
    return std::make_shared<const store::StoredCall>(std::move(stored));
  }
  static std::string candidate(std::uint8_t from, const std::string& payload, const std::string& device = "null") {
    return R"("from":")" + id_text(from) + R"(","deviceId":)" + device + R"(,"kind":"candidate","payload":)" + payload +
           R"(,"gen":0})";
  }
};

const auto kSent = call::Description::with_candidates(R"("v=0\r\n")", R"([{"candidate":"a"},{"candidate":"b"}])");

// W-003-02, W-003-03
TEST_F(NativeBesideSeed003, NativeClientIsRungWithAnObjectAndTheCandidatesFollow) {
  this_is(2);
  native.notify(context, calls::IncomingCall{offered(kSent)});
  EXPECT_THAT(take(), ElementsAre(HasSubstr(R"("offer":{"type":"offer","sdp":"v=0\r\n"}})"),
                                  HasSubstr(candidate(1, R"({"candidate":"a"})", R"("phone")")),
                                  HasSubstr(candidate(1, R"({"candidate":"b"})", R"("phone")"))));
}

// W-003-02, W-003-03
TEST_F(NativeBesideSeed003, NativeClientIsAnsweredWithAnObjectAndTheCandidatesFollow) {
  native.notify(context, calls::CallAccepted{call(call::Status::connected, 2), {.user = calls::UserId(testing::uuid(2))}, kSent});
  EXPECT_THAT(take(),
              ElementsAre(HasSubstr(R"("answer":{"type":"answer","sdp":"v=0\r\n"}})"),
                          HasSubstr(candidate(2, R"({"candidate":"a"})")), HasSubstr(candidate(2, R"({"candidate":"b"})"))));
}

TEST_F(NativeBesideSeed003, WhoAnswersByGlareGetsTheCandidatesOfTheOfferToo) {
  this_is(2);
  native.notify(context, calls::Glare{call(), kSent});
  EXPECT_THAT(take(),
              ElementsAre(HasSubstr(R"("offer":{"type":"offer","sdp":"v=0\r\n"}})"),
                          HasSubstr(candidate(1, R"({"candidate":"a"})")), HasSubstr(candidate(1, R"({"candidate":"b"})"))));
}

// The other device of one who answered on a phone of seed 003 does not get its own candidates.
TEST_F(NativeBesideSeed003, WhoAnsweredIsNotSentTheirOwnCandidates) {
  this_is(2);
  native.notify(context, calls::CallAccepted{call(call::Status::connected, 2), {}, kSent});
  EXPECT_THAT(take(), ElementsAre(HasSubstr("call.accepted ")));
}

// What native clients write is theirs, strings too.
TEST_F(NativeBesideSeed003, AStringOfANativeClientStaysAString) {
  this_is(2);
  native.notify(context, calls::IncomingCall{offered(call::Description(R"("anything")"))});
  EXPECT_THAT(take(), ElementsAre(HasSubstr(R"("offer":"anything"})")));
}

}  // namespace
}  // namespace belfry::gateway

// The entities of SPEC 2.3, byte by byte: REST and socket clients parse these.
#include "gateway/json/entities.hpp"

#include <gtest/gtest.h>

#include "base/uuid.hpp"

namespace belfry::gateway {
namespace {

Uuid uuid(std::uint8_t last) {
  Uuid id{};
  id.back() = last;
  return id;
}

const std::string kNil = "00000000-0000-0000-0000-0000000000";

store::StoredCall ringing() {
  store::StoredCall call;
  call.row.id = call::CallId(uuid(7));
  call.row.version = 2;
  set_people(call.row, account::UserId(uuid(1)), account::UserId(uuid(2)));
  call.row.media = call::CallType::video;
  call.row.dialect = call::Dialect::native;
  call.row.created = call.row.updated = {1'700'000'000'000};
  call.row.ring_expires = WallTime{1'700'000'045'000};
  call.people = {{.id = call.row.caller, .username = "ann", .avatar = ""},
                 {.id = callee_of(call.row), .username = "ben", .avatar = "/user/avatar/2"}};
  return call;
}

const std::string kRinging =
    R"("id":")" + kNil + R"(07","callerId":")" + kNil + R"(01","recipientId":")" + kNil +
    R"(02","conversationId":null,"groupId":null,"callType":"video","status":"calling","endReason":null,"endedBy":null,)"
    R"("dialect":"native","ringPolicy":"immediate","mediaMode":"p2p","channel":null,"ringTimeoutSec":60,)"
    R"("ringExpiresAt":"2023-11-14T22:14:05.000Z","firstRingAt":null,"startedAt":null,"endedAt":null,"duration":null,"durationSeconds":0,)"
    R"("isRecorded":false,"recordingUrl":null,"qualityMetrics":{},"metadata":{},"version":2,)"
    R"("createdAt":"2023-11-14T22:13:20.000Z","updatedAt":"2023-11-14T22:13:20.000Z","participants":[{"userId":")" +
    kNil +
    R"(01","role":"caller","state":"invited","deviceId":null,"invitedAt":"1970-01-01T00:00:00.000Z","ringingAt":null,)"
    R"("joinedAt":null,"leftAt":null,"leaveReason":null,"mediaState":null},{"userId":")" +
    kNil +
    R"(02","role":"callee","state":"invited","deviceId":null,"invitedAt":"1970-01-01T00:00:00.000Z","ringingAt":null,)"
    R"("joinedAt":null,"leftAt":null,"leaveReason":null,"mediaState":null}])";

// R-001-91
TEST(CallJson, HasEveryColumnInOrderAndNullForAbsentValues) { EXPECT_EQ(call_json(ringing()), "{" + kRinging + "}"); }

// J-2.11
TEST(CallJson, CallAtAProviderIsExternal) {
  store::StoredCall call = ringing();
  for (const auto provider : {call::Provider::agora, call::Provider::livekit}) {
    call.row.provider = provider;
    EXPECT_NE(call_json(call).find(R"("mediaMode":"external")"), std::string::npos) << to_text(provider);
  }
}

// R-001-71: of another, id, name and picture, and no more.
TEST(CallJson, NamedCallEndsWithItsPeople) {
  EXPECT_EQ(call_json(ringing(), People::named), "{" + kRinging + R"(,"caller":{"id":")" + kNil +
                                                     R"(01","username":"ann","avatar":null},"recipient":{"id":")" + kNil +
                                                     R"(02","username":"ben","avatar":"/user/avatar/2"}})");
}

TEST(CallJson, MembersCanBePartOfAnotherObject) {
  std::string text;
  json::Writer json(text);
  append_call_members(json.open_object(), ringing(), People::left_out);
  json.member("reachable", true).close_object();
  EXPECT_EQ(text, "{" + kRinging + R"(,"reachable":true})");
}

// R-001-23, C-26
TEST(CallJson, EndedCallHasItsReasonItsEnderAndItsDuration) {
  store::StoredCall call = ringing();
  call.row.status = call::Status::ended;
  call.row.end_reason = call::EndReason::hangup;
  call.row.ended_by = call.row.callee;
  call.row.started = WallTime{1'700'000'002'000};
  call.row.ended = WallTime{1'700'000'005'999};
  const std::string text = call_json(call);
  EXPECT_NE(text.find(R"("status":"ended","endReason":"hangup","endedBy":")" + kNil + R"(02")"), std::string::npos) << text;
  EXPECT_NE(
      text.find(
          R"("startedAt":"2023-11-14T22:13:22.000Z","endedAt":"2023-11-14T22:13:25.999Z","duration":3,"durationSeconds":3,)"),
      std::string::npos)
      << text;
}

// S5
TEST(CallJson, ParticipantWhoIsInTheCallHasTheMediaThatTheySend) {
  store::StoredCall call = ringing();
  for (store::Leg& leg : call.row.legs) leg.sent = {.audio = true};
  call.row.legs[0].state = call::LegState::joined;
  const std::string text = call_json(call);
  const auto first = text.find(R"("mediaState":{"audio":true,"video":false,"screen":false}})");
  ASSERT_NE(first, std::string::npos) << text;
  EXPECT_NE(text.find(R"("mediaState":null})", first), std::string::npos) << text;
}

TEST(CallJson, ListNamesThePeopleOfEach) {
  std::string text;
  json::Writer json(text);
  append_calls(json.open_object(), {ringing(), ringing()});
  json.close_object();
  const std::string each = call_json(ringing(), People::named);
  EXPECT_EQ(text, R"({"calls":[)" + each + "," + each + "]}");
}

}  // namespace
}  // namespace belfry::gateway

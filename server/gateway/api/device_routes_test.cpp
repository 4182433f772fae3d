// SPEC J-6.1 to J-6.3 over HTTP.
#include <map>

#include "gateway/api/api_stage_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

class DeviceRoutes : public ApiStage {
 protected:
  static std::string web_push(const std::string& endpoint, const std::string& more = {}) {
    return R"({"platform":"web","pushProvider":"webpush","name":"Firefox","pushToken":")" + endpoint +
           R"(","webPushKeys":{"p256dh":"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",)" +
           R"("auth":"BTBZMqHH6r4Tts7J_aSIgg"})" + more + "}";
  }
  static std::string fcm(const std::string& token) {
    return R"({"platform":"android","pushProvider":"fcm","name":"Phone","pushToken":")" + token + "\"}";
  }
  void expect_refused(const std::string& body, const std::string& field, const std::string& issue) {
    const auto answer = post(ann, "/api/devices", body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_THAT(answer.body, HasSubstr(R"({"field":")" + field + R"(","issue":")" + issue + "\"}")) << body;
  }
  Person ann = person("ann"), bob = person("bob");
};

// J-6.1
TEST_F(DeviceRoutes, RegisteredDeviceIsAnsweredWithoutItsTokens) {
  const auto made = post(ann, "/api/devices", web_push("https://push.example/secret"));
  EXPECT_EQ(made.status, 201);
  for (const auto& [name, value] : std::map<std::string, std::string>{{"platform", "web"},
                                                                      {"name", "Firefox"},
                                                                      {"pushProvider", "webpush"},
                                                                      {"dnd", "false"},
                                                                      {"lastActiveAt", "2026-11-21T12:00:00.000Z"},
                                                                      {"createdAt", "2026-11-21T12:00:00.000Z"}})
    EXPECT_EQ(text_in(made, {"data", name}), value) << name;
  const auto listed = get(ann, "/api/devices");
  EXPECT_EQ(text_in(listed, {"data", "vapidPublicKey"}), "vapid-key");
  EXPECT_THAT(listed.body, HasSubstr(id_in(made)));
  for (const auto* secret : {"secret", "BCVx", "BTBZ"}) {
    EXPECT_THAT(made.body, Not(HasSubstr(secret)));
    EXPECT_THAT(listed.body, Not(HasSubstr(secret)));
  }
}

// J-6.1
TEST_F(DeviceRoutes, SameTokenIsTheSameDeviceAndMovesToItsNewUser) {
  const auto made = post(ann, "/api/devices", fcm("t1"));
  const auto again = post(ann, "/api/devices", fcm("t1"));
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(id_in(again), id_in(made));
  EXPECT_EQ(id_in(post(bob, "/api/devices", fcm("t1"))), id_in(made));
  EXPECT_THAT(get(ann, "/api/devices").body, HasSubstr(R"("devices":[])"));
  EXPECT_EQ(ask({"DELETE", "/api/devices/" + id_in(made), {}, ann.token, {}}).status, 404);
  EXPECT_EQ(ask({"DELETE", "/api/devices/" + id_in(made), {}, bob.token, {}}).status, 200);
  EXPECT_EQ(ask({"DELETE", "/api/devices/" + id_in(made), {}, bob.token, {}}).status, 404);
}

// J-6.1, J-6.2
TEST_F(DeviceRoutes, WrongFieldsAreNamed) {
  expect_refused(R"({"platform":"phone","pushProvider":"fcm","pushToken":"x"})", "platform", "invalid");
  expect_refused(R"({"platform":"ios","pushProvider":"fcm"})", "pushToken", "required");
  expect_refused(fcm("a/../b"), "pushToken", "invalid");
  expect_refused(R"({"platform":"ios","pushProvider":"apns","pushToken":"beef","voipToken":"x/y"})", "voipToken", "invalid");
  expect_refused(R"({"platform":"ios","pushProvider":"apns","pushToken":"a b"})", "pushToken", "invalid");
  for (const std::string endpoint :
       {"http://push.example/x", "https://10.0.0.1/x", "https://localhost/x", "https://[::1]/x", "x"})
    expect_refused(web_push(endpoint), "pushToken", "invalid");
  expect_refused(R"({"platform":"web","pushProvider":"webpush","pushToken":"https://push.example/x"})", "webPushKeys",
                 "required");
  expect_refused(
      R"({"platform":"web","pushProvider":"unifiedpush","pushToken":"https://push.example/x","webPushKeys":{"p256dh":"AA","auth":"AA"}})",
      "webPushKeys", "invalid");
  EXPECT_EQ(post(ann, "/api/devices", R"({"platform":"desktop","pushProvider":"none"})").status, 201);
}

// J-6.1: the token would be one at no provider.
TEST_F(DeviceRoutes, DeviceThatIsNeverPushedTakesNobodysByItsToken) {
  const std::string none = R"({"platform":"desktop","pushProvider":"none","pushToken":"t1"})";
  const auto made = post(ann, "/api/devices", none);
  EXPECT_EQ(post(bob, "/api/devices", none).status, 201);
  EXPECT_THAT(get(ann, "/api/devices").body, HasSubstr(id_in(made)));
}

// J-6.3
TEST_F(DeviceRoutes, RequestThatNamesTheDeviceMovesItsLastActivity) {
  const std::string id = id_in(post(ann, "/api/devices", fcm("t1")));
  clock_.passed = 90s;
  EXPECT_EQ(ask({"GET", "/api/users/me", {}, bob.token, {"X-Device-Id: " + id}}).status, 200);
  EXPECT_THAT(get(ann, "/api/devices").body, HasSubstr(R"("lastActiveAt":"2026-11-21T12:00:00.000Z")")) << "somebody else's";
  EXPECT_EQ(ask({"GET", "/api/users/me", {}, ann.token, {"X-Device-Id: " + id}}).status, 200);
  EXPECT_THAT(get(ann, "/api/devices").body, HasSubstr(R"("lastActiveAt":"2026-11-21T12:01:30.000Z")"));
  EXPECT_EQ(ask({"GET", "/api/users/me", {}, ann.token, {"X-Device-Id: my phone"}}).status, 200);
}

// J-6.3
TEST_F(DeviceRoutes, RequestThatIsRefusedMovesTheLastActivityToo) {
  const std::string id = id_in(post(ann, "/api/devices", fcm("t1")));
  clock_.passed = 90s;
  EXPECT_EQ(post(ann, "/api/devices", "{", {"X-Device-Id: " + id}).status, 400);
  EXPECT_THAT(get(ann, "/api/devices").body, HasSubstr(R"("lastActiveAt":"2026-11-21T12:01:30.000Z")"));
  clock_.passed = 180s;
  EXPECT_EQ(ask({"GET", "/api/admin/push/deliveries", {}, ann.token, {"X-Device-Id: " + id}}).status, 403);
  EXPECT_THAT(get(ann, "/api/devices").body, HasSubstr(R"("lastActiveAt":"2026-11-21T12:03:00.000Z")"));
}

// S19
TEST_F(DeviceRoutes, UserRenamesADeviceAndTurnsItsRingOffAndOn) {
  const std::string id = id_in(post(ann, "/api/devices", fcm("t1")));
  const auto patch = [&](const Person& who, const std::string& body) {
    return ask({.method = "PATCH", .path = "/api/devices/" + id, .body = body, .token = who.token});
  };
  const auto quiet = patch(ann, R"({"dnd":true})");
  EXPECT_EQ(quiet.status, 200);
  EXPECT_EQ(text_in(quiet, {"data", "dnd"}), "true");
  EXPECT_EQ(text_in(quiet, {"data", "name"}), "Phone");
  EXPECT_EQ(text_in(patch(ann, R"({"name":"Tablet"})"), {"data", "dnd"}), "true");
  EXPECT_THAT(get(ann, "/api/devices").body, HasSubstr(R"("name":"Tablet")"));
  EXPECT_EQ(text_in(patch(ann, R"({"dnd":false,"name":""})"), {"data", "dnd"}), "false");
  EXPECT_EQ(patch(bob, R"({"dnd":true})").status, 404) << "somebody else's";
  for (const std::string body : {"{}", R"({"dnd":"yes"})", R"({"dnd":null})", R"({"name":5})"})
    EXPECT_EQ(patch(ann, body).status, 400) << body;
}

// R-002-27
TEST_F(DeviceRoutes, DeliveriesAreForAdministrators) {
  const auto root = person("root", account::Role::admin);
  EXPECT_EQ(get(ann, "/api/admin/push/deliveries").status, 403);
  const auto none = get(root, "/api/admin/push/deliveries");
  EXPECT_EQ(none.status, 200);
  EXPECT_THAT(none.body, HasSubstr(R"("deliveries":[],"pagination":{"page":1,)"));
  EXPECT_EQ(get(root, "/api/admin/push/deliveries?status=lost").status, 400);
}

// J-6.7
TEST_F(DeviceRoutes, DeliveryHasItsIdAndKind) {
  const auto root = person("root", account::Role::admin);
  const std::string device = id_in(post(ann, "/api/devices", fcm("t1")));
  const std::string call = to_text(store::CallId{}.value());
  store::PushPlan plan{.user = ann.id, .type = store::PushType::cancel, .at = clock_.wall()};
  plan.pushes.push_back({.device = store::DeviceId(parse_uuid(device).value()), .provider = store::PushProvider::fcm});
  stores_.devices().plan(std::move(plan), [](const auto& planned) { EXPECT_EQ(planned.value_or(0), 1U); });
  const auto listed = get(root, "/api/admin/push/deliveries");
  EXPECT_THAT(listed.body, HasSubstr(R"({"id":")" + call + ":" + device + R"(:cancel","callId":")" + call + R"(","userId":")" +
                                     ann.text() + R"(","deviceId":")" + device + R"(","kind":"cancel","provider":"fcm")"));
}

}  // namespace
}  // namespace belfry::gateway::testing

// GET /api/presence (SPEC J-7.2).
#include "gateway/api/presence_routes.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "gateway/api/api_stage_for_tests.hpp"
#include "gateway/json/iso_time.hpp"

namespace belfry::gateway::testing {
namespace {

using std::chrono::minutes;
using ::testing::HasSubstr;

constexpr SessionAddress kPhone{0, 0, 1, 1}, kPage{0, 0, 2, 1};
const std::string kNobody = "018f3c1e-7b2a-7cde-9abc-0123456789ab";

class PresenceRoute : public ApiStage {
 protected:
  protocol::HttpAnswer asks(const Person& who, const std::string& ids) { return get(who, "/api/presence?ids=" + ids); }
  std::string presence(const Person& who, const std::string& ids) { return text_in(asks(who, ids), {"data", "presence"}); }
  static std::string entry(const std::string& id, const std::string& state, const std::string& last_seen = "null") {
    return R"({"userId":")" + id + R"(","state":")" + state + R"(","lastSeenAt":)" + last_seen + "}";
  }
  [[nodiscard]] std::string now() const { return '"' + iso_text(clock_.wall()) + '"'; }
  void come(const Person& who, SessionAddress at, const std::string& name) {
    shard_sessions_.come(who.id, name, {.id = sessions::SessionId(Uuid{static_cast<std::uint8_t>(at.slot)}), .at = at});
  }
  void block(const Person& who, const Person& other, const std::string& method = "PUT") {
    const Asking asking{.method = method, .path = "/api/users/" + other.text() + "/block", .token = who.token};
    EXPECT_EQ(ask(asking).status, 200);
  }
};

// J-7.2, K46
TEST_F(PresenceRoute, AnswersInTheOrderAskedAndUnknownUsersAreOffline) {
  const auto ann = person("ann"), bob = person("bob");
  const std::string logged_in = now();
  come(ann, kPhone, "ann");
  const std::string two = entry(bob.text(), "offline", logged_in);
  EXPECT_EQ(presence(ann, kNobody + "," + bob.text() + "," + ann.text()),
            "[" + entry(kNobody, "offline") + "," + two + "," + entry(ann.text(), "online") + "]");
  EXPECT_EQ(presence(ann, bob.text() + "%2C" + bob.text()), "[" + two + "," + two + "]")
      << "one for each id, also a repeated one";
}

// K16, K46
TEST_F(PresenceRoute, WhoLostTheConnectionIsOfflineAfterTheGraceAndWasSeenBefore) {
  const auto ann = person("ann"), bob = person("bob");
  come(bob, kPhone, "bob");
  pass(minutes{10});
  const std::string lost = now();
  shard_sessions_.suspend(bob.id, kPhone);
  EXPECT_EQ(presence(ann, bob.text()), "[" + entry(bob.text(), "online") + "]");
  pass(sessions::kPresenceGrace);
  EXPECT_EQ(presence(ann, bob.text()), "[" + entry(bob.text(), "offline", lost) + "]");
}

// S7
TEST_F(PresenceRoute, WhoIsAwayInAllSessionsIsAway) {
  const auto ann = person("ann"), bob = person("bob");
  come(bob, kPhone, "bob"), come(bob, kPage, "bob");
  EXPECT_TRUE(sessions_.set_away(bob.id, kPhone, true));
  EXPECT_EQ(presence(ann, bob.text()), "[" + entry(bob.text(), "online") + "]");
  EXPECT_TRUE(sessions_.set_away(bob.id, kPage, true));
  EXPECT_EQ(presence(ann, bob.text()), "[" + entry(bob.text(), "away") + "]");
  shard_sessions_.suspend(bob.id, kPage);
  EXPECT_EQ(presence(ann, bob.text()), "[" + entry(bob.text(), "away") + "]");
}

// K16
TEST_F(PresenceRoute, WhoLeavesIsOfflineAtOnce) {
  const auto ann = person("ann"), bob = person("bob");
  come(bob, kPhone, "bob");
  come(bob, kPage, "bob");
  pass(minutes{10});
  shard_sessions_.leave(bob.id, kPhone, sessions::Departure::left);
  EXPECT_EQ(presence(ann, bob.text()), "[" + entry(bob.text(), "online") + "]");
  shard_sessions_.leave(bob.id, kPage, sessions::Departure::left);
  EXPECT_EQ(presence(ann, bob.text()), "[" + entry(bob.text(), "offline", now()) + "]");
}

// S7
TEST_F(PresenceRoute, WhoIsOnlineAndInACallIsBusy) {
  const auto ann = person("ann"), bob = person("bob"), cid = person("cid");
  come(bob, kPhone, "bob");
  const std::string started = call(bob, cid);
  const std::string both = bob.text() + "," + cid.text();
  EXPECT_EQ(presence(ann, both), "[" + entry(bob.text(), "busy") + "," + entry(cid.text(), "offline", now()) + "]");
  EXPECT_EQ(post(bob, "/api/calls/" + started + "/cancel").status, 200);
  EXPECT_EQ(presence(ann, bob.text()), "[" + entry(bob.text(), "online") + "]");
}

// K45
TEST_F(PresenceRoute, ABlockHidesTheTwoFromEachOther) {
  const auto ann = person("ann"), bob = person("bob"), cid = person("cid");
  come(ann, kPhone, "ann");
  block(ann, bob);
  EXPECT_EQ(presence(bob, ann.text()), "[" + entry(ann.text(), "offline") + "]");
  EXPECT_EQ(presence(ann, bob.text()), "[" + entry(bob.text(), "offline") + "]");
  EXPECT_EQ(presence(cid, ann.text()), "[" + entry(ann.text(), "online") + "]");
  block(ann, bob, "DELETE");
  EXPECT_EQ(presence(bob, ann.text()), "[" + entry(ann.text(), "online") + "]");
}

// K46
TEST_F(PresenceRoute, TakesOneToAHundredIds) {
  const auto ann = person("ann");
  const auto list = [](int count) {
    std::string ids = kNobody;
    for (int i = 1; i < count; ++i) ids += "," + kNobody;
    return ids;
  };
  EXPECT_EQ(asks(ann, list(100)).status, 200);
  for (const auto& [ids, issue] : std::vector<std::pair<std::string, std::string>>{{list(101), "too_long"},
                                                                                   {list(200), "too_long"},
                                                                                   {"", "required"},
                                                                                   {"bob", "invalid"},
                                                                                   {kNobody + ",", "invalid"},
                                                                                   {"," + kNobody, "invalid"},
                                                                                   {kNobody + ",%20" + kNobody, "invalid"}}) {
    const auto refused = asks(ann, ids);
    EXPECT_EQ(code_in(refused), "VALIDATION_FAILED") << ids;
    EXPECT_THAT(refused.body, HasSubstr(R"({"field":"ids","issue":")" + issue + "\"}")) << ids;
  }
  EXPECT_THAT(get(ann, "/api/presence").body, HasSubstr(R"({"field":"ids","issue":"required"})"));
  EXPECT_EQ(ask({.path = "/api/presence?ids=" + kNobody}).status, 401);
}

// R-000-39: the number counts calls.
TEST_F(PresenceRoute, IsNotCountedAsALookUpOfACallsPeople) {
  const auto ann = person("ann"), bob = person("bob");
  EXPECT_EQ(asks(ann, bob.text()).status, 200);
  EXPECT_EQ(sessions_.look_ups(), 0U);
}

}  // namespace
}  // namespace belfry::gateway::testing

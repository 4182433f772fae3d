// SPEC J-3.7: before a token expires, the sessions of its user that are in the call are notified.
#include "app/call_tokens/expiry_notices.hpp"
#include "gateway/api/token_routes_stage_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

using namespace std::chrono_literals;

class TokenExpiry : public TokenRoutesStage {
 protected:
  TokenExpiry() {
    call_tokens_.set_listener([this](const auto& user, const auto& token) { expiry_.add(user, token); });
    shard_sessions_.come(ann.id, "ann", {.id = calls::SessionId(ann.id.value()), .at = {.slot = 1, .generation = 1}});
    shard_sessions_.come(ann.id, "ann", {.id = calls::SessionId(bob.id.value()), .at = {.slot = 2, .generation = 1}});
  }
  std::size_t notified_after(Duration time) {
    pass(time);
    expiry_.on_time(clock_.now());
    return deaf_.expiries.size();
  }
  std::string connected() {
    std::string id = call(ann, bob);
    post(bob, "/api/calls/" + id + "/accept");
    return id;
  }
  call_tokens::ExpiryNotices expiry_{mint_.settings().life, {shared_, delivery_, call_store_, clock_, issued_}};
};

// J-3.7, R-000-55
TEST_F(TokenExpiry, EachSessionOfSomebodyInTheCallIsNotifiedOnceAMinuteBefore) {
  const auto token = post(ann, "/api/calls/" + connected() + "/token");
  EXPECT_EQ(notified_after(239s), 0U);
  EXPECT_EQ(notified_after(1s), 2U);
  EXPECT_EQ(iso_text(deaf_.expiries[0]), text_in(token, {"data", "expiresAt"}));
  EXPECT_EQ(notified_after(59s), 2U);
}

TEST_F(TokenExpiry, OnlyTheNewestTokenIsSpokenOfAndOnlyInItsCall) {
  const std::string id = connected();
  post(ann, "/api/calls/" + id + "/token");
  pass(200s);
  post(ann, "/api/calls/" + id + "/token");
  (void)fetch(ann, room);
  EXPECT_EQ(notified_after(100s), 0U) << "the first one was replaced";
  EXPECT_EQ(notified_after(140s), 2U) << "the token of the conversation is not of this call";
}

TEST_F(TokenExpiry, NobodyIsNotifiedAfterTheCall) {
  const std::string id = connected();
  post(ann, "/api/calls/" + id + "/token");
  post(ann, "/api/calls/" + id + "/end");
  EXPECT_EQ(notified_after(299s), 0U);
}

TEST(NoticeTime, IsAThirdOfTheLifeWithinBounds) {
  EXPECT_EQ(call_tokens::notice_time(60s), 20s);
  EXPECT_EQ(call_tokens::notice_time(30s), 15s);
  EXPECT_EQ(call_tokens::notice_time(300s), 60s);
}

}  // namespace
}  // namespace belfry::gateway::testing

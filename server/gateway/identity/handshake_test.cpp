#include "gateway/identity/handshake.hpp"

#include <gtest/gtest.h>

#include "base/uuid.hpp"

namespace belfry::gateway {
namespace {

constexpr const char* kAnn = "018f3c1e-7b2a-7cde-9abc-0123456789ab";
constexpr const char* kBen = "018f3c1e-7b2a-7cde-9abc-0123456789ac";

class HandshakeClaims : public ::testing::Test {
 protected:
  HandshakeClaims() {
    ann_.user = account::UserId(parse_uuid(kAnn).value());
    ann_.username = "ann";
  }
  bool match(const std::string& query, const std::string& auth = "{}") {
    handshake_.query = query;
    return claims_match({"/", reader_.validate(auth).value(), handshake_}, ann_);
  }

  accounts::Identity ann_;
  protocol::Handshake handshake_;
  json::Reader reader_;
};

// R-004-58
TEST_F(HandshakeClaims, UserIsClaimedByIdOrByNameInTheQueryOrInThePayload) {
  EXPECT_TRUE(match(""));
  for (const std::string who : {kAnn, "ann"}) {
    EXPECT_TRUE(match("EIO=4&userId=" + who));
    EXPECT_TRUE(match("", R"({"userId":")" + who + R"("})"));
  }
}

TEST_F(HandshakeClaims, AnotherUserInQueryOrPayloadDoesNotMatch) {
  for (const std::string who : {kBen, "ben", "", "Ann"}) {
    EXPECT_FALSE(match("userId=" + who)) << who;
    EXPECT_FALSE(match("userId=ann", R"({"userId":")" + who + R"("})")) << who;
  }
  EXPECT_FALSE(match("", R"({"userId":17})")) << "a claim that is no text is not hers";
}

TEST_F(HandshakeClaims, TextIsUnsetIfAbsentOrNullAndEmptyIfNotAString) {
  const std::string auth = R"({"token":null,"dialect":"native","deviceId":[1]})";
  const protocol::ConnectRequest request{"/", reader_.validate(auth).value(), handshake_};
  EXPECT_FALSE(auth_text(request, "token"));
  EXPECT_FALSE(auth_text(request, "userId"));
  EXPECT_EQ(auth_text(request, "dialect"), "native");
  EXPECT_EQ(auth_text(request, "deviceId"), "");
  EXPECT_FALSE(auth_text({"/", {}, handshake_}, "dialect")) << "a CONNECT without a payload";
}

}  // namespace
}  // namespace belfry::gateway

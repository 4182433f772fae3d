// What a signaling client sends costs in proportion to its size.
#include <gtest/gtest.h>

#include "base/cost_for_tests.hpp"
#include "gateway/signaling/payload.hpp"

namespace belfry::gateway {
namespace {

using std::string_literals::operator""s;

std::string repeated(std::string_view piece, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += piece;
  return text;
}

TEST(SignalingCost, FindingVideoIsLinearInTheSdp) {
  for (const std::string& piece :
       {R"(m=audio 9\r\n)"s, R"(m=video 0 \r\n)"s, R"(\n)"s, R"(\"m=)"s, "m="s, R"(a=inactive\n)"s, R"(","x":"m=)"s, R"(\\)"s}) {
    const auto make = [&](std::size_t count) { return R"({"sdp":")" + repeated(piece, count) + "\"}"; };
    EXPECT_LT(testing::growth(3'000, make, [](const std::string& offer) { static_cast<void>(media_of(offer)); }),
              testing::kStillLinear)
        << piece;
  }
}

TEST(SignalingCost, ReadingMembersAndNamesIsLinearInThePayload) {
  json::Reader reader;
  const auto read = [&](const std::string& payload) {
    const auto object = reader.validate(payload);
    ASSERT_TRUE(object.has_value());
    const json::Slice arguments[] = {*object};
    static_cast<void>(read_call_payload({.name = "make_call", .arguments = arguments, .ack_id = {}, .attachments = {}}, "offer",
                                        BodyKind::description));
  };
  for (const std::string& piece : {R"("to":"b",)"s, R"("t\u006f":{},)"s, R"("x":[{}],)"s}) {
    const auto make = [&](std::size_t count) { return "{" + repeated(piece, count) + R"("from":"a"})"; };
    EXPECT_LT(testing::growth(2'000, make, read), testing::kStillLinear) << piece;
  }
  const auto long_name = [](std::size_t count) { return R"({"to":")" + repeated("\\u0021", count) + R"(","from":"a"})"; };
  EXPECT_LT(testing::growth(5'000, long_name, read), testing::kStillLinear);
}

}  // namespace
}  // namespace belfry::gateway

#include "gateway/json/descriptions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace belfry::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

std::string shown(const call::Description& description) {
  std::string text;
  json::Writer json(text);
  json.open_object();
  append_description(json, "answer", description);
  json.close_object();
  return text;
}

// W-003-03
TEST(Descriptions, BareSdpIsShownAsAnObject) {
  EXPECT_EQ(shown(call::Description::with_candidates(R"("v=0\r\n")", "[]")), R"({"answer":{"type":"answer","sdp":"v=0\r\n"}})");
  EXPECT_EQ(shown(call::Description::with_candidates(R"({"sdp":"v"})", "[]")), R"({"answer":{"sdp":"v"}})");
  EXPECT_EQ(shown(call::Description(R"("of a native client")")), R"({"answer":"of a native client"})");
  EXPECT_EQ(shown({}), "{}");
}

// W-003-01
TEST(Descriptions, AreObjectsOrTextThatIsNotEmpty) {
  json::Reader reader;
  const auto is_one = [&](std::string_view text) { return is_description(reader.validate(text).value()); };
  for (const std::string_view taken : {"{}", R"({"x":1})", R"("v=0\r\n")", R"("\\u0000")"}) EXPECT_TRUE(is_one(taken)) << taken;
  for (const std::string_view other : {R"("")", "1", "true", "[]", "null", R"("v=0\u0000")", R"("\\\u0000")"})
    EXPECT_FALSE(is_one(other)) << other;
}

// W-003-03
TEST(Descriptions, TheSdpOfAnObjectIsFoundIfItIsText) {
  EXPECT_THAT(sdp_of(R"({ "type":"offer", "sdp" : "v=0\u0021" })"), Optional(std::string_view(R"("v=0\u0021")")));
  for (const std::string_view other : {R"({"sdp":7})", R"({"x":{"sdp":"v"}})", "{}", R"("v=0")", "null", "[]"})
    EXPECT_FALSE(sdp_of(other)) << other;
}

// W-003-02
TEST(Descriptions, CandidatesAreCutFromTheirArray) {
  EXPECT_THAT(candidates_of(call::Description::with_candidates(R"("v")", R"([{"candidate":"],"}, {}])")),
              ElementsAre(R"({"candidate":"],"})", "{}"));
  EXPECT_THAT(candidates_of(call::Description::with_candidates(R"("v")", "[]")), IsEmpty());
  EXPECT_THAT(candidates_of(call::Description(R"({"sdp":"v"})")), IsEmpty());
}

}  // namespace
}  // namespace belfry::gateway

// Payloads of media connections as `peerjs` 1.5.5 reads and writes them (SPEC K58).
#include "wire/peerjs/media.hpp"

#include <gtest/gtest.h>

#include "wire/json/json.hpp"

namespace belfry::peerjs {
namespace {

TEST(Media, TheStockClientsPayloadsAreRead) {
  const auto offer =
      media_part(R"({"sdp":{"type":"offer","sdp":"v=0"},"type":"media","connectionId":"mc_1","metadata":{"name":"x"}})");
  ASSERT_TRUE(offer);
  EXPECT_EQ(offer->connection, "mc_1");
  EXPECT_EQ(offer->sdp, R"({"type":"offer","sdp":"v=0"})");
  EXPECT_EQ(offer->candidate, "");
  const auto candidate = media_part(R"({"candidate":{"candidate":"c","sdpMid":"0"},"type":"media","connectionId":"mc_\u0031"})");
  ASSERT_TRUE(candidate);
  EXPECT_EQ(candidate->connection, "mc_1");
  EXPECT_EQ(candidate->candidate, R"({"candidate":"c","sdpMid":"0"})");
}

TEST(Media, WhatIsOfNoMediaConnectionIsNotRead) {
  for (const char* payload : {"", "1", "[]", "{}", R"("media")", R"({"type":"data","connectionId":"dc_1","sdp":{}})",
                              R"({"type":"media","sdp":{}})", R"({"type":"media","connectionId":7})",
                              R"({"type":"media","connectionId":""})", R"({"type":["media"],"connectionId":"mc_1"})"})
    EXPECT_FALSE(media_part(payload)) << payload;
  EXPECT_FALSE(media_part(R"({"type":"media","connectionId":")" + std::string(kMaxConnectionId + 1, 'x') + "\"}"));
}

TEST(Media, AnOfferSaysWhoCalls) {
  std::string out;
  append_offer(out, R"({"type":"offer","sdp":"v=0"})", "mc_1", {.name = "Ann \"A\"", .picture = "/a.png", .call = "c"});
  EXPECT_EQ(out, R"({"sdp":{"type":"offer","sdp":"v=0"},"type":"media","connectionId":"mc_1",)"
                 R"("metadata":{"name":"Ann \"A\"","profileImg":"/a.png","callId":"c"}})");
  out.clear();
  append_offer(out, R"({})", "mc_1", {.name = "Ann", .picture = "", .call = "c"});
  EXPECT_EQ(out, R"({"sdp":{},"type":"media","connectionId":"mc_1","metadata":{"name":"Ann","callId":"c"}})");
}

// W-003-01: other clients may write the SDP alone.
TEST(Media, ADescriptionOrACandidateThatIsATextBecomesAnObject) {
  std::string out;
  append_answer(out, R"("v=1\r\n")", "mc_1");
  EXPECT_EQ(out, R"({"sdp":{"type":"answer","sdp":"v=1\r\n"},"type":"media","connectionId":"mc_1"})");
  out.clear();
  append_candidate(out, R"("candidate:1")", "mc_1");
  EXPECT_EQ(out, R"({"candidate":{"candidate":"candidate:1","sdpMLineIndex":0},"type":"media","connectionId":"mc_1"})");
  out.clear();
  append_candidate(out, R"({"candidate":"c"})", "mc_1");
  EXPECT_EQ(out, R"({"candidate":{"candidate":"c"},"type":"media","connectionId":"mc_1"})");
}

TEST(Media, WhatIsWrittenIsRead) {
  std::string out;
  append_offer(out, R"("v=0")", "mc_\"1", {});
  json::Reader reader;
  ASSERT_TRUE(reader.validate(out));
  const auto part = media_part(out);
  ASSERT_TRUE(part);
  EXPECT_EQ(part->connection, "mc_\"1");
}

}  // namespace
}  // namespace belfry::peerjs

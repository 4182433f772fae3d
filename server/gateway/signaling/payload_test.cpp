#include "gateway/signaling/payload.hpp"

#include <gtest/gtest.h>

namespace belfry::gateway {
namespace {

std::string offer(const std::string& lines) { return R"({"type":"offer","sdp":"v=0\\r\\n)" + lines + R"("})"; }

// SPEC 2.5, RFC 8866: found by black-box acceptance.
TEST(OfferedMedia, IsVideoIfAnActiveVideoSectionIsOffered) {
  EXPECT_EQ(media_of(offer(R"(m=audio 9 UDP 0\r\nm=video 9 UDP 96\r\na=sendrecv\r\n)")), call::CallType::video);
  EXPECT_EQ(media_of(offer(R"(m=video 9 UDP 96\r\na=sendrecv\r\nm=audio 9 UDP 0\r\na=inactive\r\n)")), call::CallType::video);
  EXPECT_EQ(media_of(R"("m=video 9 UDP 96")"), call::CallType::video) << "an offer that is nothing but its text";
}

TEST(OfferedMedia, IsAudioIfVideoIsRejectedInactiveOrOnlyMentioned) {
  EXPECT_EQ(media_of(offer(R"(m=audio 9 UDP 0\r\n)")), call::CallType::audio);
  EXPECT_EQ(media_of(offer(R"(m=audio 9 UDP 0\r\nm=video 0 UDP 96\r\n)")), call::CallType::audio);
  EXPECT_EQ(media_of(offer(R"(m=video 9 UDP 96\r\na=mid:1\r\na=inactive\r\n)")), call::CallType::audio);
  EXPECT_EQ(media_of(offer(R"(m=audio 9 UDP 0\r\na=x:m=video 9\r\n)")), call::CallType::audio);
  EXPECT_EQ(media_of("{}"), call::CallType::audio);
}

// R-003-37: a Buffer anywhere in the payload; socket.io-client sends a placeholder in its place and the bytes behind.
TEST(SignalingPayload, BinaryContentIsRefusedAndTheIntendedPeerNamed) {
  json::Reader reader;
  const std::string attachments[] = {"bytes"};
  for (const std::string body : {R"({"_placeholder":true,"num":0})", R"({"num":0,"_placeholder":true})",
                                 R"({"type":"offer","sdp":{"_placeholder":true,"num":0}})", R"({"type":"offer","sdp":"v=0"})"}) {
    const std::string payload = R"({"to":"bob","from":"alice","offer":)" + body + "}";
    const json::Slice arguments[] = {reader.validate(payload).value()};
    const protocol::IncomingEvent event{.name = "make_call", .arguments = arguments, .ack_id = {}, .attachments = attachments};
    const auto read = read_call_payload(event, "offer", BodyKind::description);
    ASSERT_FALSE(read) << body;
    EXPECT_EQ(read.error().error, "The payload must be JSON, without anything binary in it");
    EXPECT_EQ(read.error().target, "bob");
    EXPECT_FALSE(read_user(event));
  }
  const json::Slice placeholder[] = {reader.validate(R"({"_placeholder":true,"num":0})").value()};
  EXPECT_EQ(read_call_payload({.name = "make_call", .arguments = placeholder, .ack_id = {}, .attachments = attachments}, "offer",
                              BodyKind::description)
                .error()
                .error,
            "The payload must be JSON, without anything binary in it");
}

}  // namespace
}  // namespace belfry::gateway

#include "gateway/signaling/payload.hpp"

#include <gtest/gtest.h>

namespace belfry::gateway {
namespace {

std::string offer(const std::string& lines) { return R"({"type":"offer","sdp":"v=0\\r\\n)" + lines + R"("})"; }

// SPEC 2.5, RFC 8866: found by black-box acceptance.
TEST(MediaOf, IsVideoIfAnActiveVideoSectionIsOffered) {
  EXPECT_EQ(media_of(offer(R"(m=audio 9 UDP 0\r\nm=video 9 UDP 96\r\na=sendrecv\r\n)")), call::Media::video);
  EXPECT_EQ(media_of(offer(R"(m=video 9 UDP 96\r\na=sendrecv\r\nm=audio 9 UDP 0\r\na=inactive\r\n)")), call::Media::video);
  EXPECT_EQ(media_of(R"("m=video 9 UDP 96")"), call::Media::video) << "an offer that is nothing but its text";
}

TEST(MediaOf, IsAudioIfVideoIsRejectedInactiveOrOnlyMentioned) {
  EXPECT_EQ(media_of(offer(R"(m=audio 9 UDP 0\r\n)")), call::Media::audio);
  EXPECT_EQ(media_of(offer(R"(m=audio 9 UDP 0\r\nm=video 0 UDP 96\r\n)")), call::Media::audio);
  EXPECT_EQ(media_of(offer(R"(m=video 9 UDP 96\r\na=mid:1\r\na=inactive\r\n)")), call::Media::audio);
  EXPECT_EQ(media_of(offer(R"(m=audio 9 UDP 0\r\na=x:m=video 9\r\n)")), call::Media::audio);
  EXPECT_EQ(media_of("{}"), call::Media::audio);
}

}  // namespace
}  // namespace belfry::gateway

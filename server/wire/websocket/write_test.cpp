#include <gtest/gtest.h>

#include "wire/websocket/frame_builder_for_tests.hpp"

namespace belfry::websocket {
namespace {

using testing::FrameBuilder;
using testing::Heard;
using testing::listen_to;
using Kind = Incoming::Kind;

constexpr std::uint32_t kMask = 0x37fa213d;  // RFC 6455 5.7

std::string header(std::size_t payload_size) {
  std::string out;
  append_header(out, Opcode::binary, payload_size);
  return out;
}

TEST(Write, TheHeadersOfTheRfc) {
  EXPECT_EQ(header(5), std::string("\x82\x05", 2));
  EXPECT_EQ(header(256), std::string("\x82\x7e\x01\x00", 4));
  EXPECT_EQ(header(65536), std::string("\x82\x7f\0\0\0\0\0\x01\0\0", 10));
}

TEST(Write, EveryLengthIsInItsShortestForm) {
  for (const std::size_t size : {0, 125, 126, 65535, 65536}) {
    EXPECT_EQ(header(size), FrameBuilder(Opcode::binary).unmasked().claimed_length(size).bytes()) << size;
  }
}

TEST(Write, ACompressedHeaderSetsTheFirstReservedBit) {
  std::string out;
  append_compressed_header(out, Opcode::text, 7);
  EXPECT_EQ(out, "\xc1\x07");
}

TEST(Write, TheMaskedHelloOfTheRfc) {
  std::string out = "before";
  append_masked(out, Opcode::text, as_bytes("Hello"), kMask);
  EXPECT_EQ(out, "before\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");
}

TEST(Write, ServerReadsTheFramesOfAClient) {
  for (const std::size_t size : {0, 1, 7, 125, 126, 65535, 65536}) {
    const std::string payload(size, 'p');
    std::string stream;
    append_masked(stream, Opcode::text, as_bytes(payload), kMask);
    EXPECT_EQ(listen_to(stream).heard, (std::vector<Heard>{{Kind::text, payload}})) << size;
  }
}

TEST(Write, ACloseFrameCarriesItsCodeAndReasonOrNothing) {
  std::string out;
  append_close(out, CloseCode::message_too_big, "too big");
  EXPECT_EQ(out, "\x88\x09\x03\xf1too big");
  out.clear();
  append_close(out, CloseCode::no_status, "never sent");
  EXPECT_EQ(out, std::string("\x88\x00", 2));
}

TEST(Write, ALongReasonIsCutWhereACharacterEnds) {
  for (std::size_t ascii = 0; ascii < 4; ++ascii) {
    std::string reason(ascii, 'a');
    while (reason.size() < 200) reason += "\xf0\x9f\x94\x94";
    std::string out;
    append_close(out, CloseCode::normal, reason);
    const auto outcome = listen_to(out, {.role = Role::client});
    ASSERT_EQ(outcome.violation, std::nullopt) << ascii;
    const std::string& heard = outcome.heard.at(0).payload;
    EXPECT_EQ(heard, reason.substr(0, heard.size()));
    EXPECT_EQ(heard.size(), ascii + (123 - ascii) / 4 * 4);
  }
}

TEST(Write, AReasonOf123BytesIsNotCut) {
  std::string out;
  append_close(out, CloseCode::normal, std::string(123, 'r'));
  EXPECT_EQ(out.size(), 2U + 125U);
}

}  // namespace
}  // namespace belfry::websocket

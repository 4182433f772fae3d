// Every Violation by name: the frame that earns it, and the code which the connection is closed with.
#include <gtest/gtest.h>

#include "base/enumerators_for_tests.hpp"
#include "wire/websocket/deflate.hpp"
#include "wire/websocket/frame_builder_for_tests.hpp"

namespace belfry::websocket {
namespace {

using testing::FrameBuilder;
using testing::listen_to;

constexpr ReadOptions kDeflate{.deflate = true};

std::optional<Violation> of(const FrameBuilder& frame, const ReadOptions& options = {}) {
  return listen_to(frame.bytes(), options).violation;
}

std::optional<Violation> of_close(unsigned code, std::string_view reason = "") {
  std::string body{static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
  body.append(reason);
  return of(FrameBuilder(Opcode::close, body));
}

TEST(Violation, AReservedBitWithoutAnExtensionIsRefused) {
  for (const unsigned bit : {1U, 2U, 4U}) {
    EXPECT_EQ(of(FrameBuilder(Opcode::text, "x").rsv(bit)), Violation::reserved_bit) << bit;
    EXPECT_EQ(of(FrameBuilder(Opcode::ping).rsv(bit), kDeflate), Violation::reserved_bit) << bit;
  }
  EXPECT_EQ(of(FrameBuilder(Opcode::text, "x").rsv(6), kDeflate), Violation::reserved_bit);
}

TEST(Violation, TheCompressionBitOnAContinuationIsAReservedBit) {
  const std::string stream =
      FrameBuilder(Opcode::text, "x").rsv(4).not_final().bytes() + FrameBuilder(Opcode::continuation, "x").rsv(4).bytes();
  EXPECT_EQ(listen_to(stream, kDeflate).violation, Violation::reserved_bit);
}

TEST(Violation, EveryReservedOpcodeIsRefused) {
  for (const unsigned opcode : {0x3U, 0x4U, 0x5U, 0x6U, 0x7U, 0xBU, 0xCU, 0xDU, 0xEU, 0xFU}) {
    EXPECT_EQ(of(FrameBuilder(Opcode::text).opcode(opcode)), Violation::reserved_opcode) << opcode;
  }
}

TEST(Violation, AServerRefusesUnmaskedFramesAndAClientMaskedOnes) {
  EXPECT_EQ(of(FrameBuilder(Opcode::text, "x").unmasked()), Violation::mask_missing);
  EXPECT_EQ(of(FrameBuilder(Opcode::text, "x"), {.role = Role::client}), Violation::mask_unexpected);
}

TEST(Violation, ALengthInALongerFormThanNeededIsNotMinimal) {
  EXPECT_EQ(of(FrameBuilder(Opcode::text, std::string(125, 'x')).length_bytes(2)), Violation::length_not_minimal);
  EXPECT_EQ(of(FrameBuilder(Opcode::text).length_bytes(2)), Violation::length_not_minimal);
  EXPECT_EQ(of(FrameBuilder(Opcode::text, std::string(65535, 'x')).length_bytes(8)), Violation::length_not_minimal);
  EXPECT_EQ(of(FrameBuilder(Opcode::text, "x").length_bytes(8)), Violation::length_not_minimal);
}

TEST(Violation, ALengthWithItsHighestBitSetIsTooLarge) {
  EXPECT_EQ(of(FrameBuilder(Opcode::text).claimed_length(std::uint64_t{1} << 63)), Violation::length_too_large);
  EXPECT_EQ(of(FrameBuilder(Opcode::text).claimed_length(~std::uint64_t{0})), Violation::length_too_large);
}

TEST(Violation, AControlFrameInFragmentsIsRefused) {
  EXPECT_EQ(of(FrameBuilder(Opcode::ping).not_final()), Violation::control_fragmented);
  EXPECT_EQ(of(FrameBuilder(Opcode::close).not_final()), Violation::control_fragmented);
}

TEST(Violation, AControlFrameOf126BytesIsTooLong) {
  EXPECT_EQ(of(FrameBuilder(Opcode::ping, std::string(125, 'x'))), std::nullopt);
  EXPECT_EQ(of(FrameBuilder(Opcode::ping, std::string(126, 'x'))), Violation::control_too_long);
  EXPECT_EQ(of(FrameBuilder(Opcode::close).claimed_length(70000)), Violation::control_too_long);
}

TEST(Violation, AContinuationWithoutAMessageUnderWayIsUnexpected) {
  EXPECT_EQ(of(FrameBuilder(Opcode::continuation, "x")), Violation::continuation_unexpected);
  const std::string after_the_end = FrameBuilder(Opcode::text, "a").not_final().bytes() +
                                    FrameBuilder(Opcode::continuation, "b").bytes() +
                                    FrameBuilder(Opcode::continuation, "c").bytes();
  EXPECT_EQ(listen_to(after_the_end).violation, Violation::continuation_unexpected);
}

TEST(Violation, ANewMessageBeforeTheEndOfAFragmentedOneIsRefused) {
  const std::string first = FrameBuilder(Opcode::text, "a").not_final().bytes();
  EXPECT_EQ(listen_to(first + FrameBuilder(Opcode::text, "b").bytes()).violation, Violation::continuation_expected);
  EXPECT_EQ(listen_to(first + FrameBuilder(Opcode::binary, "b").not_final().bytes()).violation, Violation::continuation_expected);
}

TEST(Violation, ATooBigMessageIsRefusedWhenItsHeaderIsSeen) {
  const ReadOptions options{.max_message = 1000};
  const std::string header = FrameBuilder(Opcode::text).claimed_length(1001).bytes();
  EXPECT_EQ(listen_to(header, options).violation, Violation::message_too_big);
  EXPECT_EQ(listen_to(header.substr(0, 4), options).violation, Violation::message_too_big) << "its mask is not waited for";
  EXPECT_EQ(of(FrameBuilder(Opcode::binary).claimed_length(~std::uint64_t{0} >> 1), options), Violation::message_too_big);
}

TEST(Violation, FragmentsTogetherMayNotBeTooBigEither) {
  const std::string stream =
      FrameBuilder(Opcode::text, "abc").not_final().bytes() + FrameBuilder(Opcode::continuation).claimed_length(2).bytes();
  EXPECT_EQ(listen_to(stream, {.max_message = 4}).violation, Violation::message_too_big);
}

TEST(Violation, AMessageThatInflatesToMoreThanTheLimitIsTooBig) {
  std::string compressed;
  deflate_message(as_bytes(std::string(1001, 'x')), compressed);
  EXPECT_EQ(of(FrameBuilder(Opcode::text, compressed).rsv(4), {.max_message = 1001, .deflate = true}), std::nullopt);
  EXPECT_EQ(of(FrameBuilder(Opcode::text, compressed).rsv(4), {.max_message = 1000, .deflate = true}),
            Violation::message_too_big);
}

TEST(Violation, TextThatIsNotUtf8IsRefused) {
  // A lone byte, a cut character, an overlong slash, a surrogate, beyond U+10FFFF.
  for (const char* text : {"\xff", "\xe2\x82", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80"}) {
    EXPECT_EQ(of(FrameBuilder(Opcode::text, text)), Violation::invalid_utf8);
    EXPECT_EQ(of(FrameBuilder(Opcode::text, std::string(200, 'a') + text)), Violation::invalid_utf8);
    EXPECT_EQ(of_close(1000, text), Violation::invalid_utf8);
    std::string compressed;
    deflate_message(as_bytes(text), compressed);
    EXPECT_EQ(of(FrameBuilder(Opcode::text, compressed).rsv(4), kDeflate), Violation::invalid_utf8);
  }
}

TEST(Violation, CloseCodesThatMustNotBeSentAreRefused) {
  for (const unsigned code : {0U, 999U, 1004U, 1005U, 1006U, 1015U, 1016U, 1100U, 2000U, 2999U, 5000U, 65535U}) {
    EXPECT_EQ(of_close(code), Violation::invalid_close_code) << code;
  }
  for (const unsigned code : {1000U, 1001U, 1002U, 1003U, 1007U, 1008U, 1009U, 1010U, 1011U, 1012U, 1013U, 1014U, 3000U, 4999U}) {
    EXPECT_EQ(of_close(code), std::nullopt) << code;
  }
}

TEST(Violation, ACloseBodyOfOneByteIsRefused) {
  EXPECT_EQ(of(FrameBuilder(Opcode::close, "\x03")), Violation::invalid_close_body);
}

TEST(Violation, ACompressedMessageThatIsNoDeflateStreamFailsToInflate) {
  EXPECT_EQ(of(FrameBuilder(Opcode::text, "\xff\xff\xff").rsv(4), kDeflate), Violation::inflate_failed);
}

TEST(Violation, EachIsClosedWithTheCodeOfItsKindAndAReasonThatFitsACloseFrame) {
  for (const Violation violation : belfry::testing::enumerators<Violation>()) {
    const bool about_payload = violation == Violation::invalid_utf8 || violation == Violation::inflate_failed;
    const CloseCode expected = violation == Violation::message_too_big ? CloseCode::message_too_big
                               : about_payload                         ? CloseCode::invalid_payload
                                                                       : CloseCode::protocol_error;
    EXPECT_EQ(close_code(violation), expected) << explain(violation);
    EXPECT_FALSE(explain(violation).empty());
    EXPECT_LE(explain(violation).size(), 123U);
  }
}

}  // namespace
}  // namespace belfry::websocket

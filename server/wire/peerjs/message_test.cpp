// Messages as npm `peerjs` 1.5.5 sends them and npm `peer` 1.0.2 passes them on.
#include "wire/peerjs/message.hpp"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>

#include "base/cost_for_tests.hpp"

namespace belfry::peerjs {
namespace {

using std::string_literals::operator""s;

class Messages : public ::testing::Test {
 protected:
  /// The fault, or none.
  std::optional<DecodeError> fault_of(std::string_view text) {
    const auto message = decode(text, reader);
    return message ? std::nullopt : std::optional(message.error());
  }
  json::Reader reader;
};

TEST_F(Messages, AnOfferOfTheStockClientIsReadWithItsPayloadUntouched) {
  const auto message =
      decode(R"({"type":"OFFER","payload":{"sdp":{"type":"offer","sdp":"v=0\r\n"}, "type":"media"},"dst":"bob"})", reader);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->type, Type::offer);
  EXPECT_EQ(message->dst, "bob");
  EXPECT_EQ(message->payload, R"({"sdp":{"type":"offer","sdp":"v=0\r\n"}, "type":"media"})");
}

TEST_F(Messages, EachTypeThatAClientMaySendIsRead) {
  EXPECT_EQ(decode(R"({"type":"HEARTBEAT"})", reader)->type, Type::heartbeat);
  EXPECT_EQ(decode(R"({"type":"ANSWER","dst":"b"})", reader)->type, Type::answer);
  EXPECT_EQ(decode(R"({"type":"CANDIDATE","dst":"b"})", reader)->type, Type::candidate);
  EXPECT_EQ(decode(R"({"type":"LEAVE"})", reader)->type, Type::leave);
  EXPECT_EQ(decode(R"({"type":"EXPIRE","dst":"b"})", reader)->type, Type::expire);
}

TEST_F(Messages, ADestinationIsDecoded) {
  EXPECT_EQ(decode(R"({"type":"LEAVE","dst":"b\u00f6b"})", reader)->dst,
            "b\xc3\xb6"
            "b");
}

TEST_F(Messages, ADestinationThatIsNoTextIsNone) {
  EXPECT_EQ(decode(R"({"type":"LEAVE","dst":7})", reader)->dst, "");
  EXPECT_EQ(decode(R"({"type":"LEAVE","dst":null})", reader)->dst, "");
}

TEST_F(Messages, WhatIsNoMessageOfAClientIsRefused) {
  EXPECT_EQ(fault_of("hello"), DecodeError::not_json);
  EXPECT_EQ(fault_of(""), DecodeError::not_json);
  EXPECT_EQ(fault_of("null"), DecodeError::not_an_object);
  EXPECT_EQ(fault_of(R"(["OFFER"])"), DecodeError::not_an_object);
  EXPECT_EQ(fault_of("{}"), DecodeError::unknown_type);
  EXPECT_EQ(fault_of(R"({"type":7})"), DecodeError::unknown_type);
  EXPECT_EQ(fault_of(R"({"type":"offer","dst":"b"})"), DecodeError::unknown_type);
  EXPECT_EQ(fault_of(R"({"type":"LEAVE","dst":")" + std::string(kMaxId + 1, 'b') + "\"}"), DecodeError::destination_too_long);
}

TEST_F(Messages, AClientMaySendNothingThatOnlyAServerSays) {
  for (const char* type : {"OPEN", "ERROR", "ID-TAKEN", "INVALID-KEY"})
    EXPECT_EQ(fault_of(R"({"type":")" + std::string(type) + R"(","dst":"b"})"), DecodeError::unknown_type) << type;
}

TEST_F(Messages, AMessageIsPassedOnInTheOrderOfTheStockServer) {
  std::string out;
  append_message(out, Type::candidate, "al\"ice", "bob", R"({"candidate":1})");
  EXPECT_EQ(out, R"({"type":"CANDIDATE","src":"al\"ice","dst":"bob","payload":{"candidate":1}})");
  out.clear();
  append_message(out, Type::expire, "bob", "alice", "");
  EXPECT_EQ(out, R"({"type":"EXPIRE","src":"bob","dst":"alice"})");
}

TEST_F(Messages, AnErrorIsWordedForTheStockClient) {
  std::string out;
  append_error(out, kInvalidKey);
  EXPECT_EQ(out, R"({"type":"ERROR","payload":{"msg":"Invalid key provided"}})");
}

TEST_F(Messages, AnIdIsUtf8OfBoundedLength) {
  EXPECT_TRUE(is_valid_id("018f3c1e-7b2a-7cde-9abc-0123456789ab"));
  EXPECT_TRUE(
      is_valid_id("b\xc3\xb6"
                  "b \"quoted\""));
  EXPECT_TRUE(is_valid_id(std::string(kMaxId, 'x')));
  EXPECT_FALSE(is_valid_id(""));
  EXPECT_FALSE(is_valid_id(std::string(kMaxId + 1, 'x')));
  EXPECT_FALSE(is_valid_id("bob\xff"));
}

TEST_F(Messages, ReadingCostsInProportionToTheBytes) {
  const auto read = [this](const std::string& text) { static_cast<void>(decode(text, reader)); };
  for (const auto& [start, piece, end] :
       {std::array{R"({"type":"OFFER","payload":")"s, R"(\u0061)"s, "\"}"s},
        std::array{R"({"type":"OFFER","payload":[)"s, "[],"s, "0]}"s}, std::array{"{"s, R"("type":"OFFER",)"s, R"("dst":"b"})"s},
        std::array{R"({"dst":")"s, R"(\u0061)"s, R"(","type":"OFFER"})"s}}) {
    const auto make = [&, start = start, piece = piece, end = end](std::size_t count) {
      std::string text = start;
      for (std::size_t i = 0; i < count; ++i) text += piece;
      return text + end;
    };
    EXPECT_LT(testing::growth(8'000, make, read), testing::kStillLinear) << start;
  }
}

}  // namespace
}  // namespace belfry::peerjs

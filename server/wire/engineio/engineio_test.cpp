// Vectors from engine.io-protocol v4 ("Packet encoding", "Payload") and v3 ("Encoding"), and what must be refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wire/engineio/payload.hpp"

namespace belfry::engineio {
namespace {

using ::testing::ElementsAre;

std::string shown(const Packet& packet) {
  return std::to_string(static_cast<int>(packet.type)) + (packet.encoding == Encoding::binary ? "b:" : ":") +
         std::string(as_text(packet.data));
}

class EngineIoPayload : public ::testing::Test {
 protected:
  std::string scratch;
  std::vector<std::string> read(std::string_view body, Version version = Version::v4, Framing framing = Framing::text) {
    const auto packets = decode_payload(as_bytes(body), version, framing, scratch);
    EXPECT_TRUE(packets) << body;
    std::vector<std::string> all;
    if (packets)
      for (const Packet& packet : *packets) all.push_back(shown(packet));
    return all;
  }
  DecodeError refused(std::string_view body, Version version = Version::v4, Framing framing = Framing::text) {
    const auto packets = decode_payload(as_bytes(body), version, framing, scratch);
    EXPECT_FALSE(packets) << body;
    return packets ? DecodeError{} : packets.error();
  }
};

TEST(EngineIoPacket, TypeIsOneDigit) {
  EXPECT_EQ(shown(*decode_text(as_bytes("4hello"))), "4:hello");
  EXPECT_EQ(shown(*decode_text(as_bytes("2probe"))), "2:probe");
  EXPECT_EQ(decode_text(as_bytes("")).error(), DecodeError::empty_packet);
  for (const char* text : {"abc", "7", "/", ":"})
    EXPECT_EQ(decode_text(as_bytes(text)).error(), DecodeError::unknown_type) << text;
}

TEST(EngineIoPacket, BinaryIsAMessageInProtocol4AndTypedInProtocol3) {
  EXPECT_EQ(shown(*decode_binary(as_bytes("\x01\x02"), Version::v4)), "4b:\x01\x02");
  EXPECT_EQ(shown(*decode_binary(as_bytes("\x04\x02"), Version::v3)), "4b:\x02");
  EXPECT_EQ(decode_binary(as_bytes("\x02"), Version::v3).error(), DecodeError::binary_not_message);
  EXPECT_EQ(decode_binary(as_bytes("\x09"), Version::v3).error(), DecodeError::unknown_type);
  EXPECT_EQ(decode_binary({}, Version::v3).error(), DecodeError::empty_packet);
}

TEST_F(EngineIoPayload, Protocol4JoinsByRecordSeparator) {
  EXPECT_THAT(read("4hello\x1e"
                   "2\x1e"
                   "4world"),
              ElementsAre("4:hello", "2:", "4:world"));
  EXPECT_THAT(read("4hello\x1e"
                   "bAQIDBA=="),
              ElementsAre("4:hello", "4b:\x01\x02\x03\x04"));
}

TEST_F(EngineIoPayload, Protocol4RefusalsHaveNames) {
  EXPECT_EQ(refused(""), DecodeError::empty_packet);
  EXPECT_EQ(refused("4a\x1e"), DecodeError::empty_packet);
  EXPECT_EQ(refused("abc"), DecodeError::unknown_type);
  EXPECT_EQ(refused("bAQ"), DecodeError::bad_base64);
  EXPECT_EQ(refused("bAQ=A"), DecodeError::bad_base64);
  EXPECT_EQ(refused("4\xC3\x28"), DecodeError::invalid_utf8);
  std::string many = "2";
  for (std::size_t i = 0; i < kMaxPacketsPerPayload; ++i)
    many +=
        "\x1e"
        "2";
  EXPECT_EQ(refused(many), DecodeError::too_many_packets);
}

TEST_F(EngineIoPayload, Protocol3CountsUtf16Units) {
  EXPECT_THAT(read("6:4hello2:4\xE2\x82\xAC", Version::v3), ElementsAre("4:hello", "4:\xE2\x82\xAC"));
  EXPECT_THAT(read("3:4\xF0\x9F\x98\x80", Version::v3), ElementsAre("4:\xF0\x9F\x98\x80"));
  EXPECT_THAT(read("10:b4AQIDBA==", Version::v3), ElementsAre("4b:\x01\x02\x03\x04"));
}

TEST_F(EngineIoPayload, Protocol3RefusalsHaveNames) {
  EXPECT_EQ(refused("9:4hello", Version::v3), DecodeError::payload_truncated);
  EXPECT_EQ(refused("2:4\xF0\x9F\x98\x80", Version::v3), DecodeError::payload_truncated) << "half a surrogate pair";
  for (const char* body : {"x:4", ":4", "-1:4", "99999999999999999999:4", "01:4", "4hello"})
    EXPECT_EQ(refused(body, Version::v3), DecodeError::bad_length) << body;
  EXPECT_EQ(refused("5:b2AQ=", Version::v3), DecodeError::binary_not_message);
}

TEST_F(EngineIoPayload, Protocol3OctetsMixTextAndBinary) {
  using std::string_literals::operator""s;
  EXPECT_THAT(read("\x00\x02\xFF"
                   "4a\x01\x03\xFF\x04\x07\x08"s,
                   Version::v3, Framing::octets),
              ElementsAre("4:a", "4b:\x07\x08"));
  EXPECT_EQ(refused("\x00\x09\xFF"
                    "4a"s,
                    Version::v3, Framing::octets),
            DecodeError::payload_truncated);
  EXPECT_EQ(refused("\x02\x01\xFF"
                    "4"s,
                    Version::v3, Framing::octets),
            DecodeError::bad_length);
  EXPECT_EQ(refused("\x00\x01\x01\x01"s, Version::v3, Framing::octets), DecodeError::bad_length);
}

TEST_F(EngineIoPayload, WrittenPacketsAreReadBack) {
  const Packet packets[] = {{PacketType::message, Encoding::text, as_bytes("h\xC3\xA9llo\xF0\x9F\x98\x80")},
                            {PacketType::message, Encoding::binary, as_bytes("\x01\xFE\x7F")},
                            {PacketType::ping, Encoding::text, {}}};
  for (const auto& [version, binary_as] : {std::pair{Version::v4, BinaryAs::base64}, std::pair{Version::v3, BinaryAs::base64},
                                           std::pair{Version::v3, BinaryAs::octets}}) {
    PayloadWriter writer(version, binary_as);
    for (const Packet& packet : packets) writer.append(packet);
    EXPECT_EQ(writer.packet_count(), 3U);
    const Framing framing = writer.framing();
    EXPECT_EQ(framing == Framing::octets, binary_as == BinaryAs::octets);
    EXPECT_THAT(read(writer.take(), version, framing), ElementsAre(shown(packets[0]), shown(packets[1]), shown(packets[2])));
    EXPECT_EQ(writer.packet_count(), 0U);
  }
}

TEST(EngineIoHandshake, HasExactlyTheKeysOfItsProtocol) {
  std::string v4;
  append_handshake(v4, {.sid = "x", .offer_websocket = true}, Version::v4);
  EXPECT_EQ(v4, R"({"sid":"x","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000})");
  std::string v3;
  append_handshake(v3, {.sid = "x"}, Version::v3);
  EXPECT_EQ(v3, R"({"sid":"x","upgrades":[],"pingInterval":25000,"pingTimeout":20000})");
}

}  // namespace
}  // namespace belfry::engineio

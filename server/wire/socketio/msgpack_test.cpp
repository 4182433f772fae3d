// The MessagePack form of Socket.IO's packets: what the stock client sends, and what is refused. The formats of single values are
// in msgpack_formats_test.cpp.
#include "wire/socketio/msgpack.hpp"

#include <gtest/gtest.h>

namespace belfry::socketio {
namespace {

using std::string_literals::operator""s;

/// Decodes a MessagePack map whose fields are given as bytes, behind type event and namespace "/".
class Msgpack : public ::testing::Test {
 protected:
  json::Reader reader;
  Limits limits;
  static std::string event(std::string_view fields, char count) {
    std::string wire = "\x80\xa4type\x02\xa3nsp\xa1/"s;
    wire.front() = static_cast<char>(0x82 + count);
    return wire.append(fields);
  }
  Expected<MsgpackPacket, DecodeError> decoded(const std::string& wire) { return decode_msgpack(as_bytes(wire), limits); }
};

TEST_F(Msgpack, CarriesTheSamePacketAsText) {
  const std::string json = R"(["m",{"a":[1,-2,300,70000,5000000000,1.5,true,false,null,"long )" + std::string(40, 'x') +
                           R"("]},{"_placeholder":true,"num":0}])";
  const auto data = reader.validate(json);
  ASSERT_TRUE(data);
  std::string wire;
  append_msgpack(wire, PacketType::binary_event, "/admin", 9, *data, {as_bytes("bytes")});
  const auto packet = decode_msgpack(as_bytes(wire), limits);
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->type, PacketType::binary_event);
  EXPECT_EQ(packet->name_space, "/admin");
  EXPECT_EQ(packet->ack_id, 9U);
  EXPECT_EQ(packet->data_json, json);
  EXPECT_EQ(packet->attachments, std::vector<std::string>{"bytes"});
}

TEST_F(Msgpack, CarriesANumberTooSmallForADoubleAsZero) {
  for (const auto& [number, carried] : {std::pair{"1e-400", "0"}, {"-1e-400", "0"}, {"5e-324", "5e-324"}, {"1e22", "1e+22"}}) {
    const std::string json = "[" + std::string(number) + "]";
    const auto data = reader.validate(json);
    ASSERT_TRUE(data) << number;
    std::string wire;
    append_msgpack(wire, PacketType::event, "/", {}, *data, {});
    const auto packet = decode_msgpack(as_bytes(wire), limits);
    ASSERT_TRUE(packet) << number;
    EXPECT_EQ(packet->data_json, "[" + std::string(carried) + "]");
  }
}

TEST_F(Msgpack, NoPrefixOfAPacketIsAPacket) {
  std::string wire;
  append_msgpack(wire, PacketType::event, "/", {}, *reader.validate(R"(["name",{"k":"v"}])"), {});
  for (std::size_t size = 0; size < wire.size(); ++size)
    EXPECT_FALSE(decode_msgpack(as_bytes(std::string_view(wire).substr(0, size)), limits)) << size;
}

TEST_F(Msgpack, MalformedPacketsAreRefused) {
  for (const std::string& wire : {"\x82\xa4type\x02\xa3nsp\xa1x"s, "\x81\xa4type\x02"s, "\x82\xa4type\x07\xa3nsp\xa1/"s, "\xc0"s,
                                  "\x83\xa4type\x02\xa3nsp\xa1/\xa4"
                                  "data\xdd\xff\xff\xff\xff"s,
                                  "\x83\xa4type\x02\xa3nsp\xa1/\xa4"
                                  "data\xc6\xff\xff\xff\xff"s})
    EXPECT_FALSE(decode_msgpack(as_bytes(wire), limits));
  std::string deep =
      "\x83\xa4type\x02\xa3nsp\xa1/\xa4"
      "data";
  deep += std::string(100'000, '\x91') + "\xc0";
  EXPECT_FALSE(decode_msgpack(as_bytes(deep), limits));
}

// What socket.io-client 4.8 with its msgpack parser puts on the wire, as captured.
TEST_F(Msgpack, AStockClientConnectsWithoutCredentials) {
  const auto packet = decoded(
      "\x83\xa4type\x00\xa4"
      "data\xd4\x00\x00\xa3nsp\xa1/"s);
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->type, PacketType::connect);
  EXPECT_EQ(packet->data_json, "") << "undefined is no data";
}

TEST_F(Msgpack, AStockClientsOptionsAreIgnored) {
  const auto packet = decoded(
      "\x85\xa4type\x02\xa4"
      "data\x91\xa2hi\xa7options\x81\xa8"
      "compress\xc3\xa2id\x00\xa3nsp\xa1/"s);
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->data_json, R"(["hi"])");
  EXPECT_EQ(packet->ack_id, 0U);
}

TEST_F(Msgpack, ADateIsDecodedAsItsJsonText) {
  const auto date = [&](const std::string& milliseconds) {
    const auto packet =
        decoded(event("\xa4"
                      "data\x92\xa1"
                      "b\xd7\x00"s +
                          milliseconds,
                      1));
    return packet ? packet->data_json : "refused";
  };
  EXPECT_EQ(date("\x00\x00\x01\x8b\xcf\xe5\x68\x7b"s), R"(["b","2023-11-14T22:13:20.123Z"])");
  EXPECT_EQ(date("\xff\xff\xff\xff\xff\xff\xff\xff"s), R"(["b","1969-12-31T23:59:59.999Z"])");
  EXPECT_EQ(date("\x7f\xff\xff\xff\xff\xff\xff\xff"s), R"(["b",null])") << "no such day";
}

TEST_F(Msgpack, AMapCannotPoseAsAnAttachment) {
  // Each would be written again as a copy of the attachment: 20 bytes in, a megabyte out.
  EXPECT_FALSE(
      decoded(event("\xa4"
                    "data\x93\xa1m\xc4\x01X\x82\xac_placeholder\xc3\xa3num\x00"s,
                    1)));
}

TEST_F(Msgpack, AFieldOccursOnceAndOnlyDataHasAttachments) {
  EXPECT_FALSE(
      decoded(event("\xa4"
                    "data\x92\xa1m\xc4\x01X\xa4"
                    "data\x91\xa1m"s,
                    2)));
  const auto packet =
      decoded(event("\xa7options\xc4\x01X\xa4"
                    "data\x92\xa1m\xc4\x01Y"s,
                    2));
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->attachments, std::vector<std::string>{"Y"});
  EXPECT_EQ(packet->data_json, R"(["m",{"_placeholder":true,"num":0}])");
}

TEST_F(Msgpack, RefusalsHaveTheNamesOfTheTextForm) {
  const auto refusal = [&](const std::string& wire) {
    const auto packet = decoded(wire);
    EXPECT_FALSE(packet);
    return packet ? DecodeError{} : packet.error();
  };
  EXPECT_EQ(refusal(""), DecodeError::empty_packet);
  EXPECT_EQ(refusal("\x82\xa4type\x07\xa3nsp\xa1/"s), DecodeError::unknown_type);
  EXPECT_EQ(refusal("\x82\xa4type\x02\xa3nsp\xa1x"s), DecodeError::bad_namespace);
  EXPECT_EQ(refusal(event("\xa2id\xff", 1)), DecodeError::bad_ack_id);
  EXPECT_EQ(refusal(event("\xa4"
                          "data\x91\xa1\xff",
                          1)),
            DecodeError::bad_text);
  EXPECT_EQ(refusal(event("\xa4"
                          "data" +
                              std::string(100'000, '\x91') + "\xc0",
                          1)),
            DecodeError::too_deep);
  std::string many =
      "\xa4"
      "data\xdc\x00\x11"s;
  for (int i = 0; i < 17; ++i) many += "\xc4\x00"s;
  EXPECT_EQ(refusal(event(many, 1)), DecodeError::too_many_attachments);
}

}  // namespace
}  // namespace belfry::socketio

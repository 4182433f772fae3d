// The examples of socket.io-protocol v5 "Packet encoding", every refusal by name, and the msgpack form of the same packets.
#include <gtest/gtest.h>

#include "wire/socketio/msgpack.hpp"
#include "wire/socketio/packet.hpp"

namespace belfry::socketio {
namespace {

class Packets : public ::testing::Test {
 protected:
  json::Reader reader;
  Limits limits;
  std::vector<json::Slice> arguments;
  Packet read(std::string_view text) {
    const auto packet = decode(text, reader, limits, arguments);
    EXPECT_TRUE(packet) << text << ": " << (packet ? "" : explain(packet.error()));
    return packet.value_or(Packet{});
  }
  DecodeError refused(std::string_view text) {
    const auto packet = decode(text, reader, limits, arguments);
    EXPECT_FALSE(packet) << text;
    return packet ? DecodeError{} : packet.error();
  }
};

TEST_F(Packets, ConnectMayHaveANamespaceAndAnObject) {
  EXPECT_EQ(read("0").name_space, "/");
  EXPECT_FALSE(read("0").has_data);
  EXPECT_EQ(read("0/admin,{\"sid\":\"x\"}").name_space, "/admin");
  EXPECT_EQ(read("0/admin").name_space, "/admin");
  const Packet old = read("0/admin?token=1,");
  EXPECT_EQ(old.name_space, "/admin");
  EXPECT_EQ(old.name_space_query, "token=1");
}

TEST_F(Packets, EventsHaveANameAndArguments) {
  read(R"(2["foo",{"a":1},"b"])");
  ASSERT_EQ(arguments.size(), 3U);
  EXPECT_EQ(arguments[1].raw, R"({"a":1})");
  const Packet asked = read(R"(2/admin,12["bar"])");
  EXPECT_EQ(asked.ack_id, 12U);
  EXPECT_EQ(asked.name_space, "/admin");
}

TEST_F(Packets, BinaryPacketsNameTheNumberOfTheirAttachments) {
  const Packet packet = read(R"(51-["baz",{"_placeholder":true,"num":0}])");
  EXPECT_EQ(packet.attachments, 1U);
  EXPECT_EQ(read(R"(61-/admin,456[{"_placeholder":true,"num":0}])").ack_id, 456U);
}

TEST_F(Packets, MalformedPacketsAreRefusedByName) {
  EXPECT_EQ(refused(""), DecodeError::empty_packet);
  EXPECT_EQ(refused("7"), DecodeError::unknown_type);
  EXPECT_EQ(refused("abc"), DecodeError::unknown_type);
  EXPECT_EQ(refused("5[\"a\"]"), DecodeError::bad_attachment_count);
  EXPECT_EQ(refused("5x-[\"a\"]"), DecodeError::bad_attachment_count);
  EXPECT_EQ(refused("599999999999-[\"a\"]"), DecodeError::bad_attachment_count);
  EXPECT_EQ(refused("517-[\"a\"]"), DecodeError::too_many_attachments);
  EXPECT_EQ(refused("2/" + std::string(200, 'n') + ",[\"a\"]"), DecodeError::bad_namespace);
  EXPECT_EQ(refused("299999999999999999999999[\"a\"]"), DecodeError::bad_ack_id);
  EXPECT_EQ(refused("2abc[\"a\"]"), DecodeError::bad_json);
  EXPECT_EQ(refused("2[\"a\""), DecodeError::bad_json);
}

TEST_F(Packets, DataMustFitItsType) {
  for (const char* text : {"2", "2{}", "2[]", "2[1]", "2[null]", "0[]", "0\"x\"", "1{}", "4", "4[]", "3[1]", "31{}"})
    EXPECT_EQ(refused(text), DecodeError::data_not_fitting_type) << text;
  for (const char* name : {"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"})
    EXPECT_EQ(refused("2[\"" + std::string(name) + "\"]"), DecodeError::data_not_fitting_type) << name;
}

TEST_F(Packets, ExceededLimitRefusesTheEventAndKeepsTheSession) {
  const DecodeError deep = refused("2[\"a\"," + std::string(100'000, '[') + std::string(100'000, ']') + "]");
  EXPECT_EQ(deep, DecodeError::too_deep);
  EXPECT_EQ(refused(R"(2["a","\ud800"])"), DecodeError::bad_text);
  EXPECT_EQ(refused(R"(2["a",123456789012345678901234567890])"), DecodeError::bad_number);
  std::string many = "2[\"a\"";
  for (int i = 0; i < 64; ++i) many += ",1";
  EXPECT_EQ(refused(many + "]"), DecodeError::too_many_arguments);
  for (const DecodeError error :
       {DecodeError::too_deep, DecodeError::bad_text, DecodeError::bad_number, DecodeError::too_many_arguments})
    EXPECT_TRUE(is_refusal_only(error));
  EXPECT_FALSE(is_refusal_only(DecodeError::bad_json));
}

TEST_F(Packets, ARefusedEventStillHasItsName) {
  for (const auto& [text, name] : {std::pair{R"(2["make_call",{"a":)", "make_call"},
                                   {R"(2["make_call"])", "make_call"},
                                   {R"(217["a","\ud800"])", "a"},
                                   {R"(2/admin,12["bar",1e999])", "bar"},
                                   {R"(516-18446744073709551615["far",])", "far"},
                                   {R"(2["",7])", ""},
                                   {R"(2["unfinished)", "unfinished"},
                                   {R"(2["a\"b"])", "a\\"}})
    EXPECT_EQ(announced_event(text), name) << text;
  EXPECT_EQ(announced_event("2[\"" + std::string(65, 'n') + "\"]"), std::string(kMaxAnnouncedName, 'n'));
}

TEST_F(Packets, WhatIsNoEventHasNoName) {
  for (const char* text : {"", "2", "2[", "2[7,\"late\"]x", "2{\"a\":[]}", "2[ \"blank\"]", "40", "3[]"})
    EXPECT_EQ(announced_event(text), "") << text;
  EXPECT_EQ(announced_event(std::string(32, '2') + "[\"behind_a_long_head\"]"), "");
}

TEST_F(Packets, APlaceholderMayBeWrittenInAnyOrderAndAnywhere) {
  // The Swift client writes a dictionary, so the order of the two keys differs from one start of the app to the next.
  for (const char* honest :
       {R"({"_placeholder":true,"num":0})", R"({"num":0,"_placeholder":true})", R"({ "num" : 0 , "_placeholder" : true })",
        R"({"file":[{"_placeholder":true,"num":0}],"name":"{\"_placeholder\":true}"})", R"("_placeholder")"})
    EXPECT_TRUE(placeholders_are_valid(read("2[\"a\"," + std::string(honest) + "]").data, 1)) << honest;
}

TEST_F(Packets, APlaceholderCannotNameAnAttachmentThatIsNotThere) {
  for (const char* lie :
       {R"({"_placeholder":true,"num":1})", R"({"_placeholder":true,"num":-1})", R"({"_placeholder":true,"num":"0"})",
        R"({"_placeholder":true,"num":0.5})", R"({"num":4294967296,"_placeholder":true})", R"({"_placeholder":true})",
        R"({"_placeholder":1})", R"({"_placeholder":true,"num":0,"num":9})",
        R"({"x":{"_placeholder":true,"num":0},"y":[{"num":9,"_placeholder":true}]})"})
    EXPECT_FALSE(placeholders_are_valid(read("2[\"a\"," + std::string(lie) + "]").data, 1)) << lie;
}

TEST_F(Packets, APlaceholderCannotHideBehindEscapes) {
  for (const char* lie : {R"({"_\u0070laceholder":true,"num":9})", R"({"\u005fplaceholder" :true,"num":0})",
                          R"({"_placeholder":true,"n\u0075m":9})"})
    EXPECT_FALSE(placeholders_are_valid(read("2[\"a\"," + std::string(lie) + "]").data, 1)) << lie;
}

TEST_F(Packets, PrototypeKeysAreDataLikeAnyOther) {
  read(R"(2["a",{"__proto__":{"admin":true},"constructor":1}])");
  EXPECT_EQ(arguments[1].raw, R"({"__proto__":{"admin":true},"constructor":1})");
}

TEST_F(Packets, HeadsAreWrittenAsTheyAreRead) {
  const auto head = [](auto... parts) {
    std::string out;
    append_head(out, parts...);
    return out;
  };
  EXPECT_EQ(head(PacketType::event, "/"), "2");
  EXPECT_EQ(head(PacketType::event, "/admin", std::optional<std::uint64_t>(7)), "2/admin,7");
  EXPECT_EQ(head(PacketType::binary_ack, "/", std::optional<std::uint64_t>(0), 2U), "62-0");
}

TEST_F(Packets, MsgpackCarriesTheSamePacket) {
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

TEST_F(Packets, MsgpackCarriesANumberTooSmallForADoubleAsZero) {
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

TEST_F(Packets, NoPrefixOfAMsgpackPacketIsAPacket) {
  std::string wire;
  append_msgpack(wire, PacketType::event, "/", {}, *reader.validate(R"(["name",{"k":"v"}])"), {});
  for (std::size_t size = 0; size < wire.size(); ++size)
    EXPECT_FALSE(decode_msgpack(as_bytes(std::string_view(wire).substr(0, size)), limits)) << size;
}

TEST_F(Packets, MalformedMsgpackIsRefused) {
  using std::string_literals::operator""s;
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

/// Decodes a MessagePack map whose fields are given as bytes, behind type event and namespace "/".
class Msgpack : public Packets {
 protected:
  static std::string event(std::string_view fields, char count) {
    using std::string_literals::operator""s;
    std::string wire = "\x80\xa4type\x02\xa3nsp\xa1/"s;
    wire.front() = static_cast<char>(0x82 + count);
    return wire.append(fields);
  }
  Expected<MsgpackPacket, DecodeError> decoded(const std::string& wire) { return decode_msgpack(as_bytes(wire), limits); }
};

using std::string_literals::operator""s;

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

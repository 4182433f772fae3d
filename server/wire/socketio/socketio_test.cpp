// The examples of socket.io-protocol v5 "Packet encoding", and every refusal by name.
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "wire/socketio/packet.hpp"

namespace belfry::socketio {
namespace {

class SocketIoPacket : public ::testing::Test {
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

TEST_F(SocketIoPacket, ConnectMayHaveANamespaceAndAnObject) {
  EXPECT_EQ(read("0").name_space, "/");
  EXPECT_FALSE(read("0").has_data);
  EXPECT_EQ(read("0/admin,{\"sid\":\"x\"}").name_space, "/admin");
  EXPECT_EQ(read("0/admin").name_space, "/admin");
  const Packet old = read("0/admin?token=1,");
  EXPECT_EQ(old.name_space, "/admin");
  EXPECT_EQ(old.name_space_query, "token=1");
}

TEST_F(SocketIoPacket, EventsHaveANameAndArguments) {
  read(R"(2["foo",{"a":1},"b"])");
  ASSERT_EQ(arguments.size(), 3U);
  EXPECT_EQ(arguments[1].raw, R"({"a":1})");
  const Packet asked = read(R"(2/admin,12["bar"])");
  EXPECT_EQ(asked.ack_id, 12U);
  EXPECT_EQ(asked.name_space, "/admin");
}

TEST_F(SocketIoPacket, BinaryPacketsNameTheNumberOfTheirAttachments) {
  const Packet packet = read(R"(51-["baz",{"_placeholder":true,"num":0}])");
  EXPECT_EQ(packet.attachments, 1U);
  EXPECT_EQ(read(R"(61-/admin,456[{"_placeholder":true,"num":0}])").ack_id, 456U);
}

TEST_F(SocketIoPacket, MalformedPacketsAreRefusedByName) {
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

TEST_F(SocketIoPacket, DataMustFitItsType) {
  for (const char* text : {"2", "2{}", "2[]", "2[1]", "2[null]", "0[]", "0\"x\"", "1{}", "4", "4[]", "3[1]", "31{}"})
    EXPECT_EQ(refused(text), DecodeError::data_not_fitting_type) << text;
  for (const char* name : {"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"})
    EXPECT_EQ(refused("2[\"" + std::string(name) + "\"]"), DecodeError::data_not_fitting_type) << name;
}

TEST_F(SocketIoPacket, ExceededLimitRefusesTheEventAndKeepsTheSession) {
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

TEST_F(SocketIoPacket, ARefusedEventStillHasItsName) {
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

TEST_F(SocketIoPacket, WhatIsNoEventHasNoName) {
  for (const char* text : {"", "2", "2[", "2[7,\"late\"]x", "2{\"a\":[]}", "2[ \"blank\"]", "40", "3[]"})
    EXPECT_EQ(announced_event(text), "") << text;
  EXPECT_EQ(announced_event(std::string(32, '2') + "[\"behind_a_long_head\"]"), "");
}

TEST_F(SocketIoPacket, ARefusedEventStillHasItsAckId) {
  using Id = std::optional<std::uint64_t>;
  for (const auto& [text, id] :
       {std::pair{R"(217["a","\ud800"])", Id{17}}, {R"(2/,17["a"])", Id{17}}, {R"(52-0["a",)", Id{0}}, {R"(2["a",1e999])", Id{}}})
    EXPECT_EQ(announced_ack(text), id) << text;
  EXPECT_EQ(announced_ack("218446744073709551615[\"a\"]"), std::numeric_limits<std::uint64_t>::max());
}

TEST_F(SocketIoPacket, WhatIsNoEventOfTheMainNamespaceHasNoAckId) {
  for (const char* text : {"", "317[]", "61-17[]", "517[\"a\"]", "2/admin,17[\"a\"]", "218446744073709551616[\"a\"]"})
    EXPECT_EQ(announced_ack(text), std::nullopt) << text;
}

TEST_F(SocketIoPacket, APlaceholderMayBeWrittenInAnyOrderAndAnywhere) {
  // The Swift client writes a dictionary, so the order of the two keys differs from one start of the app to the next.
  for (const char* honest :
       {R"({"_placeholder":true,"num":0})", R"({"num":0,"_placeholder":true})", R"({ "num" : 0 , "_placeholder" : true })",
        R"({"file":[{"_placeholder":true,"num":0}],"name":"{\"_placeholder\":true}"})", R"("_placeholder")"})
    EXPECT_TRUE(placeholders_are_valid(read("2[\"a\"," + std::string(honest) + "]").data, 1)) << honest;
}

TEST_F(SocketIoPacket, APlaceholderCannotNameAnAttachmentThatIsNotThere) {
  for (const char* lie :
       {R"({"_placeholder":true,"num":1})", R"({"_placeholder":true,"num":-1})", R"({"_placeholder":true,"num":"0"})",
        R"({"_placeholder":true,"num":0.5})", R"({"num":4294967296,"_placeholder":true})", R"({"_placeholder":true})",
        R"({"_placeholder":1})", R"({"_placeholder":true,"num":0,"num":9})",
        R"({"x":{"_placeholder":true,"num":0},"y":[{"num":9,"_placeholder":true}]})"})
    EXPECT_FALSE(placeholders_are_valid(read("2[\"a\"," + std::string(lie) + "]").data, 1)) << lie;
}

TEST_F(SocketIoPacket, APlaceholderCannotHideBehindEscapes) {
  for (const char* lie : {R"({"_\u0070laceholder":true,"num":9})", R"({"\u005fplaceholder" :true,"num":0})",
                          R"({"_placeholder":true,"n\u0075m":9})"})
    EXPECT_FALSE(placeholders_are_valid(read("2[\"a\"," + std::string(lie) + "]").data, 1)) << lie;
}

TEST_F(SocketIoPacket, PrototypeKeysAreDataLikeAnyOther) {
  read(R"(2["a",{"__proto__":{"admin":true},"constructor":1}])");
  EXPECT_EQ(arguments[1].raw, R"({"__proto__":{"admin":true},"constructor":1})");
}

TEST_F(SocketIoPacket, HeadsAreWrittenAsTheyAreRead) {
  const auto head = [](auto... parts) {
    std::string out;
    append_head(out, parts...);
    return out;
  };
  EXPECT_EQ(head(PacketType::event, "/"), "2");
  EXPECT_EQ(head(PacketType::event, "/admin", std::optional<std::uint64_t>(7)), "2/admin,7");
  EXPECT_EQ(head(PacketType::binary_ack, "/", std::optional<std::uint64_t>(0), 2U), "62-0");
}

}  // namespace
}  // namespace belfry::socketio

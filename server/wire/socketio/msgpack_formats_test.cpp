// Each format of the MessagePack specification (github.com/msgpack/msgpack/blob/master/spec.md, "Formats"), read and written as
// the data of a packet. Tests are named by the families of that section.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>
#include <utility>

#include "wire/socketio/msgpack.hpp"

namespace belfry::socketio {
namespace {

using std::string_literals::operator""s;

// A packet of type event in "/", up to the value of its data.
const std::string kBeforeData =
    "\x83\xa4type\x02\xa3nsp\xa1/\xa4"
    "data"s;

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    text.push_back(kDigits[static_cast<unsigned char>(byte) >> 4U]);
    text.push_back(kDigits[static_cast<unsigned char>(byte) & 15U]);
  }
  return text;
}

/// `count` values behind each other.
std::string times(std::size_t count, std::string_view value) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += value;
  return all;
}

/// A JSON array or object of `count` times the same.
std::string joined(char open, std::size_t count, std::string_view each, char close) {
  std::string json(1, open);
  for (std::size_t i = 0; i < count; ++i) json.append(i == 0 ? "" : ",").append(each);
  return json + close;
}

class MsgpackFormats : public ::testing::Test {
 protected:
  std::vector<std::string> attachments;

  /// The value as JSON, or why it is refused.
  std::string read(std::string_view value) {
    const std::string wire = kBeforeData + std::string(value);
    const auto packet = decode_msgpack(as_bytes(wire), {});
    if (!packet) return "refused: " + std::string(explain(packet.error()));
    attachments = packet->attachments;
    return packet->data_json;
  }
  /// Reads as that JSON, and neither cut off anywhere nor with a byte behind it.
  void expect_read(const std::string& value, std::string_view json) {
    EXPECT_EQ(read(value), json) << hex(value.substr(0, 16));
    const std::size_t step = value.size() / 64 + 1;
    for (std::size_t size = 0; size < value.size(); size += step)
      EXPECT_THAT(read(value.substr(0, size)), ::testing::StartsWith("refused"))
          << size << " bytes of " << hex(value.substr(0, 16));
    EXPECT_THAT(read(value + '\xc0'), ::testing::StartsWith("refused")) << hex(value.substr(0, 16));
  }
  void expect_refused(const std::string& value, DecodeError why = DecodeError::data_not_fitting_type) {
    EXPECT_EQ(read(value), "refused: " + std::string(explain(why))) << hex(value.substr(0, 16));
  }
  /// The first bytes of a JSON value as we write it.
  static std::string written(const std::string& json, std::size_t bytes, const std::vector<Bytes>& binary = {}) {
    json::Reader reader;
    const auto value = reader.validate(json);
    std::string wire;
    append_msgpack(wire, PacketType::event, "/", {}, value.value_or(json::Slice{}), binary);
    EXPECT_TRUE(wire.starts_with(kBeforeData)) << json;
    return hex(wire.substr(kBeforeData.size(), bytes));
  }
};

TEST_F(MsgpackFormats, NilAndBool) {
  expect_read("\xc0"s, "null");
  expect_read("\xc2"s, "false");
  expect_read("\xc3"s, "true");
  EXPECT_EQ(written("null", 9), "c0");
  EXPECT_EQ(written("false", 9), "c2");
  EXPECT_EQ(written("true", 9), "c3");
}

TEST_F(MsgpackFormats, TheNeverUsedByteIsRefused) { expect_refused("\xc1"s); }

TEST_F(MsgpackFormats, IntPositiveAndNegativeFixint) {
  expect_read("\x00"s, "0");
  expect_read("\x7f"s, "127");
  expect_read("\xff"s, "-1");
  expect_read("\xe0"s, "-32");
  EXPECT_EQ(written("0", 9), "00");
  EXPECT_EQ(written("127", 9), "7f");
}

TEST_F(MsgpackFormats, IntUnsigned8To64) {
  expect_read("\xcc\xff"s, "255");
  expect_read("\xcd\x01\x00"s, "256");
  expect_read("\xce\xff\xff\xff\xff"s, "4294967295");
  expect_read("\xcf\xff\xff\xff\xff\xff\xff\xff\xff"s, "18446744073709551615");
  expect_read("\xcf\x00\x00\x00\x00\x00\x00\x00\x01"s, "1");  // a longer format than needed is a number as well
  EXPECT_EQ(written("128", 9), "cc80");
  EXPECT_EQ(written("256", 9), "cd0100");
  EXPECT_EQ(written("65536", 9), "ce00010000");
  EXPECT_EQ(written("4294967296", 9), "cf0000000100000000");
}

TEST_F(MsgpackFormats, IntSigned8To64) {
  expect_read("\xd0\x80"s, "-128");
  expect_read("\xd0\x7f"s, "127");
  expect_read("\xd1\x80\x00"s, "-32768");
  expect_read("\xd2\x80\x00\x00\x00"s, "-2147483648");
  expect_read("\xd3\x80\x00\x00\x00\x00\x00\x00\x00"s, "-9223372036854775808");
  EXPECT_EQ(written("-1", 9), "d3ffffffffffffffff") << "one format for all that are negative";
  EXPECT_EQ(written("-9223372036854775808", 9), "d38000000000000000");
}

TEST_F(MsgpackFormats, Float32And64) {
  expect_read("\xca\x3f\x00\x00\x00"s, "0.5");
  expect_read("\xcb\x3f\xf8\x00\x00\x00\x00\x00\x00"s, "1.5");
  expect_read("\xcb\x80\x00\x00\x00\x00\x00\x00\x00"s, "-0");
  expect_read("\xca\x7f\x80\x00\x00"s, "null");                  // infinity, as JSON.stringify has it
  expect_read("\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00"s, "null");  // not a number
  EXPECT_EQ(written("1.5", 9), "cb3ff8000000000000");
}

TEST_F(MsgpackFormats, StrFixTo32) {
  for (const auto& [head, size] :
       {std::pair{"\xa0"s, 0}, {"\xbf"s, 31}, {"\xd9\xff"s, 255}, {"\xda\x01\x00"s, 256}, {"\xdb\x00\x01\x00\x00"s, 65536}}) {
    const std::string text(static_cast<std::size_t>(size), 's');
    expect_read(head + text, "\"" + text + "\"");
  }
  expect_read("\xd9\x02\"\n"s, R"("\"\n")");
  expect_refused("\xa1\xff"s, DecodeError::bad_text);  // "String objects may contain invalid byte sequence": JSON may not
  for (const auto& [size, head] :
       {std::pair{0, "a0"}, {31, "bf"}, {32, "d920"}, {255, "d9ff"}, {256, "da0100"}, {65535, "daffff"}, {65536, "db00010000"}})
    EXPECT_EQ(written("\"" + std::string(static_cast<std::size_t>(size), 's') + "\"", std::string_view(head).size() / 2), head);
}

TEST_F(MsgpackFormats, Bin8To32AreAttachments) {
  for (const auto& [head, size] :
       {std::pair{"\xc4\x00"s, 0}, {"\xc4\xff"s, 255}, {"\xc5\x01\x00"s, 256}, {"\xc6\x00\x01\x00\x00"s, 65536}}) {
    const std::string bytes(static_cast<std::size_t>(size), '\xfe');
    expect_read(head + bytes, R"({"_placeholder":true,"num":0})");
    read(head + bytes);
    EXPECT_EQ(attachments, std::vector<std::string>{bytes});
  }
  for (const auto& [size, head] : {std::pair{0, "c400"}, {255, "c4ff"}, {256, "c50100"}, {65536, "c600010000"}}) {
    const std::string bytes(static_cast<std::size_t>(size), '\xfe');
    EXPECT_EQ(written(R"({"_placeholder":true,"num":0})", std::string_view(head).size() / 2, {as_bytes(bytes)}), head);
  }
}

TEST_F(MsgpackFormats, ArrayFixTo32) {
  for (const auto& [head, size] :
       {std::pair{"\x90"s, 0}, {"\x9f"s, 15}, {"\xdc\x00\x10"s, 16}, {"\xdd\x00\x01\x00\x00"s, 65536}}) {
    const auto count = static_cast<std::size_t>(size);
    expect_read(head + times(count, "\xc0"), joined('[', count, "null", ']'));
  }
  for (const auto& [size, head] : {std::pair{0, "90"}, {15, "9f"}, {16, "dc0010"}, {65536, "dd00010000"}})
    EXPECT_EQ(written(joined('[', static_cast<std::size_t>(size), "0", ']'), std::string_view(head).size() / 2), head);
}

TEST_F(MsgpackFormats, MapFixTo32) {
  for (const auto& [head, size] :
       {std::pair{"\x80"s, 0}, {"\x8f"s, 15}, {"\xde\x00\x10"s, 16}, {"\xdf\x00\x01\x00\x00"s, 65536}}) {
    const auto count = static_cast<std::size_t>(size);
    expect_read(head + times(count, "\xa1k\xc0"), joined('{', count, R"("k":null)", '}'));
  }
  for (const auto& [size, head] : {std::pair{0, "80"}, {15, "8f"}, {16, "de0010"}, {65536, "df00010000"}})
    EXPECT_EQ(written(joined('{', static_cast<std::size_t>(size), R"("k":0)", '}'), std::string_view(head).size() / 2), head);
}

TEST_F(MsgpackFormats, MapKeysAreStrings) {
  for (const std::string& key :
       {"\x01"s, "\xc0"s, "\xc3"s, "\xc4\x01k"s, "\x90"s, "\x80"s, "\xcb\x3f\xf8\x00\x00\x00\x00\x00\x00"s})
    expect_refused("\x81"s + key + "\xc0");
}

// An extension means what an application says. Of notepack.io's, which the stock client uses, JSON has words for two.
TEST_F(MsgpackFormats, ExtOfTheStockClient) {
  expect_read("\x91\xd4\x00\x00"s, "[null]");                                                 // fixext 1, type 0: undefined
  expect_read("\xd7\x00\x00\x00\x00\x00\x00\x00\x00\x00"s, R"("1970-01-01T00:00:00.000Z")");  // fixext 8, type 0: a Date
}

TEST_F(MsgpackFormats, ExtOfOtherTypesAndSizesIsRefused) {
  expect_refused("\xd4\x01\x00"s);
  for (const auto& [marker, size] : {std::pair{'\xd4', 1}, {'\xd5', 2}, {'\xd6', 4}, {'\xd7', 8}, {'\xd8', 16}})
    expect_refused(std::string(1, marker) + "\x05" + std::string(static_cast<std::size_t>(size), 'x'));
  expect_refused("\xc7\x01\x00\x00"s);
  expect_refused("\xc8\x00\x01\x00\x00"s);
  expect_refused("\xc9\x00\x00\x00\x01\x00\x00"s);
}

// The one extension that the specification defines, type -1, in its three sizes. The stock client writes none.
TEST_F(MsgpackFormats, ExtTimestampIsRefused) {
  expect_refused("\xd6\xff"s + std::string(4, '\0'));
  expect_refused("\xd7\xff"s + std::string(8, '\0'));
  expect_refused("\xc7\x0c\xff"s + std::string(12, '\0'));
}

TEST_F(MsgpackFormats, ALengthBeyondTheEndIsRefusedBeforeItIsUsed) {
  for (const std::string& value :
       {"\xd9\xff"s, "\xda\xff\xff"s, "\xdb\xff\xff\xff\xff"s, "\xc4\xff"s, "\xc5\xff\xff"s, "\xc6\xff\xff\xff\xff"s,
        "\xdc\xff\xff"s, "\xdd\xff\xff\xff\xff"s, "\xde\xff\xff"s, "\xdf\xff\xff\xff\xff"s})
    expect_refused(value + "x");
}

TEST_F(MsgpackFormats, NestingHasTheLimitOfJson) {
  for (const auto& [open, each, close] : {std::tuple{"\x91"s, "["s, "]"s}, {"\x81\xa1k"s, R"({"k":)"s, "}"s}}) {
    expect_read(times(json::kMaxDepth, open) + "\xc0", times(json::kMaxDepth, each) + "null" + times(json::kMaxDepth, close));
    expect_refused(times(json::kMaxDepth + 1, open) + "\xc0", DecodeError::too_deep);
    expect_refused(times(100'000, open), DecodeError::too_deep);
  }
}

}  // namespace
}  // namespace belfry::socketio

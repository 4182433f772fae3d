// Packets in either encoding cost in proportion to their bytes.
#include <gtest/gtest.h>

#include "base/cost_for_tests.hpp"
#include "wire/socketio/msgpack.hpp"
#include "wire/socketio/packet.hpp"

namespace belfry::socketio {
namespace {

using std::string_literals::operator""s;

std::string repeated(std::string_view piece, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += piece;
  return text;
}

class PacketCost : public ::testing::Test {
 protected:
  json::Reader reader;
  Limits limits;
  std::vector<json::Slice> arguments;
};

TEST_F(PacketCost, OfReadingIsLinear) {
  const auto read = [this](const std::string& text) { static_cast<void>(decode(text, reader, limits, arguments)); };
  for (const auto& [start, piece, end] :
       {std::array{"2[\"a\""s, ",1"s, "]"s}, std::array{"2/"s, "n"s, ",[\"a\"]"s}, std::array{"2/n?"s, "q"s, ",[\"a\"]"s},
        std::array{"2"s, "1"s, "[\"a\"]"s}, std::array{"5"s, "0"s, "1-[\"a\"]"s}, std::array{"2[\"a\",["s, "[],"s, "0]]"s},
        std::array{"2[\""s, R"(\u0061)"s, "\"]"s}, std::array{"2["s, " "s, "\"a\"]"s}}) {
    const auto make = [&, start = start, piece = piece, end = end](std::size_t count) {
      return start + repeated(piece, count) + end;
    };
    EXPECT_LT(testing::growth(8'000, make, read), testing::kStillLinear) << start;
  }
}

TEST_F(PacketCost, OfCheckingPlaceholdersIsLinear) {
  const auto check = [](const std::string& data) { static_cast<void>(placeholders_are_valid({json::Kind::array, data}, 16)); };
  for (const std::string& piece :
       {R"({"_placeholder":true,"num":0},)"s, R"({"num":0,"_placeholder":true},)"s, "{},"s, R"("_placeholder",)"s,
        R"("\u005fplaceholder",)"s, "{\"_placeholder\"" + std::string(60, ' ') + ":1},",
        R"({"num":00000000000000000000000000},)"s, "{" + std::string(60, ' ') + "},"}) {
    const auto make = [&](std::size_t count) { return "[" + repeated(piece, count) + "0]"; };
    EXPECT_LT(testing::growth(2'000, make, check), testing::kStillLinear) << piece;
  }
}

std::string packed(std::string_view data) { return "\x83\xa4type\x02\xa3nsp\xa1/\xa4"s + "data" + std::string(data); }
std::string size32(std::size_t count) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(count >> shift & 0xFF));
  return bytes;
}

TEST_F(PacketCost, OfReadingMsgpackIsLinear) {
  const auto read = [this](const std::string& wire) { static_cast<void>(decode_msgpack(as_bytes(wire), limits)); };
  for (const std::string& piece :
       {"\xc0"s, "\x90"s, "\x80"s, "\xd4\x00\x00"s, "\xd7\x00\x00\x00\x01\x8b\xcf\xe5\x68\x7b"s, "\xa1\x01"s,
        "\xcb\x01\x23\x45\x67\x89\xab\xcd\xef"s, "\xdd\xff\xff\xff\xff"s, "\x81\xa1k\x91\xc0"s}) {
    const auto make = [&](std::size_t count) { return packed("\xdd" + size32(count) + repeated(piece, count)); };
    EXPECT_LT(testing::growth(2'000, make, read), testing::kStillLinear);
  }
  const auto map = [](std::size_t count) { return packed("\xdf" + size32(count) + repeated("\xa1k\xc0", count)); };
  EXPECT_LT(testing::growth(2'000, map, read), testing::kStillLinear);
}

TEST_F(PacketCost, OfWritingMsgpackIsLinear) {
  const std::vector<Bytes> attachments = {as_bytes("x")};
  const auto write = [&](const std::string& data) {
    std::string out;
    append_msgpack(out, PacketType::event, "/", {}, {json::Kind::array, data}, attachments);
  };
  for (const std::string& piece :
       {"1,"s, R"({"a":1,"b":2},)"s, R"({"_placeholder":true,"num":7},)"s, R"({"a":{"b":{"c":[]}},"d":0},)"s}) {
    const auto make = [&](std::size_t count) { return "[" + repeated(piece, count) + "0]"; };
    EXPECT_LT(testing::growth(1'000, make, write), testing::kStillLinear) << piece;
  }
  const auto members = [](std::size_t count) { return "[{" + repeated(R"("k":0,)", count) + "\"k\":0}]"; };
  EXPECT_LT(testing::growth(1'000, members, write), testing::kStillLinear);
}

}  // namespace
}  // namespace belfry::socketio

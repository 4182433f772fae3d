#include "wire/json/json.hpp"

#include <gtest/gtest.h>

namespace belfry::json {
namespace {

class Json : public ::testing::Test {
 protected:
  Reader reader;
  Slice valid(std::string_view text) {
    const auto slice = reader.validate(text);
    EXPECT_TRUE(slice) << text;
    return slice.value_or(Slice{});
  }
  Fault fault(std::string_view text) {
    const auto slice = reader.validate(text);
    EXPECT_FALSE(slice) << text;
    return slice ? Fault{} : slice.error();
  }
};

TEST_F(Json, EveryKindIsRecognisedAndBlanksAreTrimmed) {
  EXPECT_EQ(valid(" {} ").kind, Kind::object);
  EXPECT_EQ(valid("[ ]").kind, Kind::array);
  EXPECT_EQ(valid("\"x\"").kind, Kind::string);
  EXPECT_EQ(valid("-1.5e3").kind, Kind::number);
  EXPECT_EQ(valid("true").kind, Kind::boolean);
  EXPECT_EQ(valid("null").kind, Kind::null);
  EXPECT_EQ(valid("\t[1] \n").raw, "[1]");
}

TEST_F(Json, InvalidJsonIsASyntaxFault) {
  for (const char* text :
       {"", " ", "{", "[1,]", "{\"a\":}", "nul", "'x'", "[1]x", "01", "\"\\q\"", "\"\\u12g4\"", "{\"a\" 1}", "\"\n\""}) {
    const auto slice = reader.validate(text);
    ASSERT_FALSE(slice) << text;
    EXPECT_TRUE(slice.error() == Fault::syntax || slice.error() == Fault::bad_number) << text;
  }
}

TEST_F(Json, DepthHasALimitAndCostsNoStack) {
  EXPECT_EQ(fault(std::string(100'000, '[') + std::string(100'000, ']')), Fault::too_deep);
  valid(std::string(kMaxDepth - 1, '[') + std::string(kMaxDepth - 1, ']'));
}

TEST_F(Json, LoneSurrogatesAndInvalidUtf8AreBadText) {
  EXPECT_EQ(fault(R"("\ud800")"), Fault::bad_text);
  EXPECT_EQ(fault(R"("\udc00x")"), Fault::bad_text);
  EXPECT_EQ(fault("\"\xC3\x28\""), Fault::bad_text);
}

TEST_F(Json, NumbersBeyondDoublesHaveTheirOwnFault) { EXPECT_EQ(fault("123456789012345678901234567890"), Fault::bad_number); }

TEST_F(Json, AHugeDocumentDoesNotKeepTheReaderLarge) {
  valid("[" + std::string(900'000, ' ') + "]");
  EXPECT_EQ(valid("[1]").raw, "[1]");
}

TEST_F(Json, ElementsAreSlicesOfTheText) {
  std::vector<Slice> out;
  ASSERT_TRUE(elements(valid(R"([ "a,]\"" , {"b":[1,2]} ,3.5,null ])"), out));
  ASSERT_EQ(out.size(), 4U);
  EXPECT_EQ(out[0].raw, R"("a,]\"")");
  EXPECT_EQ(out[1].raw, R"({"b":[1,2]})");
  EXPECT_EQ(out[2].raw, "3.5");
  EXPECT_EQ(out[3].kind, Kind::null);
  EXPECT_FALSE(elements(valid("[1,2,3]"), out, 2));
}

TEST_F(Json, StringsEndAtTheirQuoteWhateverTheirLengthAndEscapes) {
  for (std::size_t length = 0; length < 200; ++length) {
    const std::string text = "\"" + std::string(length, 's') + R"(\\\"\r\n)" + std::string(200 - length, 's') + R"(\\")";
    const std::string array = "[" + text + ",1," + text + "]";
    std::vector<Slice> parts;
    ASSERT_TRUE(elements(valid(array), parts, 3));
    ASSERT_EQ(parts.size(), 3U);
    EXPECT_EQ(parts[0].raw, text);
    EXPECT_EQ(parts[2].raw, text);
  }
}

/// What a value is made of, found by its marks and, if it has lost them, by looking.
std::string anatomy(Slice slice, bool looking) {
  if (looking) slice = {slice.kind, slice.raw};
  std::string told = "<" + std::string(slice.raw) + ">";
  std::vector<Slice> parts;
  if (slice.kind == Kind::array && elements(slice, parts))
    for (const Slice& part : parts) told += anatomy(part, looking);
  std::vector<std::pair<Slice, Slice>> pairs;
  if (slice.kind == Kind::object) {
    EXPECT_TRUE(entries(slice, pairs));
  }
  for (const auto& [key, value] : pairs) told += anatomy(key, looking) + anatomy(value, looking);
  return told;
}

TEST_F(Json, MarksAndScanningGiveTheSameSlices) {
  for (const std::string_view text :
       {"[]", "{}", " [ ] ", "[1]", "[ 1 , \"a\" , [ ] , { } ]", R"({"a":{"b":[1,2,{"c":"]}"}]},"d" : true , "e":null })",
        R"(["ice_candidate",{"to":"bob","from":"alice","candidate":{"candidate":"x \" y","sdpMLineIndex":0}}])",
        R"([[[[]]],[{}],[{"":""}],-1.5e3,false])", "\"text\"", "12"})
    EXPECT_EQ(anatomy(valid(text), false), anatomy(valid(text), true)) << text;
}

TEST_F(Json, SliceOfAnEarlierTextIsScanned) {
  const std::string earlier = R"({"a":[1,2],"b":"c"})";
  const Slice slice = valid(earlier);
  const Slice array = *member(slice, "a");
  EXPECT_TRUE(reader.validate(R"([[[[[["something else"]]]]]])"));
  EXPECT_EQ(member(slice, "b")->raw, "\"c\"");
  EXPECT_EQ(anatomy(array, false), "<[1,2]><1><2>");
  EXPECT_FALSE(reader.validate("nonsense"));
  EXPECT_EQ(anatomy(array, false), "<[1,2]><1><2>");
}

TEST_F(Json, MembersBeyondTheLimitAreNotTaken) {
  std::vector<std::pair<Slice, Slice>> out;
  EXPECT_TRUE(entries(valid(R"({"a":1,"b":2})"), out, 2));
  EXPECT_FALSE(entries(valid(R"({"a":1,"b":2,"c":3})"), out, 2));
  EXPECT_EQ(out.size(), 2U);
}

TEST_F(Json, LastOfDuplicateMembersCountsAsInJsonParse) {
  EXPECT_EQ(member(valid(R"({"to":"a","x":1,"to":"b"})"), "to")->raw, "\"b\"");
  EXPECT_FALSE(member(valid("{}"), "to"));
}

TEST_F(Json, KeysAreComparedDecoded) { EXPECT_EQ(member(valid(R"({"t\u006f":1})"), "to")->raw, "1"); }

TEST_F(Json, ProtoIsAKeyLikeAnyOther) { EXPECT_FALSE(member(valid(R"({"__proto__":{"to":1}})"), "to")); }

TEST_F(Json, StringsDecodeEveryEscape) {
  EXPECT_EQ(string_value(valid(R"("a\"\\\/\b\f\n\r\t\u00e9\u20ac\ud83d\ude00")")),
            "a\"\\/\b\f\n\r\t\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
  EXPECT_EQ(string_value(valid(R"("\\\\")")), "\\\\");
  EXPECT_FALSE(string_value(valid("5")));
}

TEST_F(Json, IntegerIsReadOnlyIfItFits) {
  EXPECT_EQ(integer_value(valid("-42")), -42);
  EXPECT_FALSE(integer_value(valid("1.0")));
  EXPECT_FALSE(integer_value(valid("18446744073709551615")));
}

TEST_F(Json, QuotedTextIsReadBack) {
  for (const std::string& text : {std::string("plain"), std::string("q\"b\\n\n\x01"), std::string("\xC3\xA9\xF0\x9F\x98\x80")}) {
    std::string out;
    append_quoted(out, text);
    EXPECT_EQ(string_value(valid(out)), text);
  }
  std::string out;
  append_quoted(out, "a\xFF\xED\xA0\x80z");
  EXPECT_EQ(string_value(valid(out)), "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz");
}

TEST(JsonNumbers, WithManyDigitsAreRefusedBeyondAFixedCount) {
  Reader reader;
  const auto array = [](std::string_view number, std::size_t count) {
    std::string text = "[";
    for (std::size_t i = 0; i < count; ++i) text += std::string(number) + ",";
    return text + "0]";
  };
  EXPECT_TRUE(reader.validate(array("0.12345678901234567890", kMaxLongNumbers)));
  const auto refused = reader.validate(array("0.12345678901234567890", kMaxLongNumbers + 1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), Fault::bad_number);
  EXPECT_TRUE(reader.validate(array(R"("\"12345678901234567890123")", 2'000))) << "digits in a text are no number";
  EXPECT_TRUE(reader.validate(array("1234567890123456789", 2'000)));
}

}  // namespace
}  // namespace belfry::json

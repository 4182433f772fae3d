// The rules of RFC 8259, section by section (2 to 6 the grammar, 7 strings, 8 characters, 9 parsers, 10 generators): which texts
// the Reader takes, which it refuses and as what, and what it does where the RFC leaves the choice to a parser. The values are
// our own.
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "wire/json/json.hpp"

namespace belfry::json {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

/// Enough of a text to find it by, in a failure's message.
std::string shown(const std::string& text) { return ::testing::PrintToString(text.substr(0, 80)); }

class Rfc8259 : public ::testing::Test {
 protected:
  Reader reader;

  void takes(const std::vector<std::string>& texts, Kind kind) {
    for (const std::string& text : texts) {
      const auto slice = reader.validate(text);
      ASSERT_TRUE(slice) << shown(text);
      EXPECT_EQ(slice->kind, kind) << shown(text);
    }
  }
  void refuses(const std::vector<std::string>& texts, Fault fault = Fault::syntax) {
    for (const std::string& text : texts) {
      const auto slice = reader.validate(text);
      ASSERT_FALSE(slice) << shown(text);
      EXPECT_EQ(slice.error(), fault) << shown(text);
    }
  }
  /// What a text that is one string stands for.
  std::optional<std::string> decoded(std::string_view text) {
    const auto slice = reader.validate(text);
    return slice ? string_value(*slice) : std::nullopt;
  }
  std::optional<std::int64_t> integer(std::string_view text) {
    const auto slice = reader.validate(text);
    return slice ? integer_value(*slice) : std::nullopt;
  }
};

std::string in_quotes(std::string_view content) { return "\"" + std::string(content) + "\""; }
std::string repeated(std::size_t times, std::string_view part) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += part;
  return text;
}

TEST_F(Rfc8259, Section2AnyValueMayBeAWholeText) {
  takes({"{}", R"({"sid":7})"}, Kind::object);
  takes({"[]", "[[]]"}, Kind::array);
  takes({R"("ring")", R"("")"}, Kind::string);
  takes({"8", "-3.25"}, Kind::number);
  takes({"true", "false"}, Kind::boolean);
  takes({"null"}, Kind::null);
}

TEST_F(Rfc8259, Section2ATextIsExactlyOneValue) {
  refuses({"", " ", "\n", "{}{}", "[] []", "1 2", R"("a""b")", "null,", "[7];", "{}x", "true false", ",", ":", "{}]", "[]}"});
  refuses({"[]\0"s, "\0[]"s, "{}\0{}"s, "\0"s});
}

TEST_F(Rfc8259, Section2ATextThatEndsEarlyIsRefused) {
  const std::string_view whole = R"({"to":["b",{"q":-1.5e3}],"ok":true,"no":null})";
  ASSERT_TRUE(reader.validate(whole));
  for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(reader.validate(whole.substr(0, size))) << size;
}

TEST_F(Rfc8259, Section2FourBlanksMayStandAroundEachToken) {
  takes({" \t\r\n{ \t\r\n\"a\" \t\r\n: \t\r\n1 \t\r\n, \t\r\n\"b\" \t\r\n: \t\r\n[ \t\r\n] \t\r\n} \t\r\n"}, Kind::object);
  takes({"\r5\r"}, Kind::number);
  const auto slice = reader.validate("\n\t [ 1 ] \r\n");
  ASSERT_TRUE(slice);
  EXPECT_EQ(slice->raw, "[ 1 ]");
}

TEST_F(Rfc8259, Section2OtherCharactersAreNoBlanks) {
  refuses({"\f1", "true\v", "[\f]", "[1,\v2]", "[\x1F]", "[\x7F]"});
  refuses({"[\xC2\xA0]", "[\xE2\x80\xA8]", "[\xE3\x80\x80]"});  // no-break space, line separator, ideographic space
  refuses({"/* a */1", "[]//", "[1,#\n2]", "<!-- -->1"});
}

TEST_F(Rfc8259, Section3ThereAreThreeLiteralNamesAndTheyAreLowercase) {
  refuses(
      {"True", "FALSE", "Null", "nUll", "tru", "truee", "fals", "nulls", "nul", "true1", "nullnull", "t", "undefined", "yes"});
  refuses({"NaN", "Infinity", "inf", "None", "[true false]", "[nulltrue]", "[truefalse]"});
}

TEST_F(Rfc8259, Section4MembersAreNamesAndValuesBetweenBraces) {
  takes({R"({"":""})", R"({"a":{"a":{"a":{}}}})", R"({"a":1,"b":[2],"c":{"d":null}})", R"({"{":"}","[":"]",",":":"})"},
        Kind::object);
  refuses({R"({"a"})", R"({"a":})", R"({:1})", R"({"a":1,})", R"({,})", R"({,"a":1})", R"({"a":1,,"b":2})", R"({"a":1 "b":2})"});
  refuses({R"({"a" 1})", R"({"a"::1})", R"({"a":1:2})", R"({"a",1})", R"({"a":[];"b":2})", R"({"a":1])", R"({"a":1)", R"({"a)"});
  refuses({"{a:1}", "{1:1}", "{null:1}", "{[]:1}", "{{}:1}", "{'a':1}", R"({"a":1}})", R"({{"a":1})", "{", "}"});
}

// Interoperability is the RFC's concern here: a parser may report all of the same name, the last, or refuse. JSON.parse has the
// last, and so have we.
TEST_F(Rfc8259, Section4OfMembersWithOneNameTheLastCounts) {
  const auto object = reader.validate(R"({"to":1,"x":0,"to":2,"t\u006f":3})");
  ASSERT_TRUE(object);
  EXPECT_EQ(member(*object, "to")->raw, "3");
  std::vector<std::pair<Slice, Slice>> all;
  ASSERT_TRUE(entries(*object, all));
  ASSERT_EQ(all.size(), 4U) << "a relayed object keeps all of them, in their order";
  EXPECT_EQ(all[0].second.raw, "1");
  EXPECT_EQ(all[3].first.raw, R"("t\u006f")");
}

TEST_F(Rfc8259, Section4NamesAreComparedWholeAndByTheirCase) {
  const auto object = reader.validate(R"({"To":1,"to ":2,"to\u0000":3})");
  ASSERT_TRUE(object);
  EXPECT_FALSE(member(*object, "to"));
  EXPECT_FALSE(member(*object, ""));
  EXPECT_EQ(member(*object, "to\0"sv)->raw, "3");
}

TEST_F(Rfc8259, Section5ValuesOfAnyKindStandBetweenBrackets) {
  takes({R"([1,"a",true,null,{},[],-0.5e1])", "[[],[[]],[[[]]]]", "[ ]", "[0,0,0]"}, Kind::array);
  refuses(
      {"[1,]", "[,1]", "[,]", "[1,,2]", "[1 2]", "[{};2]", "[1:2]", R"(["a":1])", "[1}", "[1", "[1,", "[", "]", "[]]", "[[]"});
  refuses({"[1,{]}", "[[1,2]", "[}", "(1)", "[...3]", "[*]"});
}

TEST_F(Rfc8259, Section6EveryFormOfTheGrammarIsTaken) {
  takes({"0", "-0", "7", "-7", "10", "90071", "0.0", "-0.25", "6.0", "3.50"}, Kind::number);
  takes({"1e4", "1E4", "1e+4", "1E-4", "0e0", "-0E-0", "2.5e+07", "1e00", "12.34e-05"}, Kind::number);
}

// What begins as a number and goes on otherwise is a bad number; what does not begin as one is no JSON.
TEST_F(Rfc8259, Section6FormsBesideTheGrammarAreRefused) {
  refuses({"00",    "01",   "-01",   "007", "1.",  "1.e2", "1e",   "1e+",       "1E-",  "-",   "--1", "-a",  "1.2.3", "1e2e3",
           "1e1.5", "0x1F", "1_000", "1a",  "0b1", "2L",   "1.5f", "-Infinity", "-NaN", "- 1", "1;",  "1//", "1\v",   "[1...3]"},
          Fault::bad_number);
  refuses({"+1", ".5", "e5", "+.5", "\xEF\xBC\x91", "[1 .5]", "1,5", "1 000"});
}

TEST_F(Rfc8259, Section6IntegersAreExactIn64Bits) {
  EXPECT_EQ(integer("9223372036854775807"), INT64_MAX);
  EXPECT_EQ(integer("-9223372036854775808"), INT64_MIN);
  EXPECT_EQ(integer("9007199254740993"), 9007199254740993) << "2^53 + 1, which a double cannot hold";
  EXPECT_EQ(integer("-0"), 0);
  takes({"9223372036854775808", "18446744073709551615"}, Kind::number);  // of uint64; relayed as they stand
  EXPECT_FALSE(integer("9223372036854775808"));
  EXPECT_FALSE(integer("1e3")) << "an integer in value, but not as it is written";
}

// "This specification allows implementations to set limits on the range and precision of numbers": docs/decisions/0002.
TEST_F(Rfc8259, Section6NumbersBeyondRangeAreRefusedAndTooFineOnesTaken) {
  refuses({"18446744073709551616", "-9223372036854775809", "1e309", "-1e309", "17976931348623159e293", "1e9999999999"},
          Fault::bad_number);
  takes({"1.7976931348623157e308", "-1.7976931348623157e308", "5e-324", "1e-400", "-1e-9999999999", "0e9999"}, Kind::number);
  takes({"0.1000000000000000055511151231257827021181583404541015625", "3.14159265358979323846264338327950288"}, Kind::number);
}

TEST_F(Rfc8259, Section7EveryEscapeIsDecoded) {
  EXPECT_EQ(decoded(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(decoded(R"("/")"), "/") << "a solidus may stand for itself";
  EXPECT_EQ(decoded(R"("\u0000")"), "\0"sv) << "the string goes on behind a NUL";
  EXPECT_EQ(decoded(R"("a\u0000b")"), "a\0b"sv);
  EXPECT_EQ(decoded(R"("\u0022,\u005c")"), R"(",\)") << "an escaped quotation mark does not end the string";
  EXPECT_EQ(decoded(R"("\u00eF\u00Ef")"), "\xC3\xAF\xC3\xAF") << "hex digits of either case";
  EXPECT_EQ(decoded(R"("\u007f\u0080\u07ff\u0800\uffff")"), "\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF");
  EXPECT_EQ(decoded(R"("\\u0041")"), R"(\u0041)") << "a backslash, and then five letters";
}

TEST_F(Rfc8259, Section7UnknownEscapesAreSyntaxFaults) {
  refuses({R"("\a")", R"("\v")", R"("\e")", R"("\0")", R"("\1")", R"("\x41")", R"("\'")", R"("\ ")", R"("\N")", R"("\U0041")"});
  refuses({R"("\u")", R"("\u0")", R"("\u00")", R"("\u004")", R"("\u004g")", R"("\u 041")", R"("\u{41}")", R"("\u+041")",
           R"("\u-041")"});
  refuses({"\"\\\n\"", "\"\\\xC3\xA9\"", R"({"\q":1})", R"("\)", R"("\")", R"("\\\")"});
}

TEST_F(Rfc8259, Section7StringsStandBetweenQuotationMarks) {
  refuses({"\"", "\"a", "a\"", "'a'", "`a`", "\"a'", R"(["a)", R"({"a":"b)", R"("a"b")", "\xE2\x80\x9Cz\xE2\x80\x9D", "a"});
}

TEST_F(Rfc8259, Section7ControlCharactersMustBeEscaped) {
  for (char c = 0; c < 0x20; ++c) {
    refuses({in_quotes(std::string(1, c)), in_quotes("a" + std::string(1, c) + "b"), "{" + in_quotes(std::string(1, c)) + ":1}"});
    const char* const hex = "0123456789abcdef";
    EXPECT_EQ(decoded(in_quotes(std::string("\\u00") + hex[c / 16] + hex[c % 16])), std::string(1, c));
  }
  EXPECT_EQ(decoded("\"\x7F\""), "\x7F") << "DEL is none of them";
  EXPECT_EQ(decoded("\"\xC2\x85\xE2\x80\xA8\""), "\xC2\x85\xE2\x80\xA8") << "nor are next line and line separator";
}

TEST_F(Rfc8259, Section7AnEscapedPairOfSurrogatesIsOneCharacter) {
  EXPECT_EQ(decoded(R"("\ud834\udd1e")"), "\xF0\x9D\x84\x9E") << "the G clef of the RFC";
  EXPECT_EQ(decoded(R"("\uD800\uDC00")"), "\xF0\x90\x80\x80");
  EXPECT_EQ(decoded(R"("\uDBFF\uDFFF")"), "\xF4\x8F\xBF\xBF");
  EXPECT_EQ(decoded(R"("\ud7ff\ue000")"), "\xED\x9F\xBF\xEE\x80\x80") << "the neighbours of the surrogates are characters";
}

TEST_F(Rfc8259, Section8p1EveryCharacterMayBeWrittenInUtf8) {
  for (const std::string_view text : {"\xC2\x80"sv, "\xDF\xBF"sv, "\xE0\xA0\x80"sv, "\xED\x9F\xBF"sv, "\xEE\x80\x80"sv,
                                      "\xEF\xBF\xBF"sv, "\xF0\x90\x80\x80"sv, "\xF4\x8F\xBF\xBF"sv, "\xEF\xBF\xBD"sv})
    EXPECT_EQ(decoded(in_quotes(text)), text);
}

TEST_F(Rfc8259, Section8p1WhatIsNoUtf8IsBadText) {
  for (const std::string_view text :
       {"\x80"sv, "\xBF"sv, "\xC2"sv, "\xC2\xC2\x80"sv, "\xE1\x80"sv, "\xF1\x80\x80"sv,             // cut, or without a lead
        "\xC0\xAF"sv, "\xC1\xBF"sv, "\xE0\x9F\xBF"sv, "\xF0\x8F\xBF\xBF"sv,                         // longer than needed
        "\xED\xA0\x80"sv, "\xED\xBF\xBF"sv, "\xED\xA0\xBD\xED\xB8\x80"sv,                           // surrogates, also as a pair
        "\xF4\x90\x80\x80"sv, "\xF5\x80\x80\x80"sv, "\xF8\x88\x80\x80\x80"sv, "\xFE"sv, "\xFF"sv})  // beyond U+10FFFF
    refuses({in_quotes(text), "{" + in_quotes(text) + ":1}",
             in_quotes("a long enough text, then" + std::string(text) + "and on it goes")},
            Fault::bad_text);
}

// "Implementations MUST NOT add a byte order mark [...] parsers MAY ignore [it]". We do not: a slice is passed on as it stands,
// and its receiver might not ignore it.
TEST_F(Rfc8259, Section8p1AByteOrderMarkIsRefused) {
  refuses({"\xEF\xBB\xBF{}", "\xEF\xBB\xBF[1]", "\xEF\xBB\xBF", "\xEF\xBB\xBF 7", "{}\xEF\xBB\xBF", "[\xEF\xBB\xBF]"});
  EXPECT_EQ(decoded("\"\xEF\xBB\xBF\""), "\xEF\xBB\xBF") << "inside a string it is a character like any other";
}

TEST_F(Rfc8259, Section8p1EncodingsOtherThanUtf8AreRefused) {
  refuses({"{\0}\0"s, "\0{\0}"s, "[\0\0\0]\0\0\0"s});
  EXPECT_FALSE(reader.validate("\xFF\xFE{\0}\0"sv));
  EXPECT_FALSE(reader.validate("\"\xE9\""sv)) << "ISO 8859-1";
}

// The RFC calls what parsers make of these unpredictable. A string of ours is UTF-8, which has no word for them.
TEST_F(Rfc8259, Section8p2ALoneSurrogateIsBadText) {
  refuses({R"("\ud800")", R"("\udbff")", R"("\udc00")", R"("\udfff")", R"("a\ud83dz")", R"("\ude00\ud83d")", R"("\ud83d\ud83d")"},
          Fault::bad_text);
  refuses(
      {R"("\ud83d\u0041")", R"("\ud83d\n")", R"("\ud83d\\ude00")", R"("\ud83d\ud83d\ude00")", R"({"\ud83d":1})", R"(["\ude00"])"},
      Fault::bad_text);
}

TEST_F(Rfc8259, Section8p3TextsAreComparedByTheirCharacters) {
  const auto object = reader.validate(R"({"a\\b":1,"\u00e9":2,"\ud83d\ude00":3})");
  ASSERT_TRUE(object);
  EXPECT_EQ(member(*object, "a\\b")->raw, "1");
  EXPECT_EQ(member(*object, "\xC3\xA9")->raw, "2");
  EXPECT_FALSE(member(*object, "e\xCC\x81")) << "an e and an accent look the same and are another text";
  EXPECT_EQ(member(*object, "\xF0\x9F\x98\x80")->raw, "3");
  EXPECT_EQ(decoded(R"("a\u005Cb")"), decoded(R"("a\\b")"));
}

// The limit counts the innermost value as a level, so that kMaxDepth arrays fit if the last is empty.
TEST_F(Rfc8259, Section9NestingHasALimit) {
  const auto arrays = [](std::size_t depth) { return repeated(depth, "[") + "0" + repeated(depth, "]"); };
  const auto objects = [](std::size_t depth) { return repeated(depth, R"({"a":)") + "0" + repeated(depth, "}"); };
  const auto both = [](std::size_t depth) { return repeated(depth / 2, R"([{"a":)") + "0" + repeated(depth / 2, "}]"); };
  takes({arrays(kMaxDepth - 1), both(kMaxDepth - 2), repeated(kMaxDepth, "[") + repeated(kMaxDepth, "]")}, Kind::array);
  takes({objects(kMaxDepth - 1)}, Kind::object);
  refuses({arrays(kMaxDepth), objects(kMaxDepth), both(kMaxDepth), arrays(100'000)}, Fault::too_deep);
  refuses({repeated(100'000, "["), repeated(100'000, R"({"a":)")});
  takes({"[" + repeated(5'000, arrays(kMaxDepth - 2) + ",") + "0]"}, Kind::array);
}

TEST_F(Rfc8259, Section9WidthAndLengthHaveNoLimit) {
  takes({"[" + repeated(20'000, "[{}],") + "0]", "[" + repeated(200'000, " ") + "]"}, Kind::array);
  takes({in_quotes(repeated(300'000, "x")), in_quotes(repeated(100'000, R"(\u20ac)"))}, Kind::string);
  takes({"{" + in_quotes(repeated(300'000, "k")) + ":0}"}, Kind::object);
}

TEST_F(Rfc8259, Section10WhatWeQuoteConforms) {
  for (int byte = 0; byte < 0x80; ++byte) {
    const std::string character(1, static_cast<char>(byte));
    std::string text;
    append_quoted(text, character);
    EXPECT_EQ(decoded(text), character) << text;
    EXPECT_EQ(text.size() > 3, byte < 0x20 || byte == '"' || byte == '\\') << text << ": escaped only where section 7 says so";
  }
}

TEST_F(Rfc8259, Section13SmallAndNestedExamplesAreTaken) {
  takes({R"("Hello world!")"}, Kind::string);
  takes({"42"}, Kind::number);
  takes({"true"}, Kind::boolean);
  takes({R"({ "Image": { "Width":  800, "Thumbnail": { "Height": 125 }, "Animated" : false, "IDs": [116, 943, 234, 38793] } })"},
        Kind::object);
}

}  // namespace
}  // namespace belfry::json

// Whatever is written, validating and cutting cost in proportion to it.
#include <gtest/gtest.h>

#include "base/cost_for_tests.hpp"
#include "wire/json/json.hpp"

namespace belfry::json {
namespace {

std::string repeated(std::string_view piece, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += piece;
  return text;
}

/// An array whose elements are costly to read or to cut.
class JsonArrayCost : public ::testing::TestWithParam<std::string> {
 protected:
  static std::string array(std::size_t count) { return "[" + repeated(GetParam() + ",", count) + "0]"; }

  Reader reader;
  std::vector<Slice> parts;
};

TEST_P(JsonArrayCost, OfValidatingIsLinear) {
  EXPECT_LT(testing::growth(2'000, array, [this](const std::string& text) { static_cast<void>(reader.validate(text)); }),
            testing::kStillLinear);
}

TEST_P(JsonArrayCost, OfSlicingByMarksAndByScanningIsLinear) {
  const auto cut = [this](Slice slice) { EXPECT_TRUE(elements(slice, parts, 1'000'000)); };
  const auto by_looking = [&](const std::string& text) { cut({Kind::array, text}); };
  EXPECT_LT(testing::growth(2'000, array, by_looking), testing::kStillLinear);
  const auto by_marks = [&](const std::string& text) {
    if (const auto slice = reader.validate(text)) cut(*slice);
  };
  EXPECT_LT(testing::growth(2'000, array, by_marks), testing::kStillLinear);
}

INSTANTIATE_TEST_SUITE_P(, JsonArrayCost,
                         ::testing::Values("1", "[[[[]]]]", R"({"a":{"b":{}}})", R"("\"\\")", "\"" + std::string(70, '\\') + "\"",
                                           R"("\u0061\ud83d\ude00")", "1.7976931348623157e-300"));

TEST(JsonCost, OfOneTextFullOfEscapesIsLinear) {
  for (const std::string escape : {R"(\\)", R"(\")", R"(\u0061)", R"(\ud83d\ude00)"}) {
    const auto make = [&](std::size_t count) { return "\"" + repeated(escape, count) + "\""; };
    std::string scratch;
    const auto decode = [&](const std::string& text) { EXPECT_TRUE(string_view_of({Kind::string, text}, scratch)); };
    EXPECT_LT(testing::growth(5'000, make, decode), testing::kStillLinear) << escape;
    std::vector<Slice> parts;
    const auto cut = [&](const std::string& text) { EXPECT_TRUE(elements({Kind::array, text}, parts, 9)); };
    EXPECT_LT(testing::growth(5'000, [&](std::size_t count) { return "[" + make(count) + "]"; }, cut), testing::kStillLinear);
  }
}

TEST(JsonCost, OfTextsThatAreRefusedIsLinear) {
  Reader reader;
  for (const std::string piece : {R"(\u12g4)", R"(\ud800)", "\xC3\x28", R"(\q)", "\n"}) {
    const auto make = [&](std::size_t count) { return "[\"" + repeated(R"(\\\/)", count) + repeated(piece, count) + "\"]"; };
    EXPECT_LT(testing::growth(5'000, make, [&](const std::string& text) { EXPECT_FALSE(reader.validate(text)); }),
              testing::kStillLinear)
        << piece;
  }
}

// Found by an attack: a megabyte of numbers with twenty digits took 260 ms.
TEST(JsonCost, OfLongNumbersIsNearThatOfOtherText) {
  Reader reader;
  for (const std::string number : {"12345678901234567890123.5", "0.1234567890123456789012345", "-1.234567890123456789012e-5"}) {
    const std::string dear = "[" + repeated(number + ",", 20'000) + "0]";
    std::string cheap(dear.size() - 4, '1');
    cheap = "[\"" + cheap + "\"]";
    const auto validate = [&](const std::string& text) { return [&] { static_cast<void>(reader.validate(text)); }; };
    EXPECT_LT(testing::cost_of(validate(dear)), 20 * testing::cost_of(validate(cheap)) + (testing::kMeasures ? 0 : 1)) << number;
  }
}

TEST(JsonCost, OfLookingUpMembersIsLinear) {
  Reader reader;
  const auto make = [](std::size_t count) {
    std::string text = "{";
    for (std::size_t i = 0; i < count; ++i) text += R"("\u0074o)" + std::to_string(i) + R"(":[{}],)";
    return text + R"("to":1})";
  };
  const auto look = [&](const std::string& text) { EXPECT_TRUE(member({Kind::object, text}, "to")); };
  EXPECT_LT(testing::growth(2'000, make, look), testing::kStillLinear);
}

TEST(JsonCost, OfQuotingIsLinear) {
  for (const std::string piece : {"\x01", "\"", "\xFF", "\xE2\x82\xAC"}) {
    const auto quote = [](const std::string& text) {
      std::string out;
      append_quoted(out, text);
    };
    EXPECT_LT(testing::growth(5'000, [&](std::size_t count) { return repeated(piece, count); }, quote), testing::kStillLinear);
  }
}

}  // namespace
}  // namespace belfry::json

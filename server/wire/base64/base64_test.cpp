// The vectors of RFC 4648 10 in each form, and what its sections 3.2 to 3.5 forbid.
#include "wire/base64/base64.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace belfry::base64 {
namespace {

constexpr Form kForms[] = {Form::padded, Form::unpadded, Form::url};

TEST(Base64, Section10TheVectorsAreWrittenAndRead) {
  struct Vector {
    std::string bytes, padded, unpadded;
  };
  for (const Vector& vector : std::vector<Vector>{{"", "", ""},
                                                  {"f", "Zg==", "Zg"},
                                                  {"fo", "Zm8=", "Zm8"},
                                                  {"foo", "Zm9v", "Zm9v"},
                                                  {"foob", "Zm9vYg==", "Zm9vYg"},
                                                  {"fooba", "Zm9vYmE=", "Zm9vYmE"},
                                                  {"foobar", "Zm9vYmFy", "Zm9vYmFy"}}) {
    for (const Form form : kForms) {
      const std::string& text = form == Form::padded ? vector.padded : vector.unpadded;
      EXPECT_EQ(encode(vector.bytes, form), text);
      EXPECT_EQ(decode(text, form), vector.bytes) << text;
    }
  }
}

TEST(Base64, Section5TheLastTwoLettersAreThoseOfTheForm) {
  EXPECT_EQ(encode("\xfb\xff\xbf", Form::padded), "+/+/");
  EXPECT_EQ(encode("\xfb\xff\xbf", Form::url), "-_-_");
  EXPECT_EQ(decode("-_-_", Form::padded), std::nullopt);
  EXPECT_EQ(decode("-_-_", Form::unpadded), std::nullopt);
  EXPECT_EQ(decode("+/+/", Form::url), std::nullopt);
}

TEST(Base64, Section3p2PaddingIsWholeOrAbsentAsTheFormHasIt) {
  for (const char* text : {"A", "AA", "AAA", "A===", "====", "AA=", "AA==AA==", "AA==="})
    EXPECT_EQ(decode(text, Form::padded), std::nullopt) << text;
  for (const Form form : {Form::unpadded, Form::url})
    for (const char* text : {"A", "AA==", "AAA=", "AAAAA", "="}) EXPECT_EQ(decode(text, form), std::nullopt) << text;
}

TEST(Base64, Section3p3ForeignLettersAreRefused) {
  for (const Form form : kForms)
    for (const char* text : {"Zm 9", "Zm9\n", "Zm\xc3\xb6", "Zm9!", "Zm9.", "\x80\x80\x80\x80"})
      EXPECT_EQ(decode(text, form), std::nullopt) << text;
}

TEST(Base64, Section3p5BitsThatFillTheLastDigitAreZero) {
  EXPECT_EQ(decode("Zh==", Form::padded), std::nullopt);
  EXPECT_EQ(decode("Zm9=", Form::padded), std::nullopt);
  for (const Form form : {Form::unpadded, Form::url}) {
    EXPECT_EQ(decode("Zh", form), std::nullopt);
    EXPECT_EQ(decode("Zm9", form), std::nullopt);
  }
}

TEST(Base64, BytesOfAnyLengthAreReadBack) {
  for (std::size_t size = 0; size < 40; ++size) {
    const std::string bytes(size, '\xA7');
    for (const Form form : kForms) EXPECT_EQ(decode(encode(bytes, form), form), bytes);
  }
}

TEST(Base64, DecodedBytesAreAppendedOnlyAsAWhole) {
  std::string out = "kept";
  EXPECT_FALSE(append_decoded(out, "Zm9vYmF!", Form::padded));
  EXPECT_EQ(out, "kept");
  EXPECT_TRUE(append_decoded(out, "Zm9v", Form::padded));
  EXPECT_EQ(out, "keptfoo");
}

}  // namespace
}  // namespace belfry::base64

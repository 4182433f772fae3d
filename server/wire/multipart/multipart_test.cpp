// RFC 7578 and RFC 2046 5.1 (SPEC K6, K48, K50).
#include "wire/multipart/multipart.hpp"

#include <gtest/gtest.h>

namespace belfry::multipart {
namespace {

constexpr std::string_view kType = "multipart/form-data; boundary=----X1";

std::string form(std::string_view parts) { return std::string(parts).append("------X1--\r\n"); }

TEST(Multipart, GivesFieldsAndFilesAsBrowsersSendThem) {
  const std::string body = form(
      "------X1\r\nContent-Disposition: form-data; name=\"bio\"\r\n\r\nBusy\r\n"
      "------X1\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a%22b\r\n"
      "Content-Type: image/png\r\n\r\n\x89PNG\r\n--\r\n");
  EXPECT_FALSE(parse(kType, body)) << "the quote of the file name is not closed";
  const std::string good = form(
      "------X1\r\nContent-Disposition: form-data; name=\"bio\"\r\n\r\nBusy\r\n"
      "------X1\r\ncontent-disposition: form-data; name=\"image\"; filename=\"a%22b.png\"\r\n"
      "Content-Type: image/png\r\n\r\n\x89PNG\r\n--\r\n");
  const auto parts = parse(kType, good);
  ASSERT_TRUE(parts);
  ASSERT_EQ(parts->size(), 2U);
  EXPECT_EQ(parts->at(0).name, "bio");
  EXPECT_EQ(parts->at(0).content, "Busy");
  EXPECT_FALSE(parts->at(0).file_name);
  EXPECT_EQ(parts->at(1).name, "image");
  EXPECT_EQ(parts->at(1).file_name, "a\"b.png");
  EXPECT_EQ(parts->at(1).content, "\x89PNG\r\n--");
}

TEST(Multipart, TakesOtherSpellings) {
  const std::string body = form("------X1\r\nContent-Disposition:form-data;name=a;filename=\"x\\\\y\\\"z\"\r\n\r\n1\r\n");
  const auto parts = parse("Multipart/Form-Data; charset=utf-8; boundary=\"----X1\"", body);
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->at(0).name, "a");
  EXPECT_EQ(parts->at(0).file_name, "x\\y\"z");
  EXPECT_EQ(parse(kType, "------X1--")->size(), 0U);
  EXPECT_EQ(parse(kType, form("------X1\r\nContent-Disposition: form-data; name=\"\"\r\n\r\n\r\n"))->at(0).content, "");
}

std::string named(const std::string& file_name) {
  return form("------X1\r\nContent-Disposition: form-data; name=\"file\"; filename=" + file_name + "\r\n\r\n1\r\n");
}

// K48: found by an attack. Browsers encode of the control characters in a name of a file only CR and LF.
TEST(Multipart, QuotedNameMayHoldControlCharacters) {
  for (const char control : {'\x01', '\x07', '\x1B', '\x1F', '\x7F', '\t'}) {
    const std::string name = std::string("a") + control + "b";
    const auto parts = parse(kType, named('"' + name + '"'));
    ASSERT_TRUE(parts) << int{control};
    EXPECT_EQ(parts->at(0).file_name, name);
  }
}

// RFC 9110 5.5: the characters for which a recipient must not pass a value on, and the others outside of quotes.
TEST(Multipart, ControlCharactersThatCouldEndALineAndThoseOutsideOfQuotesAreMalformed) {
  using namespace std::string_literals;
  for (const std::string& file_name : {"\"a\0b\""s, "\"a\rb\""s, "\"a\nb\""s,
                                       "a\x01"
                                       "b"s,
                                       "\"a\"\x01"s, "\"a\"; x\x7F=1"s})
    EXPECT_FALSE(parse(kType, named(file_name))) << file_name;
  EXPECT_FALSE(parse(kType, form("------X1\r\nContent-Disposition: form-data; name=\"a\"\r\nX: \"\x01\"\r\n\r\n\r\n")));
}

TEST(Multipart, WithoutABoundaryIsNoForm) {
  for (const std::string_view type : {"multipart/form-data", "multipart/form-data; boundary=", "multipart/mixed; boundary=x",
                                      "application/json", "multipart/form-datax; boundary=x", ""}) {
    const auto parts = parse(type, "--x--");
    ASSERT_FALSE(parts) << type;
    EXPECT_EQ(parts.error(), Fault::no_boundary) << type;
  }
  EXPECT_FALSE(parse("multipart/form-data; boundary=" + std::string(71, 'x'), "--"));
}

TEST(Multipart, MalformedBodiesAreRefused) {
  for (const std::string& body :
       {std::string(), std::string("text"), std::string("------X1"), std::string("------X1\r\n"),
        std::string("------X1\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nnever ends"),
        form("------X1\r\nContent-Type: text/plain\r\n\r\nno name\r\n"),
        form("------X1\r\nContent-Disposition: form-data; name=\"a\"\r\nno header\r\n"),
        form("------X1\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\n\r\n"),
        form("------X1\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n\r\n"),
        form("------X1x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n"),
        form("------X1\r\nContent-Disposition: form-data; name=\"a\"" + std::string(5000, ' ') + "\r\n\r\n\r\n")}) {
    const auto parts = parse(kType, body);
    ASSERT_FALSE(parts) << body;
    EXPECT_EQ(parts.error(), Fault::malformed) << body;
  }
}

TEST(Multipart, HasABoundOfParts) {
  std::string body;
  for (std::size_t i = 0; i < kMaxParts; ++i) body += "------X1\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n";
  EXPECT_EQ(parse(kType, form(body))->size(), kMaxParts);
  body += "------X1\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n";
  EXPECT_EQ(parse(kType, form(body)).error(), Fault::too_many);
}

}  // namespace
}  // namespace belfry::multipart

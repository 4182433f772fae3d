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

// The rules of RFC 9112 6 and 7 for how long a request's body is and how a chunked one is framed, section by section: what is
// read, what is refused and by which name, and where we are stricter than the RFC asks.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "wire/http/request.hpp"

namespace belfry::http {
namespace {

using namespace std::string_literals;

class Rfc9112Body : public ::testing::Test {
 protected:
  Request request;

  bool reads_head(const std::string& fields, std::string_view behind = "") {
    text_ = with(fields).append(behind);
    progress_ = {};
    return read_head(as_bytes(text_), {}, request, progress_).value_or(false);
  }
  void refuses_fields(Refusal refusal, const std::vector<std::string>& texts) {
    for (const std::string& fields : texts) {
      const std::string text = with(fields);
      const auto read = read_head(as_bytes(text), {}, request);
      ASSERT_FALSE(read) << ::testing::PrintToString(fields);
      EXPECT_EQ(read.error(), refusal) << ::testing::PrintToString(fields);
    }
  }
  /// The joined chunks behind a head that announces them.
  Expected<Body, Refusal> body_of(std::string_view chunks) {
    EXPECT_TRUE(reads_head("Transfer-Encoding: chunked", chunks));
    return read_body(as_bytes(text_), {}, scratch_, progress_);
  }
  void refuses_chunks(Refusal refusal, const std::vector<std::string>& bodies) {
    for (const std::string& chunks : bodies) {
      const auto body = body_of(chunks);
      ASSERT_FALSE(body) << ::testing::PrintToString(chunks);
      EXPECT_EQ(body.error(), refusal) << ::testing::PrintToString(chunks);
    }
  }
  void joins(const std::vector<std::string>& bodies, std::string_view joined) {
    for (const std::string& chunks : bodies) {
      const auto body = body_of(chunks);
      ASSERT_TRUE(body && body->complete) << ::testing::PrintToString(chunks);
      EXPECT_EQ(as_text(body->body), joined) << ::testing::PrintToString(chunks);
      EXPECT_EQ(body->consumed, chunks.size()) << ::testing::PrintToString(chunks);
    }
  }
  static std::string with(const std::string& fields) { return "POST /a HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n\r\n"; }

 private:
  std::string text_;  // request views it
  std::string scratch_;
  Progress progress_;
};

TEST_F(Rfc9112Body, Section6p1ChunkedIsTheOnlyCodingAndStandsAlone) {
  for (const std::string field : {"Transfer-Encoding: chunked", "transfer-encoding:CHUNKED", "Transfer-Encoding: \tchunked "}) {
    ASSERT_TRUE(reads_head(field)) << field;
    EXPECT_TRUE(request.chunked && !request.content_length) << field;
  }
  for (const std::string coding :
       {"gzip, chunked", "chunked, gzip", "chunked, chunked", "identity", "chunked, identity", "xchunked", "chunkedx", "chunk ed",
        "chunked;q=1", "\"chunked\"", "", ",chunked", "chunked,", "'chunked'"})
    refuses_fields(Refusal::unsupported_transfer_coding, {"Transfer-Encoding: " + coding});
  const std::string old = "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(read_head(as_bytes(old), {}, request), unexpected(Refusal::ambiguous_length)) << "in 1.0 the framing is faulty";
}

// 6.3 lets equal lengths be one and a recipient split lists; we take neither.
TEST_F(Rfc9112Body, Section6p2ALengthIsDigits) {
  for (const std::string length : {"0", "7", "00007", " 7 ", "\t7"}) {
    ASSERT_TRUE(reads_head("Content-Length:" + length)) << length;
    EXPECT_EQ(request.content_length, length == "0" ? 0U : 7U) << length;
  }
  for (const std::string length :
       {"+7", "-7", "7,7", "7, 8", "0x7", "7.0", "7e1", "7 7", "7;", "\"7\"", "", "seven", "\xD9\xA7", "7_0"})
    refuses_fields(Refusal::ambiguous_length, {"Content-Length: " + length});
  refuses_fields(Refusal::body_too_large, {"Content-Length: 18446744073709551616", "Content-Length: " + std::string(400, '9')});
}

TEST_F(Rfc9112Body, Section6p3OneFieldSaysHowLongTheBodyIs) {
  const std::string length = "Content-Length: 5", chunks = "Transfer-Encoding: chunked", other = "Content-Length: 6";
  for (const auto& [one, two] : {std::pair(length, chunks), std::pair(chunks, length), std::pair(length, length),
                                 std::pair(length, other), std::pair(chunks, chunks)})
    refuses_fields(Refusal::ambiguous_length, {one + "\r\n" + two, one + "\r\nA: b\r\n" + two});
}

TEST_F(Rfc9112Body, Section6p3WithoutEitherThereIsNoBodyAndTheNextRequestFollows) {
  ASSERT_TRUE(reads_head("A: b"));
  EXPECT_FALSE(request.content_length || request.chunked);
  const std::string first = with("A: b"), second = with("Content-Length: 2") + "ab" + first;
  EXPECT_EQ(request.head_size, first.size());
  Progress progress;
  std::string scratch;
  ASSERT_EQ(read_head(as_bytes(second), {}, request, progress), true);
  const auto body = read_body(as_bytes(second), {}, scratch, progress);
  ASSERT_TRUE(body && body->complete);
  EXPECT_EQ(second.substr(request.head_size + body->consumed), first);
}

TEST_F(Rfc9112Body, Section7p1ASizeIsHexDigitsAndItsDataEndsWithCrlf) {
  joins({"a\r\n0123456789\r\n0\r\n\r\n", "A\r\n0123456789\r\n0\r\n\r\n", "000a\r\n0123456789\r\n000\r\n\r\n",
         "4\r\n0123\r\n06\r\n456789\r\n0\r\n\r\n"},
        "0123456789");
  joins({"2\r\n\r\n\r\n0\r\n\r\n"}, "\r\n");
  refuses_chunks(Refusal::bad_chunk,
                 {"\r\n", " 1\r\nx\r\n", "1 \r\nx\r\n", "\t1\r\nx\r\n", "+1\r\nx\r\n", "-1\r\nx\r\n", "0x1\r\nx\r\n",
                  "1g\r\nx\r\n", "1_0\r\nx\r\n", "x\r\n", "1,\r\nx\r\n", "1\n\r\nx\r\n", "1\r\r\nx\r\n", "\0\r\n"s});
  refuses_chunks(Refusal::bad_chunk,
                 {"1\r\nxy\r\n", "1\r\nx\n0\r\n\r\n", "1\r\nx\r0\r\n\r\n", "3\r\nxy\r\n0\r\n\r\n", "1\r\nx0\r\n\r\n"});
  refuses_chunks(Refusal::body_too_large, {"10000000000000000\r\n", "ffffffffffffffff\r\n", std::string(200, 'f') + "\r\n"});
}

TEST_F(Rfc9112Body, Section7p1p1ExtensionsAreReadAndIgnored) {
  joins({"1;a\r\nx\r\n0\r\n\r\n", "1;a=b;c=\"d;e\"\r\nx\r\n0;last\r\n\r\n", "1; a = b\r\nx\r\n0\r\n\r\n", "1;\r\nx\r\n0\r\n\r\n"},
        "x");
  joins({"1;" + std::string(254, 'a') + "\r\nx\r\n0\r\n\r\n"}, "x");
  refuses_chunks(Refusal::bad_chunk, {"1;" + std::string(255, 'a') + "\r\nx\r\n", "1;" + std::string(300, 'a'), "1 ;a\r\nx\r\n"});
  refuses_chunks(Refusal::bad_chunk,
                 {"1;a\nx\r\n0\r\n\r\n", "1;a=\rb\r\nx\r\n", "1;\0\r\nx\r\n"s, "1;a=\"\x7F\"\r\nx\r\n", "1;\n\r\nx\r\n"});
}

TEST_F(Rfc9112Body, Section7p1p2TrailersAreReadAndDropped) {
  joins({"1\r\nx\r\n0\r\nA: b\r\nC:\r\n\r\n", "1\r\nx\r\n0\r\nContent-Length: 9\r\nTransfer-Encoding: gzip\r\nHost: i\r\n\r\n"},
        "x");
  EXPECT_FALSE(request.content_length);
  EXPECT_EQ(request.header("host"), "h") << "a trailer does not change what the head said";
  const std::string end = "\r\n\r\n";
  refuses_chunks(Refusal::bad_header,
                 {"0\r\nA : b" + end, "0\r\n A: b" + end, "0\r\nA: b\r\n c" + end, "0\r\nA" + end, "0\r\n: b" + end});
  refuses_chunks(Refusal::bad_header,
                 {"0\r\nA: b\nC: d" + end, "0\r\nA: b\rC: d" + end, "0\r\nA: \0"s + end, "0\r\nGET http://h/ HTTP/1.1" + end});
}

}  // namespace
}  // namespace belfry::http

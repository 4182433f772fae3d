// Requests that are read, requests that are refused by name, and answers. Sections are those of RFC 9112 where no other RFC is
// named; rfc9112_*_vectors_test.cpp go through that RFC rule by rule.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/enumerators_for_tests.hpp"
#include "wire/http/request.hpp"
#include "wire/http/response.hpp"

namespace belfry::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Head : public ::testing::Test {
 protected:
  Limits limits;
  Request request;
  Expected<bool, Refusal> read(std::string_view text) { return read_head(as_bytes(text), limits, request); }
  Refusal refused(std::string_view text) {
    const auto result = read(text);
    EXPECT_FALSE(result) << text;
    return result ? Refusal{} : result.error();
  }
};

// 2.1, 3, 5.
TEST_F(Head, RequestIsParsed) {
  const std::string text =
      "POST /users?x=1&y HTTP/1.1\r\nHost: h\r\nContent-Length:  5 \r\nConnection: Keep-Alive, Upgrade\r\n\r\nhello";
  ASSERT_EQ(read(text), true);
  EXPECT_EQ(request.method, Method::post);
  EXPECT_EQ(request.path, "/users");
  EXPECT_EQ(request.query, "x=1&y");
  EXPECT_EQ(request.content_length, 5U);
  EXPECT_TRUE(request.has_token("connection", "upgrade"));
  EXPECT_EQ(text.substr(request.head_size), "hello");
}

// 2.1: the head ends with an empty line.
TEST_F(Head, NoPrefixOfAHeadIsComplete) {
  const std::string text = "GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n\r\n";
  for (std::size_t size = 0; size < text.size(); ++size) EXPECT_EQ(read(text.substr(0, size)), false) << size;
  EXPECT_EQ(read(text), true);
}

// 9.3.
TEST_F(Head, KeepAliveFollowsTheVersion) {
  ASSERT_TRUE(read("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_TRUE(request.keep_alive);
  ASSERT_TRUE(read("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));
  EXPECT_FALSE(request.keep_alive);
  ASSERT_TRUE(read("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_FALSE(request.keep_alive);
  ASSERT_TRUE(read("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
  EXPECT_TRUE(request.keep_alive);
}

// 3.2.2.
TEST_F(Head, AbsoluteFormIsReducedToItsPath) {
  ASSERT_TRUE(read("GET http://h:1/a?b HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_EQ(request.target, "/a?b");
  ASSERT_TRUE(read("GET http://h HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_EQ(request.path, "/");
}

// 2.2.
TEST_F(Head, EmptyLinesBeforeARequestAreSkippedAndCounted) {
  const std::string text = "\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n";
  ASSERT_EQ(read(text), true);
  EXPECT_EQ(request.head_size, text.size());
}

// 11.2: request smuggling.
TEST_F(Head, AmbiguousRequestsAreRefused) {
  const auto with = [](std::string_view header) { return "POST / HTTP/1.1\r\nHost: h\r\n" + std::string(header) + "\r\n\r\n"; };
  EXPECT_EQ(refused(with("Content-Length: 1\r\nTransfer-Encoding: chunked")), Refusal::ambiguous_length);
  EXPECT_EQ(refused(with("Content-Length: 1\r\nContent-Length: 1")), Refusal::ambiguous_length);
  EXPECT_EQ(refused(with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked")), Refusal::ambiguous_length);
  EXPECT_EQ(refused(with("Transfer-Encoding: gzip, chunked")), Refusal::unsupported_transfer_coding);
  for (const char* length : {"+5", "-1", "0x5", "5 5", "", "1,1"})
    EXPECT_EQ(refused(with("Content-Length: " + std::string(length))), Refusal::ambiguous_length) << length;
  EXPECT_EQ(refused(with("Content-Length: 99999999999999999999999")), Refusal::body_too_large);
  EXPECT_EQ(refused(with("A: b\r\n folded")), Refusal::bad_header);
  EXPECT_EQ(refused(with("A : b")), Refusal::bad_header);
  EXPECT_EQ(refused(with("A: b\nC: d")), Refusal::bad_header);
  EXPECT_EQ(refused(with(std::string("A: b\0c", 6))), Refusal::bad_header);
  EXPECT_EQ(refused(with("no colon")), Refusal::bad_header);
  EXPECT_EQ(refused("GET / HTTP/1.1\r\n\r\n"), Refusal::missing_host);
  EXPECT_EQ(refused("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), Refusal::missing_host);
}

// 3, 2.3, 3.2.
TEST_F(Head, EachBadRequestLineHasItsRefusal) {
  const auto line = [](std::string_view text) { return std::string(text) + "\r\nHost: h\r\n\r\n"; };
  EXPECT_EQ(refused(line("GET  / HTTP/1.1")), Refusal::bad_request_line);
  EXPECT_EQ(refused(line("GET /")), Refusal::bad_request_line);
  EXPECT_EQ(refused(line("G@T / HTTP/1.1")), Refusal::bad_request_line);
  EXPECT_EQ(refused(line("PRI * HTTP/2.0")), Refusal::bad_version);
  EXPECT_EQ(refused(line("GET users HTTP/1.1")), Refusal::bad_target);
  EXPECT_EQ(refused(line("GET /a#b HTTP/1.1")), Refusal::bad_target);
  EXPECT_EQ(refused(line("GET /\x80 HTTP/1.1")), Refusal::bad_target);
  EXPECT_EQ(refused("GET /\n\n"), Refusal::bad_request_line) << "bare LF, at once and not after a time-out";
}

// 3: 414; RFC 6585 5: 431.
TEST_F(Head, LimitsHoldBeforeTheHeadIsComplete) {
  EXPECT_EQ(refused("GET /" + std::string(9000, 'x')), Refusal::target_too_long);
  EXPECT_EQ(refused("GET / HTTP/1.1\r\nA: " + std::string(17'000, 'x')), Refusal::head_too_large);
  std::string many = "GET / HTTP/1.1\r\nHost: h\r\n";
  for (int i = 0; i < 64; ++i) many += "A: b\r\n";
  EXPECT_EQ(refused(many + "\r\n"), Refusal::too_many_headers);
}

class BodyReading : public Head {
 protected:
  std::string scratch;
  Expected<Body, Refusal> chunked(std::string_view body) {
    return whole("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(body));
  }
  Expected<Body, Refusal> whole(const std::string& text) {
    text_ = text;
    Progress progress;
    EXPECT_TRUE(read_head(as_bytes(text_), limits, request, progress));
    return read_body(as_bytes(text_), limits, scratch, progress);
  }

 private:
  std::string text_;
};

// 7.1, 7.1.3.
TEST_F(BodyReading, ChunksAreJoined) {
  const auto body = chunked("5\r\nhello\r\n6;ext=1\r\n world\r\n0\r\nTrailer: x\r\n\r\nGET");
  ASSERT_TRUE(body && body->complete);
  EXPECT_EQ(as_text(body->body), "hello world");
  EXPECT_EQ(body->consumed, std::string_view("5\r\nhello\r\n6;ext=1\r\n world\r\n0\r\nTrailer: x\r\n\r\n").size());
}

// 7.1: the body ends behind the trailer section.
TEST_F(BodyReading, NoPrefixOfAChunkedBodyIsComplete) {
  const std::string_view whole = "3\r\nabc\r\n0\r\n\r\n";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto body = chunked(whole.substr(0, size));
    ASSERT_TRUE(body) << size;
    EXPECT_FALSE(body->complete) << size;
  }
}

// 7.1.
TEST_F(BodyReading, MalformedChunksAreRefused) {
  for (const char* body : {"x\r\n", "-1\r\n", "\r\n", "3\r\nabcX\r\n", "0x3\r\nabc\r\n"}) {
    const auto result = chunked(body);
    ASSERT_FALSE(result) << body;
    EXPECT_EQ(result.error(), Refusal::bad_chunk) << body;
  }
  EXPECT_EQ(chunked("FFFFFFFFFFFFFFFFF\r\n").error(), Refusal::body_too_large);
  EXPECT_EQ(chunked("F4241\r\n").error(), Refusal::body_too_large) << "1 000 001 bytes";
}

// 6.2; RFC 9110 15.5.14: 413.
TEST_F(BodyReading, ALengthBeyondTheLimitIsRefusedBeforeItsBytes) {
  EXPECT_EQ(whole("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000001\r\n\r\n").error(), Refusal::body_too_large);
}

// 7.1: recipients MUST anticipate large numerals. Added to what was read before, such a size wrapped around and passed the limit.
TEST_F(BodyReading, AChunkSizeThatWouldOverflowIsTooLarge) {
  for (const char* size : {"fffffffffffffffe", "ffffffffffffffec", "FFFFFFFFFFFFFFFF", "8000000000000000"}) {
    const auto body = chunked("2\r\n{ \r\n" + std::string(size) + "\r\n0\r\n\r\n");
    ASSERT_FALSE(body) << size;
    EXPECT_EQ(body.error(), Refusal::body_too_large) << size;
  }
}

// 7.1.1, 7.1.2.
TEST_F(BodyReading, ExtensionsAndTrailersHoldNoControlCharacters) {
  for (const char* body : {"1;a=\nb\r\nx\r\n0\r\n\r\n", "1;a=\x01\r\nx\r\n0\r\n\r\n", "1;\rb\r\nx\r\n0\r\n\r\n"})
    EXPECT_EQ(chunked(body).error(), Refusal::bad_chunk) << body;
  for (const char* trailer : {"A: b\nC: d", "A: b\x01", "A: \rb", "no colon", ": x", " A: b", "A : b"})
    EXPECT_EQ(chunked("0\r\n" + std::string(trailer) + "\r\n\r\n").error(), Refusal::bad_header) << trailer;
  EXPECT_TRUE(chunked("1;a=\"b c\";d\r\nx\r\n0\r\nA: b\r\nC:d\r\n\r\n")->complete);
}

// 7.1.2; RFC 6585 5: 431.
TEST_F(BodyReading, TrailersCountAgainstTheHeadsLimit) {
  EXPECT_EQ(chunked("0\r\nA: " + std::string(17'000, 'x')).error(), Refusal::head_too_large);
  std::string many = "0\r\n";
  for (int i = 0; i < 3'000; ++i) many += "A: b\r\n";
  EXPECT_EQ(chunked(many).error(), Refusal::head_too_large);
}

// 7.1.1 asks for a limit of the total length of chunk extensions. One byte in six is body: reading such a body costs far more
// than its limit suggests.
TEST_F(BodyReading, ABodyThatIsMostlyFramingIsRefused) {
  std::string drops;
  for (int i = 0; i < 60'000; ++i) drops += "1\r\nx\r\n";
  EXPECT_EQ(chunked(drops).error(), Refusal::bad_chunk);
  EXPECT_FALSE(chunked(drops.substr(0, 6 * 50'000))->complete);
}

// 2.2: a message is read from octets, however they come.
TEST_F(BodyReading, PiecesAreReadAsTheWhole) {
  const std::string text =
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3;x\r\nabc\r\n1\r\n\r\r\n0\r\nA: b\r\n\r\n";
  for (std::size_t step = 1; step < 9; ++step) {
    Progress progress;
    for (std::size_t size = 0; size < text.size(); size += step) {
      const Bytes so_far = as_bytes(text).first(size);
      if (progress.head_size == 0 && !read_head(so_far, limits, request, progress).value_or(true)) continue;
      EXPECT_EQ(body_is_complete(so_far, limits, progress), false) << size;
    }
    ASSERT_EQ(read_head(as_bytes(text), limits, request, progress), true);
    const auto body = read_body(as_bytes(text), limits, scratch, progress);
    ASSERT_TRUE(body && body->complete);
    EXPECT_EQ(as_text(body->body), "abc\r");
    EXPECT_EQ(request.head_size + body->consumed, text.size());
  }
}

// RFC 3986 3.4; URL Standard 5.1 and 6.2. Stricter than these: a broken escape is no value.
TEST(Query, ValuesAreDecodedAndTheFirstCounts) {
  EXPECT_EQ(query_value("EIO=4&a=%41+b&a=z&e=&f", "a"), "A b");
  EXPECT_EQ(query_value("EIO=4&e=&f", "e"), "");
  EXPECT_EQ(query_value("EIO=4&e=&f", "f"), "");
  EXPECT_EQ(query_value("EIO=4", "sid"), std::nullopt);
  EXPECT_EQ(query_value("a=%4", "a"), std::nullopt);
}

// RFC 3986 2.1, 3.3.
TEST(Path, EncodedSlashesAndNulsAreRefused) {
  EXPECT_EQ(decode_path("/a%20b"), "/a b");
  EXPECT_EQ(decode_path("/a%2fb"), std::nullopt);
  EXPECT_EQ(decode_path("/a%00"), std::nullopt);
}

// 11.1: response splitting.
struct Cookie {
  std::string_view what, header;
  std::optional<std::string_view> value;
};

// RFC 6265 4.2.1 and 5.4: `name=value` pairs, separated by "; ". Quotes are part of a value (4.1.1).
TEST(Cookies, AreFoundByTheirWholeName) {
  for (const Cookie& each : {Cookie{"alone", "sid=31d4", "31d4"},
                             {"among others", "SID=1; sid=31d4; lang=en", "31d4"},
                             {"without the blank", "a=b;sid=31d4", "31d4"},
                             {"blanks and tabs around", " a=b ;\t sid=31d4 \t", "31d4"},
                             {"of two the first", "sid=first; sid=second", "first"},
                             {"empty", "sid=; sid=second", ""},
                             {"quoted", "sid=\"31d4\"", "\"31d4\""},
                             {"with = inside", "sid=a=b==", "a=b=="},
                             {"a name that begins alike", "sid2=x; sid", std::nullopt},
                             {"a name that ends alike", "xsid=x; __Host-sid=y", std::nullopt},
                             {"case matters", "Sid=x", std::nullopt},
                             {"blank before =", "sid =x", std::nullopt},
                             {"inside a quoted value", "a=\"sid=x\"", std::nullopt},
                             {"a comma separates nothing", "a=b, sid=x", std::nullopt},
                             {"none", "", std::nullopt},
                             {"separators only", ";; ;", std::nullopt}})
    EXPECT_EQ(cookie_value(each.header, "sid"), each.value) << each.what;
}

TEST(Response, AHeaderCannotBeSplit) {
  std::string out;
  const Header evil[] = {{"X", "a\r\nSet-Cookie: b"}};
  append_response(out, {.status = 200, .content_type = "text/plain", .body = "hi", .extra_headers = evil}, KeepAlive::no);
  EXPECT_EQ(out, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi");
}

// 6.3; RFC 9110 8.6, 9.3.2, 15.3.5.
TEST(Response, HeadAnd204HaveNoBody) {
  std::string head;
  append_response(head, {.status = 200, .content_type = "", .body = "hi"}, KeepAlive::yes, WithBody::no);
  EXPECT_THAT(head, HasSubstr("Content-Length: 2"));
  EXPECT_THAT(head, Not(HasSubstr("hi")));
  std::string none;
  append_response(none, {.status = 204, .content_type = "", .body = ""}, KeepAlive::yes);
  EXPECT_THAT(none, Not(HasSubstr("Content-Length")));
}

TEST(Refusals, EachHasAStatusAndASentence) {
  std::set<std::string_view> sentences;
  for (const Refusal refusal : belfry::testing::enumerators<Refusal>()) {
    EXPECT_GE(status(refusal), 400) << explain(refusal);
    EXPECT_TRUE(sentences.insert(explain(refusal)).second) << explain(refusal);
  }
  EXPECT_FALSE(sentences.empty() || sentences.contains(""));
}

}  // namespace
}  // namespace belfry::http

// The rules of RFC 9112 (and of RFC 9110 where named) for the head of a request, section by section: what is read, what is
// refused and by which name, and where we are stricter than the RFC asks. http_test.cpp shows how reading goes on, piece by
// piece.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "wire/http/request.hpp"

namespace belfry::http {
namespace {

using namespace std::string_literals;

class Rfc9112 : public ::testing::Test {
 protected:
  Limits limits;
  Request request;

  bool reads(const std::string& text) {
    text_ = text;
    const auto read = read_head(as_bytes(text_), limits, request);
    return read && *read;
  }
  void refuses(Refusal refusal, const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
      const auto read = read_head(as_bytes(text), limits, request);
      ASSERT_FALSE(read) << ::testing::PrintToString(text);
      EXPECT_EQ(read.error(), refusal) << ::testing::PrintToString(text);
    }
  }
  void refuses_lines(Refusal refusal, const std::vector<std::string>& lines) {
    for (const std::string& line : lines) refuses(refusal, {line + "\r\nHost: h\r\n\r\n"});
  }
  void refuses_fields(Refusal refusal, const std::vector<std::string>& fields) {
    for (const std::string& field : fields) refuses(refusal, {with(field)});
  }
  static std::string with(const std::string& field) { return "POST /a HTTP/1.1\r\nHost: h\r\n" + field + "\r\n\r\n"; }

 private:
  std::string text_;  // request views it
};

TEST_F(Rfc9112, Section2p2LinesEndWithCrlfOnly) {
  refuses(Refusal::bad_request_line,
          {"GET / HTTP/1.1\nHost: h\n\n", "GET / HTTP/1.1\nHost: h\r\n\r\n", "\nGET / HTTP/1.1\r\n\r\n"});
  refuses(Refusal::bad_request_line, {"GET / HTTP/1.1\rHost: h\r\n\r\n", "\rGET / HTTP/1.1\r\nHost: h\r\n\r\n"});
  refuses_fields(Refusal::bad_header, {"A: b\nC: d", "A: b\n", "A: b\rC: d", "A: b\r", "\nA: b", "A\r: b", "A\n: b"});
}

TEST_F(Rfc9112, Section2p2NoBlankStandsBeforeTheFirstField) {
  refuses(Refusal::bad_header, {"GET / HTTP/1.1\r\n Host: h\r\n\r\n", "GET / HTTP/1.1\r\n\tA: b\r\nHost: h\r\n\r\n"});
  refuses(Refusal::bad_header, {"GET / HTTP/1.1\r\n \r\nHost: h\r\n\r\n"});
}

// RFC 9110 6.2 would have HTTP/1.2 read as 1.1. Nobody sends it.
TEST_F(Rfc9112, Section2p3TwoVersionsAreKnown) {
  ASSERT_TRUE(reads("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_EQ(request.minor_version, 1);
  ASSERT_TRUE(reads("GET / HTTP/1.0\r\nHost: h\r\n\r\n"));
  EXPECT_EQ(request.minor_version, 0);
  refuses_lines(Refusal::bad_version, {"GET / HTTP/1.2", "GET / HTTP/2.0", "GET / HTTP/0.9", "GET / HTTP/3", "GET / HTTP/1.10",
                                       "GET / HTTP/01.1", "GET / HTTP/11", "GET / HTTP/1.", "GET / HTTP/", "GET / HTTP/1.1x"});
  refuses_lines(Refusal::bad_request_line,
                {"GET / http/1.1", "GET / Http/1.1", "GET / HTTP", "GET / HTTPS/1.1", "GET / RTSP/1.0"});
}

// Section 3 lets a server take any run of blanks, tabs and other white space for one, and warns of what follows from it.
TEST_F(Rfc9112, Section3OneBlankStandsBetweenTheThreeParts) {
  refuses_lines(Refusal::bad_request_line, {"GET  / HTTP/1.1", "GET /  HTTP/1.1", " GET / HTTP/1.1", "GET / HTTP/1.1 ",
                                            "GET /a b HTTP/1.1", "GET\t/\tHTTP/1.1", "GET /\tHTTP/1.1", "GET /", "GET",
                                            "GET HTTP/1.1", "GET /\vHTTP/1.1", "/ HTTP/1.1", "GET / HTTP/1.1 HTTP/1.1"});
}

TEST_F(Rfc9112, Section3LinesOf8000BytesAreRead) {
  const std::string path = "/" + std::string(8'000 - std::string("GET / HTTP/1.1").size(), 'x');
  EXPECT_TRUE(reads("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n"));
  refuses_lines(Refusal::target_too_long, {"GET /" + std::string(limits.max_target, 'x') + " HTTP/1.1"});
}

TEST_F(Rfc9112, Section3p1AMethodIsAnyTokenAndItsCaseCounts) {
  for (const std::string name : {"BREW", "M-SEARCH", "get", "Get", "GETS", "!#$%&'*+-.^_`|~09azAZ"}) {
    ASSERT_TRUE(reads(name + " / HTTP/1.1\r\nHost: h\r\n\r\n")) << name;
    EXPECT_EQ(request.method, Method::other) << name;
    EXPECT_EQ(request.method_text, name);
  }
  ASSERT_TRUE(reads("DELETE / HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_EQ(request.method, Method::del);
  refuses_lines(Refusal::bad_request_line,
                {"G(T / HTTP/1.1", "G/T / HTTP/1.1", "GET: / HTTP/1.1", "G\"T / HTTP/1.1", "G\x80T / HTTP/1.1",
                 "G\0T / HTTP/1.1"s, "\x7FGET / HTTP/1.1", "\xEF\xBB\xBFGET / HTTP/1.1"});
}

TEST_F(Rfc9112, Section3p2ATargetIsVisibleAscii) {
  refuses_lines(Refusal::bad_target,
                {"GET /\x7F HTTP/1.1", "GET /\xC3\xA9 HTTP/1.1", "GET /a#b HTTP/1.1", "GET /?a#b HTTP/1.1", "GET # HTTP/1.1"});
  refuses_lines(Refusal::bad_target, {"GET /\0 HTTP/1.1"s, "GET /\x01 HTTP/1.1", "GET /\x1F HTTP/1.1"});
  EXPECT_TRUE(reads("GET /a|b^\"<>{}`\\?[|] HTTP/1.1\r\nHost: h\r\n\r\n")) << "outside RFC 3986, but browsers send some of it";
}

TEST_F(Rfc9112, Section3p2p1OriginFormIsAPathAndAQueryAsSent) {
  ASSERT_TRUE(reads("GET /a/../b%2F//c;d?x=/?&y HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_EQ(request.path, "/a/../b%2F//c;d");
  EXPECT_EQ(request.query, "x=/?&y");
  ASSERT_TRUE(reads("GET //h/x HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_EQ(request.path, "//h/x") << "two slashes begin a path here, not an authority";
  refuses_lines(Refusal::bad_target,
                {"GET a HTTP/1.1", "GET ?a HTTP/1.1", "GET ./a HTTP/1.1", "GET \\a HTTP/1.1", "GET %2F HTTP/1.1"});
}

TEST_F(Rfc9112, Section3p2p2AbsoluteFormIsReducedToItsPath) {
  for (const std::string target : {"http://h/a?b", "https://h:1/a?b", "HTTP://h/a?b", "http://[::1]:80/a?b"}) {
    ASSERT_TRUE(reads("GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n")) << target;
    EXPECT_EQ(request.path, "/a") << target;
    EXPECT_EQ(request.query, "b") << target;
  }
  refuses_lines(Refusal::bad_target, {"GET ftp://h/a HTTP/1.1", "GET http:/a HTTP/1.1", "GET http:a HTTP/1.1",
                                      "GET ://h/a HTTP/1.1", "GET httpx://h/a HTTP/1.1", "GET ws://h/a HTTP/1.1"});
}

// A query may hold slashes: the path does not begin at the first one.
TEST_F(Rfc9112, Section3p2p2AnAbsoluteFormHasAHostAndAPathBeforeItsQuery) {
  ASSERT_TRUE(reads("GET http://h HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_EQ(request.target, "/");
  ASSERT_TRUE(reads("GET http://h/?a/b HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_EQ(request.path, "/");
  EXPECT_EQ(request.query, "a/b");
  refuses_lines(Refusal::bad_target, {"GET http://h?a/b HTTP/1.1", "GET http://h? HTTP/1.1", "GET http:///a HTTP/1.1",
                                      "GET http:// HTTP/1.1", "GET https://?a HTTP/1.1"});
}

TEST_F(Rfc9112, Section3p2p3And3p2p4OtherFormsAreForProxiesAndOptions) {
  refuses_lines(Refusal::bad_target, {"CONNECT h:443 HTTP/1.1", "GET h:80 HTTP/1.1", "CONNECT h HTTP/1.1"});
  EXPECT_TRUE(reads("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n"));
  refuses_lines(Refusal::bad_target, {"GET * HTTP/1.1", "options * HTTP/1.1", "OPTIONS ** HTTP/1.1", "OPTIONS *?a HTTP/1.1"});
}

TEST_F(Rfc9112, Section3p2ARequestNamesOneHost) {
  refuses(Refusal::missing_host,
          {"GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHosts: h\r\n\r\n", "GET http://h/ HTTP/1.1\r\n\r\n"});
  refuses_fields(Refusal::missing_host, {"Host: h", "host: i", "A: b\r\nHOST:"});
  refuses(Refusal::missing_host, {"GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n"});
  EXPECT_TRUE(reads("GET / HTTP/1.0\r\n\r\n")) << "1.0 had no Host";
  EXPECT_TRUE(reads("GET / HTTP/1.1\r\nHost:\r\n\r\n")) << "empty where the target has no authority";
}

// Proxies route by it, and we answer with it in a Location.
TEST_F(Rfc9112, Section3p2AHostHasNoCharacterThatEndsOrHidesIt) {
  for (const std::string host :
       {"h", "H.example:8443", "[2001:db8::1]:80", "192.0.2.7", "a_b.example", "xn--bcher-kva.example", "h%41"})
    EXPECT_TRUE(reads("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n")) << host;
  for (const std::string host :
       {"a b", "h/x", "u@h", "h?x", "h#x", "h\\x", "\"h\"", "<h>", "http://h", "h\tx", "\xC3\xA9", "a|b", "{h}"})
    refuses(Refusal::missing_host,
            {"GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n", "GET / HTTP/1.0\r\nHost: " + host + "\r\n\r\n"});
}

TEST_F(Rfc9112, Section5AFieldIsANameAColonAndATrimmedValue) {
  ASSERT_TRUE(reads(with("A:b\r\nB: \t c d\t \r\nC:\r\nD: \r\nE: x: y\r\nF: \"q\" \x80\xFF\r\na: second")));
  EXPECT_EQ(request.header("a"), "b") << "of several the first, and without regard to case (RFC 9110 5.1)";
  EXPECT_EQ(request.header("b"), "c d");
  EXPECT_EQ(request.header("c"), "");
  EXPECT_EQ(request.header("d"), "");
  EXPECT_EQ(request.header("e"), "x: y");
  EXPECT_EQ(request.header("f"), "\"q\" \x80\xFF") << "obs-text (RFC 9110 5.5)";
  ASSERT_EQ(request.header_count, 8U);
  EXPECT_EQ(request.headers[7].value, "second") << "none is merged or lost";
}

TEST_F(Rfc9112, Section5p1ANameIsATokenUpToItsColon) {
  refuses_fields(Refusal::bad_header, {"A : b", "A\t: b", ": b", "A", "A b: c", "A(: b", "A\": b", "A,: b", "A/: b", "\x80: b",
                                       "A\0: b"s, "A=b", "[A]: b", "A\x7F: b",
                                       "\xEF\xBB\xBF"
                                       "A: b",
                                       "{}"});
  EXPECT_TRUE(reads(with("!#$%&'*+-.^_`|~09azAZ: b")));
}

TEST_F(Rfc9112, Section5p2AFoldedFieldIsRefused) {
  refuses_fields(Refusal::bad_header, {"A: b\r\n c", "A: b\r\n\tc: d", "A:\r\n b", "A: b\r\n ", "A: b\r\n \r\nC: d",
                                       "Transfer-Encoding:\r\n chunked", "Content-Length: 1\r\n 0"});
}

// RFC 9110 5.5 lets a recipient replace CR, LF and NUL by blanks; the other controls it calls invalid too.
TEST_F(Rfc9112, Section5p5OfRfc9110AValueHoldsNoControls) {
  for (char c = 0; c < 0x20; ++c) {
    if (c == '\t' || c == '\r' || c == '\n') continue;
    refuses_fields(Refusal::bad_header, {"A: b" + std::string(1, c) + "c", "A: " + std::string(1, c), "A:b" + std::string(1, c)});
  }
  refuses_fields(Refusal::bad_header, {"A: \x7F"});
  EXPECT_TRUE(reads(with("A: b\tc"))) << "a tab is blank";
}

TEST_F(Rfc9112, Section9p3CloseWinsAndOldClientsMustAskToStay) {
  for (const std::string field : {"Connection: close", "connection: CLOSE", "Connection: keep-alive, close",
                                  "Connection: a,,\tclose ,", "Connection: keep-alive\r\nConnection: close"}) {
    ASSERT_TRUE(reads(with(field))) << field;
    EXPECT_FALSE(request.keep_alive) << field;
  }
  for (const std::string field : {"Connection: closed", "Connection: \"close\"", "Close: close", "Connection: Upgrade"}) {
    ASSERT_TRUE(reads(with(field))) << field;
    EXPECT_TRUE(request.keep_alive) << field;
  }
  ASSERT_TRUE(reads("GET / HTTP/1.0\r\nConnection: Upgrade\r\n\r\n"));
  EXPECT_FALSE(request.keep_alive);
}

// Each of these has hidden a second request from a proxy: it and we would take another line or another length for real.
TEST_F(Rfc9112, Section11p2WhatSmugglesARequestIsRefused) {
  const std::string length = "Content-Length: 5\r\n";
  refuses_fields(
      Refusal::bad_header,
      {length + "Transfer-Encoding : chunked", length + "Transfer-Encoding\t: chunked", length + " Transfer-Encoding: chunked",
       length + "Transfer-Encoding: \x0B"
                "chunked",
       length + "Transfer-Encoding: chunked\x0B", length + "X: y\nTransfer-Encoding: chunked",
       length + "X: y\rTransfer-Encoding: chunked", length + "Transfer-Encoding\0: chunked"s,
       length + "Transfer-Encoding\r\n : chunked", length + "\xA0Transfer-Encoding: chunked",
       length + "Transfer-Encoding:\n chunked", "X: y\nContent-Length: 0", "Content-Length\x01: 5"});
  refuses_fields(Refusal::ambiguous_length, {length + "Transfer-Encoding: x", length + "Transfer-Encoding:",
                                             length + "transfer-ENCODING: identity", "Content-Length: 0\r\nContent-Length: 44"});
  ASSERT_TRUE(reads(with(length + "Transfer_Encoding: chunked")));
  EXPECT_EQ(request.content_length, 5U) << "another field; no proxy of ours turns the underscore into a hyphen";
}

TEST_F(Rfc9112, Section10p1p1OfRfc9110OnlyNewClientsExpectContinue) {
  ASSERT_TRUE(reads(with("Expect: 100-Continue")));
  EXPECT_TRUE(request.expects_continue);
  ASSERT_TRUE(reads(with("Expect: 200-ok")));
  EXPECT_FALSE(request.expects_continue);
  ASSERT_TRUE(reads("POST / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n"));
  EXPECT_FALSE(request.expects_continue);
}

}  // namespace
}  // namespace belfry::http

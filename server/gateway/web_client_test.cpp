// The product's own client (SPEC 2.11 S2, S3, S16), as the routes serve it.
#include "gateway/web_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/api/page_headers.hpp"
#include "gateway/served_files_for_tests.hpp"

namespace belfry::gateway {
namespace {

using testing::HasSubstr;

class Client : public ServedFiles {
 protected:
  Client() {
    ours_.add("app/index.html", "<h1>Belfry</h1>");
    ours_.add("app/index.html.gz", "page in gzip");
    ours_.add("app/assets/index-1a2b.js", "let app;");
    ours_.add("app/assets/index-1a2b.js.br", "app in br");
    ours_.add("app/assets/index-1a2b.js.gz", "app in gzip");
    ours_.add("app/assets/icon-3c4d.png", "PNG");
    ours_.add("app/sw.js", "let worker;");
    ours_.add("app/manifest.webmanifest", "{}");
    ours_.add("app/favicon.svg", "<svg/>");
    ours_.add("app/client/belfry-call.js", "let element;");
    ours_.add("public/ringtone.mp3", "ID3");
  }
};

// R-004-56, C-15
TEST_F(Client, PageIsServedAtEveryAddressThatIsNeitherAFileNorOurs) {
  for (const char* path : {"/", "/login", "/c/018f-42", "/call/new", "/videocall", "/no/such/page", "/archive.gz", "/c/%"}) {
    const auto answer = page(path);
    EXPECT_EQ(answer.status, 200) << path;
    EXPECT_EQ(answer.body, "<h1>Belfry</h1>") << path;
    EXPECT_EQ(header(answer, "Cache-Control"), "no-cache") << path;
  }
  EXPECT_EQ(header(page("/"), "Vary"), "Accept-Encoding, Accept");
  EXPECT_THAT(ask("GET /").body, HasSubstr("WebRTC Signaling Server Running"));
  EXPECT_EQ(ask("GET /login").status, 404);
  EXPECT_EQ(ask("POST /login", "Accept: text/html\r\n").status, 404);
}

// R-004-68, S3
TEST_F(Client, PageMayUseOnlyWhatComesFromThisServer) {
  const auto answer = page("/login");
  EXPECT_EQ(header(answer, "Content-Security-Policy"),
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
            "font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; "
            "form-action 'self'; frame-ancestors 'none'");
  EXPECT_EQ(header(answer, "Permissions-Policy"), "camera=(self), microphone=(self), display-capture=(self), autoplay=(self)");
  EXPECT_EQ(header(answer, "Cross-Origin-Opener-Policy"), "same-origin");
  EXPECT_EQ(header(ask("GET /sw.js"), "Content-Security-Policy"), kClientPolicy) << "the worker obeys that of its script";
}

// S2, S16
TEST_F(Client, FilesAreKeptForAsLongAsTheirNameHolds) {
  EXPECT_EQ(header(ask("GET /assets/index-1a2b.js"), "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(header(ask("GET /sw.js"), "Cache-Control"), "no-cache");
  EXPECT_EQ(header(ask("GET /manifest.webmanifest"), "Cache-Control"), "no-cache");
  EXPECT_EQ(header(ask("GET /client/belfry-call.js"), "Cache-Control"), "no-cache");
  EXPECT_EQ(header(ask("GET /favicon.svg"), "Cache-Control"), "public, max-age=86400");
  EXPECT_EQ(ask("GET /favicon.svg").content_type, "image/svg+xml");
  EXPECT_EQ(ask("GET /ringtone.mp3").body, "ID3");
}

// S2
TEST_F(Client, FileIsSentInTheEncodingThatItsReaderTakes) {
  const auto brotli = ask("GET /assets/index-1a2b.js", "Accept-Encoding: gzip, deflate, br\r\n");
  EXPECT_EQ(brotli.body, "app in br");
  EXPECT_EQ(header(brotli, "Content-Encoding"), "br");
  EXPECT_EQ(header(brotli, "Vary"), "Accept-Encoding");
  EXPECT_THAT(brotli.content_type, HasSubstr("text/javascript"));
  const auto gzip = ask("GET /assets/index-1a2b.js", "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(gzip.body, "app in gzip");
  EXPECT_NE(header(gzip, "ETag"), header(brotli, "ETag"));
  for (const char* taken : {"", "Accept-Encoding: identity\r\n", "Accept-Encoding: br;q=0, gzip;q=0\r\n"}) {
    const auto plain = ask("GET /assets/index-1a2b.js", taken);
    EXPECT_EQ(plain.body, "let app;") << taken;
    EXPECT_EQ(header(plain, "Content-Encoding"), "") << taken;
    EXPECT_EQ(header(plain, "Vary"), "Accept-Encoding") << taken;
  }
  EXPECT_EQ(ask("GET /assets/icon-3c4d.png", "Accept-Encoding: br, gzip\r\n").body, "PNG");
  EXPECT_EQ(ask("GET /login", "Accept: text/html\r\nAccept-Encoding: gzip, br\r\n").body, "page in gzip");
  EXPECT_EQ(ask("GET /assets/index-1a2b.js", "Accept-Encoding: br\r\nRange: bytes=0-2\r\n").body, "let");
}

// S2
TEST_F(Client, FileThatTheReaderHasIsNotSentAgain) {
  const std::string etag = header(ask("GET /assets/index-1a2b.js", "Accept-Encoding: br\r\n"), "ETag");
  const auto again = ask("GET /assets/index-1a2b.js", "Accept-Encoding: br\r\nIf-None-Match: " + etag + "\r\n");
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
}

// S2
TEST_F(Client, PageStandsInForNothingElse) {
  for (const char* path : {"/assets/missing.js", "/assets/index-1a2b.js.br", "/api/nonsense", "/user/x", "/message/x",
                           "/peerjs/x", "/test/x", "/assets"})
    EXPECT_EQ(page(path).status, 404) << path;
  EXPECT_EQ(page("/metrics").body, "numbers");
  EXPECT_EQ(ask("GET /favicon.png", "Accept: image/avif,image/png,*/*\r\n").status, 404);
}

TEST_F(Client, FileCannotBeWrittenTo) {
  EXPECT_EQ(ask("POST /sw.js").status, 405);
  EXPECT_EQ(ask("DELETE /assets/index-1a2b.js").status, 405);
  EXPECT_EQ(ask("OPTIONS /sw.js").status, 204);
}

TEST_F(Client, PathsReachNothingButItsFiles) {
  for (const char* path : {"/../public/ringtone.mp3", "/%2e%2e/public/ringtone.mp3", "/..%2fpublic/ringtone.mp3",
                           "/assets/../sw.js", "/assets%2findex-1a2b.js", "/sw.js%00", "//etc/passwd"})
    EXPECT_EQ(ask(std::string("GET ") + path).status, 404) << path;
}

// W-02
TEST_F(Client, ApplicationOfAFolderStandsInItsPlace) {
  site_.add("index.html", "<h1>theirs</h1>");
  EXPECT_EQ(page("/").body, "<h1>theirs</h1>");
  EXPECT_EQ(page("/login").body, "<h1>theirs</h1>");
  EXPECT_EQ(ask("GET /sw.js").status, 404);
  EXPECT_EQ(ask("GET /assets/index-1a2b.js").status, 404);
}

// C-15
TEST_F(Client, ThatIsNotBuiltLeavesTheStatus) {
  ours_ = {};
  const auto answer = page("/");
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, HasSubstr("WebRTC Signaling Server Running"));
  EXPECT_EQ(header(answer, "Vary"), "Accept");
  EXPECT_EQ(page("/login").status, 404);
}

}  // namespace
}  // namespace belfry::gateway

// A web application of --static (SPEC W-02) and the client library beside the sockets (W-03).
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <optional>

#include "gateway/served_files_for_tests.hpp"

namespace belfry::gateway {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using testing::UnorderedElementsAre;
namespace fs = std::filesystem;

class Site : public ServedFiles {
 protected:
  Site() {
    site_.add("index.html", "<h1>theirs</h1>");
    site_.add("about/index.html", "<h1>about</h1>");
    site_.add("assets/app-1a2b.js", "let app;");
    site_.add("ringtone.mp3", "ID3");
    ours_.add("socket.io/socket.io.js", "var io;");
    ours_.add("socket.io/socket.io.esm.min.js", "export{}");
  }
};

// W-02
TEST_F(Site, FilesHaveTheirTypeAndAreCachedForADay) {
  const auto script = ask("GET /assets/app-1a2b.js");
  EXPECT_EQ(script.status, 200);
  EXPECT_EQ(script.body, "let app;");
  EXPECT_THAT(script.content_type, HasSubstr("text/javascript"));
  EXPECT_EQ(header(script, "Cache-Control"), "public, max-age=86400");
  EXPECT_EQ(header(script, "Content-Security-Policy"), "frame-ancestors 'self'");
  EXPECT_EQ(ask("GET /ringtone.mp3").content_type, "audio/mpeg");
}

// W-02
TEST_F(Site, FileThatTheClientHasIsNotSentAgain) {
  const std::string etag = header(ask("GET /ringtone.mp3"), "ETag");
  const auto again = ask("GET /ringtone.mp3", "If-None-Match: " + etag + "\r\n");
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
  EXPECT_EQ(header(again, "ETag"), etag);
  EXPECT_EQ(ask("GET /ringtone.mp3", "If-None-Match: \"other\", W/" + etag + "\r\n").status, 304) << "a proxy made it weak";
  EXPECT_EQ(ask("GET /ringtone.mp3", "If-None-Match: \"other\"\r\n").status, 200);
  EXPECT_EQ(ask("GET /ringtone.mp3", "If-None-Match: *\r\n").status, 304) << "RFC 9110 13.1.2: any version of it";
  EXPECT_EQ(ask("GET /missing.mp3", "If-None-Match: *\r\n").status, 404);
}

// W-02, SPEC 2.11 S2
TEST_F(Site, PageIsServedAtEveryAddressThatIsNeitherAFileNorOurs) {
  for (const char* path : {"/", "/login", "/chat/42", "/userland", "/deep/er/"}) {
    const auto answer = page(path);
    EXPECT_EQ(answer.status, 200) << path;
    EXPECT_EQ(answer.body, "<h1>theirs</h1>") << path;
    EXPECT_EQ(header(answer, "Cache-Control"), "no-cache");
    EXPECT_THAT(header(answer, "Permissions-Policy"), HasSubstr("camera=(self), microphone=(self)"));
  }
  EXPECT_EQ(page("/about/").body, "<h1>about</h1>");
}

// W-02, SPEC 2.11 S2
TEST_F(Site, PageStandsInForNothingOfOurs) {
  for (const char* path : {"/socket.io/nonsense", "/peerjs/x", "/message/get/1", "/assets/missing.js"})
    EXPECT_EQ(page(path).status, 404) << path;
  EXPECT_THAT(page("/users").content_type, HasSubstr("json"));
  EXPECT_EQ(page("/metrics").body, "numbers");
}

// W-02, C-15
TEST_F(Site, RequestWithoutHtmlInItsAcceptHeaderGetsNoPage) {
  EXPECT_THAT(ask("GET /").body, HasSubstr("WebRTC Signaling Server Running"));
  EXPECT_EQ(ask("GET /login").status, 404);
  EXPECT_EQ(ask("POST /login", "Accept: text/html\r\n").status, 404);
  EXPECT_EQ(ask("HEAD /login", "Accept: text/html\r\n").status, 200);
}

// W-02, RFC 9110 15.5.6
TEST_F(Site, FileCannotBeWrittenTo) {
  for (const char* line : {"POST /ringtone.mp3", "PUT /assets/app-1a2b.js", "DELETE /about/", "PATCH /index.html"}) {
    const auto answer = ask(line);
    EXPECT_EQ(answer.status, 405) << line;
    EXPECT_EQ(header(answer, "Allow"), "GET, HEAD, OPTIONS");
  }
  EXPECT_EQ(ask("OPTIONS /ringtone.mp3").status, 204);
  EXPECT_EQ(ask("POST /missing.mp3").status, 404);
}

// W-02
TEST_F(Site, PathsReachNothingButItsFiles) {
  for (const char* path : {"/../../etc/passwd", "/assets/../index.html", "/%2e%2e/etc/passwd", "/assets%2fapp-1a2b.js", "/a%00b",
                           "/CON", "/dev/null", "/.git/config", "//index.html"})
    EXPECT_EQ(ask(std::string("GET ") + path).status, 404) << path;
}

// W-03
TEST_F(Site, ClientLibraryIsServedAsStockServersDo) {
  const auto library = ask("GET /socket.io/socket.io.js");
  EXPECT_EQ(library.status, 200);
  EXPECT_EQ(library.body, "var io;");
  EXPECT_THAT(library.content_type, HasSubstr("javascript"));
  EXPECT_EQ(header(library, "Cache-Control"), "public, max-age=0");
  EXPECT_EQ(ask("GET /socket.io/socket.io.js", "If-None-Match: " + header(library, "ETag") + "\r\n").status, 304);
  EXPECT_EQ(ask("GET /socket.io/socket.io.esm.min.js").body, "export{}");
  EXPECT_EQ(ask("GET /socket.io/socket.io.other.js").status, 404);
  EXPECT_EQ(ask("POST /socket.io/socket.io.js").status, 405);
}

// --- what of a folder is served ---

class SiteFolder : public testing::Test {
 protected:
  SiteFolder() {
    std::string pattern = (fs::temp_directory_path() / "belfry-site-XXXXXX").string();
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    top_ = pattern;
    fs::create_directories(top_ / "site" / "sub");
    write("site/index.html", "page");
    write("site/sub/a.css", "style");
    write("secret.txt", "secret");
  }
  ~SiteFolder() override { fs::remove_all(top_); }
  SiteFolder(const SiteFolder&) = delete;
  SiteFolder& operator=(const SiteFolder&) = delete;
  void write(const std::string& path, const std::string& content) const { std::ofstream(top_ / path) << content; }
  [[nodiscard]] std::string site() const { return (top_ / "site").string(); }
  /// What a browser gets there.
  static std::optional<std::string> page_of(const StaticFiles& files, const std::string& path) {
    const std::string head = "GET " + path + " HTTP/1.1\r\nHost: h\r\nAccept: text/html\r\n\r\n";
    http::Request request;
    EXPECT_TRUE(http::read_head(as_bytes(head), {}, request));
    const auto answer = gateway::Site(files).answer(request);
    return answer ? std::optional(answer->body) : std::nullopt;
  }

  fs::path top_;
};

// W-02
TEST_F(SiteFolder, LinksWithinItAreServedAndOthersAreNot) {
  fs::create_symlink("../secret.txt", top_ / "site" / "link.txt");
  fs::create_symlink("/etc/passwd", top_ / "site" / "absolute.txt");
  fs::create_directory_symlink("..", top_ / "site" / "up");
  fs::create_symlink("nowhere", top_ / "site" / "dangling.txt");
  fs::create_symlink("index.html", top_ / "site" / "within.html");
  const auto files = StaticFiles::load(site());
  EXPECT_EQ(files.count(), 3U);
  EXPECT_NE(files.find("within.html"), nullptr);
  EXPECT_EQ(files.find("up/secret.txt"), nullptr);
  EXPECT_THAT(files.left_out(),
              UnorderedElementsAre(Pair("link.txt", LeftOut::foreign_link), Pair("absolute.txt", LeftOut::foreign_link),
                                   Pair("up", LeftOut::folder_link), Pair("dangling.txt", LeftOut::no_file)));
}

// W-02
TEST_F(SiteFolder, DevicesPipesAndHiddenFilesAreNotServed) {
  ASSERT_EQ(::mkfifo((top_ / "site" / "pipe").c_str(), 0600), 0);
  write("site/.env", "secret");
  fs::create_symlink(".env", top_ / "site" / "env.txt");
  fs::create_symlink("/dev/zero", top_ / "site" / "zero.bin");
  fs::create_directory(top_ / "site" / ".git");
  write("site/.git/config", "secret");
  const auto files = StaticFiles::load(site());
  EXPECT_EQ(files.count(), 2U);
  EXPECT_THAT(files.left_out(), UnorderedElementsAre(Pair("pipe", LeftOut::no_file), Pair(".env", LeftOut::hidden),
                                                     Pair("env.txt", LeftOut::foreign_link), Pair("zero.bin", LeftOut::no_file),
                                                     Pair(".git", LeftOut::hidden)));
}

// W-02, RFC 8615
TEST_F(SiteFolder, WellKnownFilesAreServedThoughTheirFolderBeginsWithADot) {
  fs::create_directories(top_ / "site" / ".well-known" / ".secret");
  fs::create_directories(top_ / "site" / "sub" / ".well-known");
  write("site/.well-known/assetlinks.json", "[]");
  write("site/.well-known/.secret/key", "secret");
  write("site/sub/.well-known/x", "x");
  const auto files = StaticFiles::load(site());
  EXPECT_NE(files.find(".well-known/assetlinks.json"), nullptr);
  EXPECT_EQ(files.count(), 3U);
  EXPECT_THAT(files.left_out(),
              UnorderedElementsAre(Pair(".well-known/.secret", LeftOut::hidden), Pair("sub/.well-known", LeftOut::hidden)));
}

// W-02
TEST_F(SiteFolder, FilesBeyondTheLimitsAreLeftOutAndReported) {
  write("site/big.bin", std::string(101, 'x'));
  const auto files = StaticFiles::load(site(), {.one = 100, .all = 1000});
  EXPECT_EQ(files.find("big.bin"), nullptr);
  EXPECT_THAT(files.left_out(), ElementsAre(Pair("big.bin", LeftOut::too_large)));
  const auto few = StaticFiles::load(site(), {.one = 100, .all = 8});
  EXPECT_EQ(few.count(), 1U);
  EXPECT_THAT(few.left_out(), testing::Contains(Pair(testing::_, LeftOut::no_room)));
}

// W-02: the application's page in its place would hide the fault.
TEST_F(SiteFolder, PageStandsInForNoFileThatIsLeftOut) {
  write("site/big.bin", std::string(101, 'x'));
  fs::create_directory(top_ / "site" / ".git");
  const auto files = StaticFiles::load(site(), {.one = 100, .all = 1000});
  for (const char* path : {"/big.bin", "/.git", "/.git/config"}) EXPECT_EQ(page_of(files, path), std::nullopt) << path;
  for (const char* path : {"/big.bin2", "/big", "/.gitx"}) EXPECT_EQ(page_of(files, path), "page") << path;
}

TEST_F(SiteFolder, ThatIsMissingHasNoFiles) {
  EXPECT_EQ(StaticFiles::load(site() + "/missing").count(), 0U);
  EXPECT_EQ(StaticFiles::load("").count(), 0U);
}

}  // namespace
}  // namespace belfry::gateway

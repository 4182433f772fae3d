#include "gateway/http_routes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>

#include "base/inline_mailboxes.hpp"
#include "base/silent_log_for_tests.hpp"
#include "gateway/bare_api_for_tests.hpp"

namespace belfry::gateway {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class QuietServer : public ServerView {
 public:
  [[nodiscard]] std::size_t connected_users() const override { return names.size(); }
  [[nodiscard]] std::size_t active_calls() const override { return calls; }
  [[nodiscard]] std::vector<std::string> user_names(std::size_t limit) const override {
    return {names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(limit, names.size()))};
  }
  [[nodiscard]] WallTime wall() const override { return {.unix_ms = 1'731'321'000'042}; }
  [[nodiscard]] TimePoint stopwatch() const override { return {}; }
  [[nodiscard]] bool ready() const override { return accepts; }
  [[nodiscard]] ServerNumbers numbers() const override { return {}; }

  std::vector<std::string> names;
  std::size_t calls = 0;
  bool accepts = true;
};

class Routes : public testing::Test {
 protected:
  protocol::HttpAnswer ask(const std::string& line, const std::string& headers = "Host: call.example\r\n") {
    const std::string head = line + " HTTP/1.1\r\n" + headers + "\r\n";
    http::Request request;
    const auto read = http::read_head(as_bytes(head), {}, request);
    EXPECT_TRUE(read && *read) << line;
    HttpRoutes routes(options_, server_, {files_, site_}, counters_, api_->router());
    if (served_ != nullptr) routes.serve_peers(*served_);
    std::optional<protocol::HttpAnswer> answer;
    routes.on_request(request, {}, facts_, [&answer](protocol::HttpAnswer given) { answer = std::move(given); });
    EXPECT_TRUE(answer) << "every request is answered at once";
    return answer.value_or(protocol::HttpAnswer{});
  }
  static std::string header(const protocol::HttpAnswer& answer, std::string_view name) {
    for (const auto& [key, value] : answer.headers)
      if (key == name) return value;
    return {};
  }

  HttpRoutes::Options options_{
      .users = HttpRoutes::UserList::open, .version = "1.2.3", .render_metrics = [](const ServerNumbers& numbers) {
        std::string text;
        for (const RequestCount& count : numbers.requests)
          text += std::string(count.route) + " " + std::to_string(count.status) + "\n";
        return text;
      }};
  QuietServer server_;
  StaticFiles files_, site_;
  HttpCounters counters_;
  protocol::ConnectionFacts facts_;
  std::optional<BareApi> api_{std::in_place};
  PeerRoutes* served_ = nullptr;
};

class StatusPage : public Routes {};

// R-003-01, R-003-02
TEST_F(StatusPage, ShowsStatusLiveNumbersAndTheTime) {
  server_.names = {"alice", "bob", "charlie"};
  server_.calls = 1;
  const auto answer = ask("GET /", "Host: x\r\nAccept: */*\r\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(
      answer.body,
      R"({"status":"WebRTC Signaling Server Running","connectedUsers":3,"activeCalls":1,"timestamp":"2024-11-11T10:30:00.042Z"})");
}

// R-003-03
TEST_F(StatusPage, IsJsonForCurl) { EXPECT_THAT(ask("GET /").content_type, HasSubstr("application/json")); }

// R-003-04
TEST_F(StatusPage, UserListNamesTheConnectedUsers) {
  server_.names = {"charlie", "alice", "bob"};
  EXPECT_EQ(ask("GET /users").body, R"({"connectedUsers":["alice","bob","charlie"],"totalUsers":3})");
  server_.names.clear();
  EXPECT_EQ(ask("GET /users").body, R"({"connectedUsers":[],"totalUsers":0})");
}

// R-003-05
TEST_F(StatusPage, UserListIsClosedWhereCredentialsAreRequired) {
  options_.users = HttpRoutes::UserList::needs_session;
  server_.names = {"alice"};
  const auto answer = ask("GET /users");
  EXPECT_EQ(answer.status, 401);
  EXPECT_THAT(answer.body, HasSubstr(R"("code":"UNAUTHENTICATED")"));
  EXPECT_THAT(answer.body, Not(HasSubstr("alice")));
}

class OperationsRoutes : public Routes {};

TEST_F(OperationsRoutes, HealthStaysGoodAndReadinessEndsDuringADrain) {
  EXPECT_EQ(ask("GET /readyz").status, 200);
  server_.accepts = false;
  EXPECT_EQ(ask("GET /healthz").status, 200);
  EXPECT_THAT(ask("GET /health").body, HasSubstr(R"({"status":"ok","timestamp":"2)")) << "W-002-04";
  const auto answer = ask("GET /readyz");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(header(answer, "Retry-After"), "5");
}

TEST_F(OperationsRoutes, TheVersionNamesTheProtocols) {
  EXPECT_EQ(ask("GET /version").body, R"({"name":"belfry","version":"1.2.3","protocols":{"engine.io":[4,3],"socket.io":[5,4]}})");
}

// R-003-55
TEST_F(OperationsRoutes, MetricsCountRequestsByRouteAndNotByPath) {
  (void)ask("GET /users");
  (void)ask("GET /made-up-by-a-peer");
  const auto answer = ask("GET /metrics");
  EXPECT_THAT(answer.content_type, HasSubstr("text/plain; version=0.0.4"));
  EXPECT_THAT(answer.body, HasSubstr("/users 200\n"));
  EXPECT_THAT(answer.body, HasSubstr("other 404\n"));
  EXPECT_THAT(answer.body, Not(HasSubstr("made-up")));
}

// R-001-06
TEST_F(OperationsRoutes, ApiRequestsAreCountedByRouteTemplate) {
  const Operation greet{
      .path = "/api/people/{id}", .id = "greet", .summary = "", .auth = Auth::none, .act = [](const ApiCallPtr& call) {
        call->succeed(R"("hello")");
      }};
  api_.emplace(Operations{greet});
  EXPECT_EQ(ask("GET /api/people/018f3c1e-7b2a-7cde-9abc-0123456789ab").body, R"({"success":true,"data":"hello"})");
  EXPECT_EQ(ask("GET /api/people/x").status, 400);
  EXPECT_EQ(ask("GET /api/unknown").status, 404);
  EXPECT_EQ(ask("GET /docs").status, 200);
  EXPECT_EQ(ask("GET /healthz").status, 200);
  EXPECT_THAT(ask("GET /metrics").body, HasSubstr("GET /api/people/{id} 200\nGET /api/people/{id} 400\n"));
}

TEST_F(OperationsRoutes, EveryAnswerHasARequestIdInTheFormOfTheApi) {
  for (const char* line : {"GET /healthz", "GET /nowhere", "GET /api/unknown"})
    EXPECT_TRUE(parse_uuid(header(ask(line), "X-Request-Id"))) << line;
}

class WrongAddress : public Routes {};

TEST_F(WrongAddress, AnotherMethodIsAnsweredWithTheAllowedOnes) {
  const auto answer = ask("POST /users");
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(header(answer, "Allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(ask("OPTIONS /users").status, 204);
  EXPECT_EQ(ask("HEAD /users").status, 200);
}

// R-003-57
TEST_F(WrongAddress, ASocketClientAtTheWrongPathGetsTheRightUrlAndTheProtocols) {
  for (const char* line : {"GET /signal/?EIO=4&transport=polling", "POST /chat?transport=polling"}) {
    const auto answer = ask(line);
    EXPECT_EQ(answer.status, 404);
    EXPECT_THAT(answer.body, HasSubstr(R"("url":"http://call.example","path":"/socket.io/")")) << line;
    EXPECT_THAT(answer.body, HasSubstr(R"("engine.io":[4,3])")) << line;
  }
}

// R-003-57
TEST_F(WrongAddress, AWebSocketAtTheWrongPathGetsTheRightUrlToo) {
  const auto answer = ask("GET /ws", "Host: call.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n");
  EXPECT_EQ(answer.status, 404);
  EXPECT_THAT(answer.body, HasSubstr(R"("socketUrl":"http://call.example/socket.io/")"));
}

// R-003-44
TEST_F(WrongAddress, TheUrlHasTheSchemeThatTheClientUses) {
  EXPECT_THAT(ask("GET /x?EIO=4").body, HasSubstr("http://call.example"));
  facts_.secure = true;
  EXPECT_THAT(ask("GET /x?EIO=4").body, HasSubstr("https://call.example"));
}

TEST_F(WrongAddress, AnUnknownApiRouteIsA404InTheEnvelope) {
  const auto answer = ask("GET /api/calls");
  EXPECT_EQ(answer.status, 404);
  EXPECT_THAT(answer.body, testing::StartsWith(R"({"success":false,"message":"Not found","error":{"code":"NOT_FOUND")"));
  EXPECT_FALSE(header(answer, "X-Request-Id").empty());
  EXPECT_THAT(answer.body, HasSubstr("\"requestId\":\"" + header(answer, "X-Request-Id") + "\""));
}

TEST_F(WrongAddress, IsAnsweredWithTheAddressesThatExist) {
  EXPECT_THAT(
      ask("GET /nowhere").body,
      HasSubstr(
          R"("routes":["/","/users","/healthz","/health","/readyz","/metrics","/version","/ringtone.mp3","/avatar.jpg","/chat.png","/avatars/","/peerjs/","/socket.io/","/api/","/user/","/message/","/docs"],"url":"http://call.example")"));
}

TEST_F(WrongAddress, PlannedRoutesAreNotThereYet) {
  for (const char* path : {"GET /doctor", "GET /admin", "GET /test/clock", "GET /timeline"})
    EXPECT_EQ(ask(path).status, 404) << path;
}

/// Peers of nobody.
class PeerAddresses : public Routes {
 protected:
  class NoSockets final : public peers::PeerOutput {
    void send(peers::PeerSocket, std::string_view) override {}
    void close(peers::PeerSocket) override {}
  };
  class StillClock final : public Clock {
    [[nodiscard]] TimePoint now() const override { return {}; }
    [[nodiscard]] WallTime wall() const override { return {}; }
  };
  PeerAddresses() { served_ = &peer_routes_; }

  InlineMailboxes mailboxes_;
  StillClock clock_;
  ZeroRandom random_;
  NoSockets no_sockets_;
  PeerJsSettings peer_settings_;
  peers::SharedPeers shared_peers_{1, {}};
  peers::Peers peers_{0, shared_peers_, {mailboxes_, clock_, no_sockets_}};
  PeerRoutes peer_routes_{peer_settings_, peers_, clock_, random_};
};

// W-004-09
TEST_F(PeerAddresses, AreAnsweredAndCountedBesideTheOthers) {
  const auto answer = ask("GET /peerjs/id");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body.size(), 36U);
  EXPECT_FALSE(header(answer, "X-Request-Id").empty());
  EXPECT_EQ(ask("GET /peerjs/nonsense").status, 404);
  EXPECT_THAT(ask("GET /metrics").body, AllOf(HasSubstr("/peerjs/ 200\n"), HasSubstr("/peerjs/ 404\n")));
}

TEST(StaticFiles, AreReadFromAFolderExceptHiddenOnes) {
  const std::string folder = testing::TempDir() + "belfry_static_files_test";
  std::filesystem::create_directories(folder + "/app/.git");
  std::ofstream(folder + "/app/a.css") << "p{}";
  std::ofstream(folder + "/app/.git/config") << "no";
  std::ofstream(folder + "/app/.hidden") << "no";
  const StaticFiles files = StaticFiles::load(folder);
  EXPECT_EQ(files.count(), 1U);
  ASSERT_NE(files.find("app/a.css"), nullptr);
  EXPECT_EQ(files.find("app/a.css")->content_type, "text/css; charset=utf-8");
  EXPECT_EQ(StaticFiles::load(folder + "/not there").count(), 0U);
  std::filesystem::remove_all(folder);
}

// K11, R-004-63, W-004-19
TEST_F(Routes, RingtoneAndDefaultPictureAreForAnybodyInParts) {
  files_.add("public/ringtone.mp3", "0123456789");
  files_.add("public/avatar.jpg", "jpeg");
  files_.add("public/avatars/default.svg", "<svg/>");
  const auto whole = ask("GET /ringtone.mp3");
  EXPECT_EQ(whole.status, 200);
  EXPECT_EQ(whole.content_type, "audio/mpeg");
  EXPECT_EQ(header(whole, "Cache-Control"), "public, max-age=86400");
  EXPECT_EQ(header(whole, "Accept-Ranges"), "bytes");
  const auto part = ask("GET /ringtone.mp3", "Host: x\r\nRange: bytes=0-1\r\n");
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, "01");
  EXPECT_EQ(header(part, "Content-Range"), "bytes 0-1/10");
  EXPECT_EQ(ask("GET /ringtone.mp3", "Host: x\r\nRange: bytes=10-\r\n").status, 416);
  EXPECT_EQ(ask("GET /avatar.jpg").content_type, "image/jpeg");
  EXPECT_EQ(ask("GET /avatars/default.svg").content_type, "image/svg+xml");
  EXPECT_EQ(ask("GET /avatars/other.svg").status, 404);
  EXPECT_EQ(ask("GET /chat.png").status, 404) << "not built";
  EXPECT_EQ(ask("POST /ringtone.mp3").status, 405);
}

// W-004-19, SPEC 2.11 S16
TEST_F(Routes, FileOfTheSiteComesBeforeOurs) {
  files_.add("public/ringtone.mp3", "ours");
  site_.add("ringtone.mp3", "theirs");
  EXPECT_EQ(ask("GET /ringtone.mp3").body, "theirs");
}

}  // namespace
}  // namespace belfry::gateway

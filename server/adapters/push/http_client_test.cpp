#include "adapters/push/http_client.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>
#include <thread>

#include "base/check.hpp"

namespace belfry::push {
namespace {

using namespace std::chrono_literals;

const std::string kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const std::string kPartOfAnAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok";

/// A host on a loopback port. Each connection that it accepts answers as many requests as the script says, reads another one, and
/// closes; with `last` it answers so to that one before it closes.
class ScriptedHost {
 public:
  explicit ScriptedHost(std::vector<int> answers, std::string answer = kAnswer, std::string last = {})
      : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
        answer_(std::move(answer)),
        last_(std::move(last)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const plain = reinterpret_cast<sockaddr*>(&address);
    CHECK(::bind(listener_, plain, size) == 0 && ::listen(listener_, 8) == 0, "a loopback port");
    CHECK(::getsockname(listener_, plain, &size) == 0, "its number");
    port_ = ntohs(address.sin_port);
    if (!answers.empty()) thread_ = std::thread([this, answers = std::move(answers)] { serve(answers); });
  }
  ~ScriptedHost() {
    ::shutdown(listener_, SHUT_RDWR);
    if (thread_.joinable()) thread_.join();
    ::close(listener_);
  }
  ScriptedHost(const ScriptedHost&) = delete;
  ScriptedHost& operator=(const ScriptedHost&) = delete;
  [[nodiscard]] std::string url(const std::string& host = "127.0.0.1") const {
    return "http://" + host + ":" + std::to_string(port_) + "/push";
  }
  [[nodiscard]] int requests() const { return requests_; }

 private:
  void serve(const std::vector<int>& answers) {
    for (const int count : answers) {
      const int peer = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (peer < 0) return;
      int answered = 0;
      while (read_request(peer)) {
        const std::string& answer = answered < count ? answer_ : last_;
        ::send(peer, answer.data(), answer.size(), MSG_NOSIGNAL);
        if (++answered > count) break;
      }
      ::close(peer);
    }
  }
  /// The body is "x", so a request ends with it.
  bool read_request(int peer) {
    std::string request;
    char bytes[1024];
    while (!request.ends_with("\r\n\r\nx")) {
      const auto got = ::recv(peer, bytes, sizeof bytes, 0);
      if (got <= 0) return false;
      request.append(bytes, static_cast<std::size_t>(got));
    }
    ++requests_;
    return true;
  }

  int listener_;
  int port_ = 0;
  const std::string answer_, last_;
  std::atomic<int> requests_{0};
  std::thread thread_;
};

std::future<HttpResult> send(HttpClient& client, const std::string& url, std::optional<Duration> left = {}) {
  auto promise = std::make_shared<std::promise<HttpResult>>();
  client.post([&client, url, left, promise] {
    client.send({.url = url, .body = "x", .left = left}, [promise](const HttpResult& result) { promise->set_value(result); });
  });
  return promise->get_future();
}

TEST(HttpClient, AnswerComesWithItsStatusBodyAndRetryAfter) {
  ScriptedHost host({1}, "HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 4\r\n\r\nbusy");
  HttpClient client({});
  const auto result = send(client, host.url()).get();
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->status, 429);
  EXPECT_EQ(result->body, "busy");
  EXPECT_EQ(result->retry_after, 7s);
  EXPECT_GT(result->took, Duration{});
}

TEST(HttpClient, ConnectionIsKept) {
  ScriptedHost host({2});
  HttpClient client({});
  for (int i = 0; i < 2; ++i) EXPECT_EQ(send(client, host.url()).get()->status, 200);
}

TEST(HttpClient, RequestOnAKeptConnectionThatBreaksIsSentOnceMore) {
  ScriptedHost host({1, 1});
  HttpClient client({});
  EXPECT_EQ(send(client, host.url()).get()->status, 200);
  EXPECT_EQ(send(client, host.url()).get()->status, 200);
  EXPECT_EQ(host.requests(), 3);
}

TEST(HttpClient, RequestOnANewConnectionThatBreaksIsNotRepeated) {
  ScriptedHost host({0, 1});
  HttpClient client({});
  EXPECT_EQ(send(client, host.url()).get().error(), HttpFault::unreachable);
  EXPECT_EQ(host.requests(), 1);
}

// A push that was taken must not ring a second time.
TEST(HttpClient, RequestThatWasAnsweredInPartIsNotRepeated) {
  ScriptedHost host({1, 0}, kAnswer, kPartOfAnAnswer);
  HttpClient client({});
  EXPECT_EQ(send(client, host.url()).get()->status, 200);
  const auto second = send(client, host.url()).get();
  EXPECT_EQ(host.requests(), 2);
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->status, 200);
}

TEST(HttpClient, HostThatFallsSilentInItsAnswerHasAnswered) {
  ScriptedHost host({1}, kPartOfAnAnswer);
  HttpClient client({.timeout = 50ms});
  const auto result = send(client, host.url()).get();
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->status, 200);
}

// J-6.6
TEST(HttpClient, SilentHostTimesOut) {
  ScriptedHost host({});
  HttpClient client({.timeout = 50ms});
  EXPECT_EQ(send(client, host.url()).get().error(), HttpFault::timeout);
}

// J-6.6
TEST(HttpClient, RequestTakesNoLongerThanIsLeftOfItsTry) {
  ScriptedHost host({});
  HttpClient client({.timeout = 1h});
  for (const Duration left : {Duration{50ms}, Duration{}})
    EXPECT_EQ(send(client, host.url(), left).get().error(), HttpFault::timeout);
}

// J-6.2: checked where the connection is made, whatever the name resolved to.
TEST(HttpClient, UsersEndpointOnAPrivateAddressIsNotConnectedTo) {
  ScriptedHost host({1});
  HttpClient client({.hosts = webpush::AllowedHosts::public_only});
  for (const auto* name : {"127.0.0.1", "localhost"})
    EXPECT_EQ(send(client, host.url(name)).get().error(), HttpFault::forbidden) << name;
  EXPECT_EQ(host.requests(), 0);
}

TEST(HttpClient, RequestsThatAreOpenWhenItEndsAreUnreachable) {
  ScriptedHost host({});
  std::future<HttpResult> open;
  {
    HttpClient client({});
    open = send(client, host.url());
    std::promise<void> sent;
    client.post([&] { sent.set_value(); });
    sent.get_future().wait();
  }
  EXPECT_EQ(open.get().error(), HttpFault::unreachable);
}

}  // namespace
}  // namespace belfry::push

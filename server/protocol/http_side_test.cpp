// A connection's HTTP life: order of answers, limits, time-outs, CORS, TLS redirects.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/cost_for_tests.hpp"
#include "protocol/world_for_tests.hpp"

namespace belfry::protocol::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class HttpLife : public ::testing::Test {
 protected:
  World world;
};

TEST_F(HttpLife, PipelinedRequestsAreAnsweredInTheirOrder) {
  Peer& client = world.connect();
  world.send(client, "GET /later HTTP/1.1\r\nHost: h\r\n\r\nGET /second HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(client.take(), "");
  world.shard().routes.held.front()({.body = "first"});
  world.run_tasks();
  const std::string answers = client.take();
  EXPECT_LT(answers.find("first"), answers.find("/second"));
  EXPECT_NE(answers.find("/second"), std::string::npos);
}

TEST_F(HttpLife, PipelinedRequestsBeyondATurnAreServedInTheNextOne) {
  Peer& client = world.connect();
  world.shard().messages_a_turn = 3;
  std::string requests;
  for (int i = 0; i < 10; ++i) requests += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: h\r\n\r\n";
  world.send(client, requests);
  EXPECT_EQ(world.shard().turns_over, 3);
  const std::string answers = client.take();
  for (int i = 0; i < 10; ++i) EXPECT_NE(answers.find("GET /" + std::to_string(i)), std::string::npos) << i;
}

TEST_F(HttpLife, PipelinedRequestsWaitUntilThePeerHasReadEnoughOfTheEarlierAnswers) {
  Peer& client = world.connect();
  world.shard().room = 100;
  std::string requests;
  for (int i = 0; i < 3; ++i) requests += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: h\r\n\r\n";
  world.send(client, requests);
  for (int i = 0; i < 3; ++i) {
    const std::string answers = client.take();
    EXPECT_THAT(answers, HasSubstr("GET /" + std::to_string(i)));
    EXPECT_EQ(answers.find("HTTP/1.1"), answers.rfind("HTTP/1.1")) << "one answer at a time";
    world.shard().show_unread(client.id);
    world.run_tasks();
  }
  EXPECT_EQ(client.take(), "");
}

TEST_F(HttpLife, LongAnswerLeavesAsItsClientReads) {
  Peer& client = world.connect();
  world.shard().room = 100'000;
  std::string bytes(2'000'000, 'x');
  for (std::size_t at = 0; at < bytes.size(); at += 1000) bytes[at] = static_cast<char>('a' + at / 1000 % 26);
  world.shard().routes.long_answer = std::make_shared<const std::string>(bytes);
  world.send(client, "GET /long HTTP/1.1\r\nHost: h\r\n\r\nGET /next HTTP/1.1\r\nHost: h\r\n\r\n");
  std::string all;
  for (int turn = 0; turn < 40 && all.find("GET /next") == std::string::npos; ++turn) {
    EXPECT_LT(client.received.size(), 400'000U) << "a piece at a time";
    all += client.take();
    world.shard().show_unread(client.id);
    world.run_tasks();
  }
  const std::size_t body = all.find("\r\n\r\n") + 4;
  EXPECT_THAT(all, HasSubstr("Content-Length: 1999999\r\n"));
  EXPECT_TRUE(all.compare(body, 1'999'999, bytes, 1, std::string::npos) == 0);
  EXPECT_THAT(all.substr(body + 1'999'999), HasSubstr("GET /next"));
}

TEST_F(HttpLife, HeadOfALongAnswerHasNoBody) {
  Peer& client = world.connect();
  world.shard().routes.long_answer = std::make_shared<const std::string>("12345");
  world.send(client, "HEAD /long HTTP/1.1\r\nHost: h\r\n\r\n");
  const std::string head = client.take();
  EXPECT_THAT(head, HasSubstr("Content-Length: 4\r\n"));
  EXPECT_TRUE(head.ends_with("\r\n\r\n"));
}

// SPEC K48
TEST_F(HttpLife, BodyMayBeLongerWhereTheHandlerSaysSo) {
  world.http.limits.max_body = 1000;
  EXPECT_THAT(world.post(world.connect(), "/other", std::string(1001, 'x')), StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(world.post(world.connect(), "/upload", std::string(100'000, 'x')), StartsWith("HTTP/1.1 200"));
  const std::string refused = world.post(world.connect(), "/upload", std::string(100'001, 'x'));
  EXPECT_THAT(refused, StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(refused, HasSubstr("At most 100 kB"));
  Peer& slow = world.connect();
  world.send(slow, "POST /upload HTTP/1.1\r\nHost: h\r\nContent-Length: 50000\r\n\r\n");
  for (int i = 0; i < 50; ++i) world.send(slow, std::string(1000, 'x'));
  EXPECT_THAT(slow.take(), StartsWith("HTTP/1.1 200"));
}

TEST_F(HttpLife, AnAnswerForAConnectionThatIsGoneIsDropped) {
  Peer& client = world.connect();
  world.get(client, "/later");
  world.lose(client);
  world.shard().routes.held.front()({.body = "late"});
  EXPECT_EQ(client.take(), "");
}

TEST_F(HttpLife, AnAnswerIsOwedToARequestBeingServedButNotToAWaitingPoll) {
  Peer& client = world.connect();
  world.get(client, "/later");
  EXPECT_TRUE(world.shard().endpoint->owes_answer(client.id));
  world.shard().routes.held.front()({.body = "now"});
  world.run_tasks();
  EXPECT_FALSE(world.shard().endpoint->owes_answer(client.id));
  Peer& poller = world.connect();
  const std::string opened = world.get(poller, "/socket.io/?EIO=4&transport=polling");
  world.get(poller, "/socket.io/?EIO=4&transport=polling&sid=" + text_member(opened, "sid"));
  EXPECT_FALSE(world.shard().endpoint->owes_answer(poller.id));
}

TEST_F(HttpLife, ARequestByteByByteIsOneRequest) {
  Peer& client = world.connect();
  for (const char byte : std::string("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi"))
    world.send(client, std::string(1, byte));
  EXPECT_THAT(client.take(), HasSubstr("POST /x hi"));
}

/// Shows the server each prefix of what the client sends, as net/ does when every byte comes in a packet of its own.
class DripCost : public HttpLife {
 protected:
  void drip(const std::string& request) {
    Peer& client = world.connect();
    for (std::size_t size = 1; size <= request.size() && client.open; ++size) {
      // The server never writes into a request that is not whole.
      auto* const begin = reinterpret_cast<std::byte*>(const_cast<char*>(request.data()));
      world.shard().endpoint->on_bytes(client.id, {begin, size});
    }
    answer = client.take();
    world.lose(client);
  }
  std::string answer;
};

// Each segment must not be parsed from the start of the body: that cost 0.76 ms for six bytes.
TEST_F(DripCost, OfAChunkedBodyIsLinear) {
  const auto drops = [](std::size_t count) {
    std::string request = "POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (std::size_t i = 0; i < count; ++i) request += "1\r\nx\r\n";
    return request + "0\r\n\r\n";
  };
  EXPECT_LT(belfry::testing::growth(250, drops, [this](const std::string& request) { drip(request); }),
            belfry::testing::kStillLinear);
  EXPECT_THAT(answer, HasSubstr("POST /x xxx"));
}

TEST_F(DripCost, OfTrailersIsLinear) {
  const auto trailers = [](std::size_t count) {
    return "POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: " + std::string(count, '\r');
  };
  EXPECT_LT(belfry::testing::growth(1'500, trailers, [this](const std::string& request) { drip(request); }),
            belfry::testing::kStillLinear);
}

TEST_F(DripCost, OfABodyByLengthIsLinearAndReadsItsHeadOnce) {
  const auto body = [](std::size_t count) {
    return "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(count) + "\r\n\r\n" + std::string(count, 'x');
  };
  EXPECT_LT(belfry::testing::growth(1'000, body, [this](const std::string& request) { drip(request); }),
            belfry::testing::kStillLinear);
  const auto under_heads = [](std::size_t head) {
    return "POST /x HTTP/1.1\r\nHost: h\r\nA: " + std::string(head, 'a') + "\r\nContent-Length: 8000\r\n\r\n" +
           std::string(8'000, 'x');
  };
  const auto cost = [&](std::size_t head) {
    return belfry::testing::cost_of([&, request = under_heads(head)] { drip(request); });
  };
  if (belfry::testing::kMeasures) {
    EXPECT_LT(cost(15'000), 10 * cost(1));
  }
}

TEST_F(DripCost, OfAHeadIsLinear) {
  for (const std::string start : {"", "GET /", "GET / HTTP/1.1\r\nA: "}) {
    for (const std::string filling : {"\r", "\r\n", "a", "a: b\r\n"}) {
      const auto head = [&](std::size_t count) {
        std::string request = start;
        while (request.size() < count) request += filling;
        return request;
      };
      EXPECT_LT(belfry::testing::growth(1'000, head, [this](const std::string& request) { drip(request); }),
                belfry::testing::kStillLinear)
          << start << " then " << filling;
    }
  }
}

TEST_F(HttpLife, AHeadThatTakesTooLongIsAnsweredWith408) {
  Peer& client = world.connect();
  world.send(client, "GET / HT");
  world.advance(10s);
  EXPECT_THAT(client.take(), StartsWith("HTTP/1.1 408"));
  EXPECT_FALSE(client.open);
}

// R-001-17, QA-52
TEST_F(HttpLife, ARefusalBeforeAnyRouteIsWrittenByTheWriterAndNamesItsRequest) {
  Peer& client = world.connect();
  world.send(client, "POST /api/calls HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n");
  const std::string answer = client.take();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 413"));
  constexpr std::string_view kHeader = "X-Request-Id: ";
  constexpr std::size_t kUuidLength = 36;
  const std::string id = answer.substr(answer.find(kHeader) + kHeader.size(), kUuidLength);
  EXPECT_THAT(id, StartsWith("018bcfe5-6800-7")) << "of version 7: it begins with the time";
  EXPECT_THAT(answer, HasSubstr("\r\n\r\nThe request body is too large #" + id));
}

// RFC 9110 15: one code of ours stands for several statuses.
TEST_F(HttpLife, AnUnreadableRequestIsRefusedWithTheStatusThatHttpDefines) {
  const auto status_of = [&](const std::string& request) {
    Peer& client = world.connect();
    world.send(client, request);
    return client.take().substr(9, 3);
  };
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\n\r\n"), "400");
  EXPECT_EQ(status_of("GET /" + std::string(9'000, 'x') + " HTTP/1.1\r\nHost: h\r\n\r\n"), "414");
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: h\r\nA: " + std::string(17'000, 'x') + "\r\n\r\n"), "431");
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n"), "501");
  EXPECT_EQ(status_of("GET / HTTP/2.0\r\nHost: h\r\n\r\n"), "505");
}

TEST_F(HttpLife, ABodyThatTakesTooLongIsAnsweredWith408) {
  Peer& client = world.connect();
  world.send(client, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc");
  world.advance(29s);
  EXPECT_TRUE(client.open);
  world.advance(1s);
  EXPECT_THAT(client.take(), StartsWith("HTTP/1.1 408"));
}

TEST_F(HttpLife, ARequestThatIsStillComingWhenTheServerDrainsIsTheLastOfItsConnection) {
  Peer& client = world.connect();
  world.send(client, "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nhe");
  world.shard().endpoint->on_drain();
  EXPECT_TRUE(client.open);
  world.send(client, "re");
  const std::string answer = client.take();
  EXPECT_THAT(answer, HasSubstr("Connection: close"));
  EXPECT_THAT(answer, HasSubstr("POST /x here"));
  EXPECT_FALSE(client.open);
}

TEST_F(HttpLife, AHeaderFloodIsAnsweredWith431) {
  Peer& client = world.connect();
  world.send(client, "GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(20'000, 'x'));
  EXPECT_THAT(client.take(), StartsWith("HTTP/1.1 431"));
  EXPECT_FALSE(client.open);
}

TEST_F(HttpLife, FloodingBehindAnUnansweredRequestEndsTheConnection) {
  Peer& client = world.connect();
  world.get(client, "/later");
  for (int i = 0; i < 3; ++i) world.send(client, std::string(30'000, 'x'));
  EXPECT_FALSE(client.open);
}

TEST_F(HttpLife, HeadGetsTheHeadersOfTheGetAndNoBody) {
  Peer& client = world.connect();
  world.send(client, "HEAD /x HTTP/1.1\r\nHost: h\r\n\r\n");
  const std::string answer = client.take();
  EXPECT_THAT(answer, HasSubstr("Content-Length: 8"));
  EXPECT_THAT(answer, Not(HasSubstr("HEAD /x")));
}

// R-003-42, C-17
TEST_F(HttpLife, InDevAnyOriginIsEchoedWithCredentials) {
  world.http.cors.mode = CorsPolicy::Mode::echo_any;
  Peer& client = world.connect();
  world.send(
      client,
      "OPTIONS /socket.io/ HTTP/1.1\r\nHost: h\r\nOrigin: http://a.example\r\nAccess-Control-Request-Method: POST\r\n\r\n");
  const std::string answer = client.take();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 204"));
  EXPECT_THAT(answer, HasSubstr("Access-Control-Allow-Origin: http://a.example\r\nAccess-Control-Allow-Credentials: true"));
  EXPECT_THAT(answer, HasSubstr("GET, POST"));
}

// R-003-43, C-17
TEST_F(HttpLife, InProductionAForeignOriginGetsNeitherCorsNorAHandshake) {
  world.http.cors.allowed = {"https://yourdomain.com"};
  EXPECT_THAT(world.get(world.connect(), "/", "Origin: https://yourdomain.com\r\n"),
              HasSubstr("Allow-Origin: https://yourdomain.com"));
  EXPECT_THAT(world.get(world.connect(), "/", "Origin: https://evil.com\r\n"), Not(HasSubstr("Access-Control")));
  EXPECT_THAT(world.get(world.connect(), "/socket.io/?EIO=4&transport=polling", "Origin: https://evil.com\r\n"),
              StartsWith("HTTP/1.1 403"));
  EXPECT_THAT(world.get(world.connect(), "/socket.io/?EIO=4&transport=polling", "Origin: https://yourdomain.com\r\n"),
              StartsWith("HTTP/1.1 200"));
}

TEST_F(HttpLife, PlainBytesOnATlsListenerAreSentToHttps) {
  ConnectionFacts facts;
  facts.should_be_secure = true;
  const std::string answer = world.get(world.connect(0, facts), "/users?x=1");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 308"));
  EXPECT_THAT(answer, HasSubstr("Location: https://here/users?x=1"));
}

TEST_F(HttpLife, SecureAnswersCarryHsts) {
  ConnectionFacts facts;
  facts.secure = true;
  EXPECT_THAT(world.get(world.connect(0, facts), "/"), HasSubstr("Strict-Transport-Security: max-age="));
}

// R-004-68
TEST_F(HttpLife, ATrustedProxyReportsWhetherItIsHttps) {
  const std::string forwarded = "X-Forwarded-Proto: https\r\n";
  EXPECT_THAT(world.get(world.connect(), "/", forwarded), Not(HasSubstr("Strict-Transport-Security")));
  world.http.forwarded = Forwarded::believed;
  EXPECT_THAT(world.get(world.connect(), "/", forwarded), HasSubstr("Strict-Transport-Security: max-age="));
  EXPECT_THAT(world.get(world.connect(), "/", "X-Forwarded-Proto: http\r\n"), Not(HasSubstr("Strict-Transport-Security")));
  EXPECT_THAT(world.get(world.connect(), "/", forwarded + "Origin: http://here\r\n"), Not(HasSubstr("Access-Control")));
  EXPECT_THAT(world.get(world.connect(), "/", forwarded + "Origin: https://here\r\n"),
              HasSubstr("Access-Control-Allow-Origin: https://here"));
}

// R-004-68
TEST_F(HttpLife, RoutesLearnThatATrustedProxyTookTheTlsOff) {
  EXPECT_THAT(world.get(world.connect(), "/scheme", "X-Forwarded-Proto: https\r\n"), HasSubstr("plain"));
  world.http.forwarded = Forwarded::believed;
  EXPECT_THAT(world.get(world.connect(), "/scheme", "X-Forwarded-Proto: https\r\n"), HasSubstr("secure"));
  EXPECT_THAT(world.get(world.connect(), "/scheme"), HasSubstr("plain"));
}

// R-004-68
TEST_F(HttpLife, AnswersThatAreNoPagesForbidFramesAndContent) {
  for (const std::string target : {"/", "/socket.io/?EIO=4&transport=polling", "/socket.io/?EIO=9"}) {
    const std::string answer = world.get(world.connect(), target);
    EXPECT_THAT(answer, HasSubstr("Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n")) << target;
    EXPECT_THAT(answer, HasSubstr("Referrer-Policy: same-origin\r\n")) << target;
    EXPECT_THAT(answer, HasSubstr("X-Content-Type-Options: nosniff\r\n")) << target;
  }
}

TEST_F(HttpLife, SmugglingAttemptsAreRefusedAndTheConnectionEnds) {
  Peer& client = world.connect();
  world.send(client,
             "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /evil "
             "HTTP/1.1\r\nHost: h\r\n\r\n");
  const std::string answer = client.take();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(answer, Not(HasSubstr("/evil")));
  EXPECT_FALSE(client.open);
}

}  // namespace
}  // namespace belfry::protocol::testing

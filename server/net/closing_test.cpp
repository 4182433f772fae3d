// How connections end: by the Handler, by a Handler that throws, and by a peer that has shut down its side.
#include "net/loopback_for_tests.hpp"

namespace belfry::net {
namespace {

using namespace std::chrono_literals;
using namespace loopback;
using protocol::ConnectionId;
using protocol::Ending;

/// Notes each word and says it back when the time comes, as a store's answer does.
struct LateEcho {
  explicit LateEcho(Scripted& handler) {
    handler.bytes = [this, &handler](ConnectionId id, MutableBytes input) {
      waiting.emplace_back(id, as_text(input));
      handler.context.mailboxes.post(0, [this, &handler] { answer(handler); });
      return input.size();
    };
    handler.owes = [this](ConnectionId) { return !waiting.empty(); };
    handler.closed = [this](ConnectionId) { ++closed; };
  }
  void answer(Scripted& handler) {
    if (!may_answer) return handler.context.mailboxes.post(0, [this, &handler] { answer(handler); });
    for (const auto& [id, word] : std::exchange(waiting, {})) {
      handler.context.link.output(id) += word;
      handler.context.link.show_unread(id);
    }
  }
  std::vector<std::pair<ConnectionId, std::string>> waiting;
  std::atomic<bool> may_answer{false};
  std::atomic<int> closed{0};
};

TEST(HalfClosed, APeerGetsItsPendingAnswerBeforeTheClose) {
  std::unique_ptr<LateEcho> echo;
  const Running running({}, [&](Scripted& handler) { echo = std::make_unique<LateEcho>(handler); });
  const Peer peer(running.port());
  peer.send("ring");
  peer.finish();
  ASSERT_TRUE(eventually([&] { return running.stats().recv_calls >= 2; }));
  EXPECT_EQ(echo->closed, 0);
  echo->may_answer = true;
  EXPECT_EQ(peer.receive_to_the_end(), "ring");
  EXPECT_TRUE(eventually([&] { return running.stats().open == 0; }));
  EXPECT_EQ(echo->closed, 1);
}

TEST(HalfClosed, APeerThatResetsIsNotWaitedFor) {
  std::unique_ptr<LateEcho> echo;
  const Running running({}, [&](Scripted& handler) { echo = std::make_unique<LateEcho>(handler); });
  Peer peer(running.port());
  peer.send("ring");
  peer.finish();
  ASSERT_TRUE(eventually([&] { return running.stats().recv_calls >= 2; }));
  constexpr linger kReset{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(peer.descriptor(), SOL_SOCKET, SO_LINGER, &kReset, sizeof kReset);
  peer.leave();
  EXPECT_TRUE(eventually([&] { return running.stats().open == 0; }));
}

TEST(Closing, AfterFlushSendsEverythingThoughTheRequestWasNotReadToItsEnd) {
  std::atomic<int> closed{0};
  const Running running({}, [&](Scripted& handler) {
    answer_and_close(handler, std::string(2'000'000, 'e'), Ending::after_flush);
    handler.closed = [&](ConnectionId) { ++closed; };
  });
  Peer peer(running.port());
  std::thread speaker([&] { peer.send(std::string(2'000'000, 'b')); });
  EXPECT_EQ(peer.receive_to_the_end().size(), 2'000'000U);
  speaker.join();
  peer.leave();
  EXPECT_TRUE(eventually([&] { return running.stats().open == 0; }));
  EXPECT_EQ(closed, 0);
}

// The peer's FIN right behind bytes that are discarded must not be missed: the slot would stay taken for linger_time, which
// is longer here than the test waits.
TEST(Closing, NoticesThePeersShutdownBehindDiscardedBytes) {
  ServerConfig config;
  config.linger_time = 1h;
  const Running running(config, [](Scripted& handler) { answer_and_close(handler, "bye", Ending::after_flush); });
  for (int i = 0; i < 100; ++i) {
    const Peer peer(running.port());
    peer.send("x");
    ASSERT_EQ(peer.receive_to_the_end(), "bye");
    peer.send("more");
    peer.finish();
    ASSERT_TRUE(eventually([&] { return running.stats().open == 0; }));
  }
}

TEST(Closing, AtOnceDropsUnsentBytes) {
  const Running running({}, [](Scripted& handler) { answer_and_close(handler, "never", Ending::at_once); });
  const Peer peer(running.port());
  peer.send("x");
  EXPECT_EQ(peer.receive_to_the_end(), "");
}

TEST(Closing, AnswersAPeerThatSentAllAndShutDown) {
  const Running running;
  const Peer peer(running.port());
  peer.send("last words");
  peer.finish();
  EXPECT_EQ(peer.receive_to_the_end(), "last words");
}

TEST(Closing, ExceptionOfAHandlerClosesThatConnectionOnly) {
  std::atomic<int> closed{0};
  Running running({}, [&](Scripted& handler) {
    handler.bytes = [&handler](ConnectionId id, MutableBytes input) {
      if (as_text(input) == "bad") throw std::runtime_error("a bug");
      handler.context.link.output(id).append(as_text(input));
      return input.size();
    };
    handler.closed = [&](ConnectionId) { ++closed; };
  });
  const Peer good(running.port());
  const Peer bad(running.port());
  bad.send("bad");
  EXPECT_TRUE(bad.was_ended());
  good.send("good");
  EXPECT_EQ(good.receive(4), "good");
  EXPECT_EQ(closed, 1);
  EXPECT_EQ(running.stats().handler_exceptions, 1U);
  EXPECT_EQ(running.log.lines, 1);
}

}  // namespace
}  // namespace belfry::net

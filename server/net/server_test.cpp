#include "net/server.hpp"

#include <netinet/tcp.h>

#include <set>

#include "net/listener.hpp"
#include "net/loopback.hpp"
#include "net/steady_clock.hpp"

namespace belfry::net {
namespace {

using namespace std::chrono_literals;
using namespace loopback;
using session::ConnectionId;
using session::Ending;

ServerConfig with_threads(unsigned threads) {
  ServerConfig config;
  config.threads = threads;
  return config;
}

TEST(Server, EchoesOnOneShard) {
  const Running running;
  const Peer peer(running.port());
  peer.say("hello");
  EXPECT_EQ(peer.hear(5), "hello");
}

TEST(Server, SpreadsAThousandConnectionsOverThreeShards) {
  const Running running(with_threads(3));
  std::vector<std::unique_ptr<Peer>> peers;
  for (int i = 0; i < 1000; ++i) peers.push_back(std::make_unique<Peer>(running.port()));
  for (const auto& peer : peers) peer->say("ring");
  for (const auto& peer : peers) ASSERT_EQ(peer->hear(4), "ring");
  EXPECT_EQ(running.stats().open, 1000U);
  peers.clear();
  EXPECT_TRUE(eventually([&] { return running.stats().open == 0; }));
}

TEST(Server, MakesHandlersInIndexOrder) {
  std::vector<int> order;
  const Running running(with_threads(4), [&](Scripted& handler) { order.push_back(handler.context.index); });
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3}));
}

TEST(Server, ReportsATakenPortEvenWithASharedListener) {
  const Running first(with_threads(2));
  auto config = with_threads(2);
  config.port = first.port();
  SilentLog log;
  const auto second = Server::start(config, [](const ShardContext& context) { return std::make_unique<Scripted>(context); }, log);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().find("another program listens"), std::string::npos) << second.error();
}

// A client that connects while the server is still being set up is not served before go().
TEST(Server, RunsPostedTasksBeforeItAcceptsTheFirstConnection) {
  std::atomic<bool> posted_ran{false}, served_too_early{false}, served{false};
  SilentLog log;
  auto config = with_threads(2);
  config.port = 0;
  auto server = Server::open(
      config,
      [&](const ShardContext& context) {
        auto handler = std::make_unique<Scripted>(context);
        handler->opened = [&](ConnectionId, const session::ConnectionFacts&) {
          if (!posted_ran) served_too_early = true;
          served = true;
        };
        return handler;
      },
      log);
  ASSERT_TRUE(server) << server.error();
  const Peer early((*server)->port());
  for (ShardIndex shard = 0; shard < 2; ++shard) (*server)->mailboxes().post(shard, [&] { posted_ran = true; });
  (*server)->go();
  EXPECT_TRUE(eventually([&] { return served.load(); }));
  EXPECT_FALSE(served_too_early);
}

TEST(Server, EndsCleanlyIfItNeverStartedToServe) {
  SilentLog log;
  auto config = with_threads(2);
  config.port = 0;
  const auto server = Server::open(config, [](const ShardContext& context) { return std::make_unique<Scripted>(context); }, log);
  EXPECT_TRUE(server);
}

TEST(Server, DoesNotStartWhenAHandlerCannotBeMade) {
  SilentLog log;
  auto config = with_threads(2);
  config.port = 0;
  const auto server = Server::start(
      config,
      [](const ShardContext& context) -> std::unique_ptr<session::Handler> {
        if (context.index == 1) throw std::runtime_error("no store");
        return std::make_unique<Scripted>(context);
      },
      log);
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error(), "no store");
}

TEST(Server, PassesThePeersAddressToTheHandler) {
  std::atomic<int> last_byte{0};
  const Running running({}, [&](Scripted& handler) {
    handler.opened = [&](ConnectionId, const session::ConnectionFacts& facts) {
      if (facts.address[10] == 0xff && facts.address[11] == 0xff && facts.address[12] == 127) last_byte = facts.address[15];
    };
  });
  const Peer peer(running.port(), "127.0.0.9");
  EXPECT_TRUE(eventually([&] { return last_byte == 9; }));
}

TEST(Server, AcceptedSocketsInheritNoDelayFromTheListener) {
  auto listener = Listener::open("127.0.0.1", 0, Sharing::alone, 8);
  ASSERT_TRUE(listener);
  const Peer peer(listener->port());
  Arrival arrival;
  ASSERT_TRUE(eventually([&] { return (arrival = listener->accept()).outcome == Arrival::Outcome::connected; }));
  int no_delay = 0;
  socklen_t size = sizeof no_delay;
  ::getsockopt(arrival.descriptor.get(), IPPROTO_TCP, TCP_NODELAY, &no_delay, &size);
  EXPECT_NE(no_delay, 0);
}

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
  peer.say("ring");
  peer.finish();
  ASSERT_TRUE(eventually([&] { return running.stats().recv_calls >= 2; }));
  EXPECT_EQ(echo->closed, 0);
  echo->may_answer = true;
  EXPECT_EQ(peer.hear_to_the_end(), "ring");
  EXPECT_TRUE(eventually([&] { return running.stats().open == 0; }));
  EXPECT_EQ(echo->closed, 1);
}

TEST(HalfClosed, APeerThatResetsIsNotWaitedFor) {
  std::unique_ptr<LateEcho> echo;
  const Running running({}, [&](Scripted& handler) { echo = std::make_unique<LateEcho>(handler); });
  Peer peer(running.port());
  peer.say("ring");
  peer.finish();
  ASSERT_TRUE(eventually([&] { return running.stats().recv_calls >= 2; }));
  constexpr linger kReset{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(peer.descriptor(), SOL_SOCKET, SO_LINGER, &kReset, sizeof kReset);
  peer.leave();
  EXPECT_TRUE(eventually([&] { return running.stats().open == 0; }));
}

TEST(Unread, IsShownAgainTogetherWithTheNextBytes) {
  // Uses up whole lines only.
  const Running running({}, [](Scripted& handler) {
    handler.bytes = [&handler](ConnectionId id, MutableBytes input) {
      const auto end = as_text(input).rfind('\n');
      if (end == std::string_view::npos) return std::size_t{0};
      handler.context.link.output(id).append(as_text(input).substr(0, end + 1));
      return end + 1;
    };
  });
  const Peer peer(running.port());
  for (const char letter : std::string_view("ring\nring\n")) {
    const auto before = running.stats().bytes_in;
    peer.say({&letter, 1});
    ASSERT_TRUE(eventually([&] { return running.stats().bytes_in > before; }));
  }
  EXPECT_EQ(peer.hear(10), "ring\nring\n");
  // Longer than the read buffer: received into where it lies.
  std::string long_line(1'500'000, 'x');
  long_line += '\n';
  std::thread speaker([&] { peer.say(long_line); });
  EXPECT_TRUE(peer.hear(long_line.size()) == long_line);
  speaker.join();
}

TEST(Unread, IsShownAgainOnRequestWithoutNewBytes) {
  // One byte per showing, the rest asked for.
  const Running running({}, [](Scripted& handler) {
    handler.bytes = [&handler](ConnectionId id, MutableBytes input) {
      handler.context.link.output(id).append(as_text(input).substr(0, 1));
      handler.context.link.show_unread(id);
      return std::size_t{1};
    };
  });
  const Peer peer(running.port());
  const std::string text = "more turns than one batch allows: they go on in the next";
  peer.say(text);
  EXPECT_EQ(peer.hear(text.size()), text);
}

TEST(Unread, StopsReadingFromAPeerWhoseInputIsNotConsumed) {
  ServerConfig config;
  config.max_unread = 100'000;
  std::atomic<bool> may_read{false};
  const Running running(config, [&](Scripted& handler) {
    handler.bytes = [&](ConnectionId id, MutableBytes input) {
      if (!may_read) return std::size_t{0};
      handler.context.link.output(id).append(as_text(input));
      return input.size();
    };
    handler.opened = [&](ConnectionId id, const session::ConnectionFacts&) {
      handler.deadline = handler.context.clock.now() + 100ms;
      handler.time = [&handler, id, &may_read](TimePoint) {
        may_read = true;
        handler.context.link.show_unread(id);
      };
    };
  });
  const Peer peer(running.port());
  const std::string text(3'000'000, 'z');
  std::thread speaker([&] {
    peer.say(text);
    peer.finish();
  });
  EXPECT_TRUE(peer.hear_to_the_end() == text);
  speaker.join();
}

/// Each byte is a message that takes a millisecond; answers are the bytes themselves.
void answer_slowly(Scripted& handler) {
  handler.bytes = [&handler](ConnectionId id, MutableBytes input) {
    std::size_t used = 0;
    do {
      for (const TimePoint until = SteadyClock::read() + 1ms; SteadyClock::read() < until;) continue;
      handler.context.link.output(id).append(as_text(input).substr(used++, 1));
    } while (used < input.size() && !handler.context.link.turn_is_over(id));
    return used;
  };
}

// A peer that sent much input that is expensive to answer must not stop its shard until all of it is answered.
TEST(Turns, EndSoThatOthersAreServedBetweenRequestsOfABusyPeer) {
  const Running running({}, answer_slowly);
  const Peer talker(running.port()), other(running.port());
  other.say("o");
  EXPECT_EQ(other.hear(1), "o");
  talker.say(std::string(1'000, 't'));
  EXPECT_EQ(talker.hear(1), "t");
  const auto before = running.stats().bytes_out;
  other.say("o");
  EXPECT_EQ(other.hear(1), "o");
  EXPECT_LT(running.stats().bytes_out - before, 500U) << "the other waited until the talker had all its answers";
  EXPECT_EQ(talker.hear(999), std::string(999, 't'));
}

TEST(Turns, GoOnForAPeerThatSendsMoreAndAfterItHasShutDown) {
  const Running running({}, answer_slowly);
  const Peer talker(running.port());
  for (int i = 0; i < 20; ++i) {
    talker.say("0123456789");
    if (i < 10) {
      EXPECT_EQ(talker.hear(1).size(), 1U);
    }
  }
  talker.finish();
  EXPECT_EQ(talker.hear_to_the_end().size(), 190U);
}

TEST(Output, OfAllSizesArrivesWholeThroughPartialWrites) {
  const Running running({}, [](Scripted& handler) {
    handler.bytes = [&handler](ConnectionId id, MutableBytes input) {
      handler.context.link.output(id).append(3'900'000, static_cast<char>(input.back()));
      return input.size();
    };
  });
  const Peer peer(running.port(), nullptr, 8192);
  peer.say("a");
  EXPECT_TRUE(peer.hear(3'900'000) == std::string(3'900'000, 'a'));
}

TEST(Output, OfOneBatchLeavesInOneSend) {
  const Running running({}, [](Scripted& handler) {
    handler.bytes = [&handler](ConnectionId id, MutableBytes input) {
      for (const std::byte byte : input) handler.context.link.output(id).push_back(static_cast<char>(byte));
      return input.size();
    };
  });
  const Peer peer(running.port());
  peer.say("one send for all of these");
  EXPECT_EQ(peer.hear(25), "one send for all of these");
  EXPECT_TRUE(eventually([&] { return running.stats().bytes_out == 25; }));
  EXPECT_EQ(running.stats().send_calls, 1U);
}

TEST(Output, AboveTheLimitClosesASlowReaderAndNotifiesTheSession) {
  ServerConfig config;
  config.max_unsent = 1'000'000;
  std::atomic<int> closed{0};
  const Running running(config, [&](Scripted& handler) {
    handler.bytes = [&handler](ConnectionId id, MutableBytes input) {
      handler.context.link.output(id).append(20'000'000, 'x');
      return input.size();
    };
    handler.closed = [&](ConnectionId) { ++closed; };
  });
  const Peer peer(running.port(), nullptr, 8192);
  peer.say("!");
  EXPECT_TRUE(eventually([&] { return closed == 1; }));
  EXPECT_TRUE(eventually([&] { return running.stats().open == 0; }));
  EXPECT_EQ(running.stats().slow_readers_closed, 1U);
}

/// Keeps all that is said, and writes as much as it is asked for.
void hoard(Scripted& handler) {
  handler.bytes = [&handler](ConnectionId id, MutableBytes input) {
    if (as_text(input) != "much") return std::size_t{0};
    handler.context.link.output(id).append(8'000'000, 'x');
    return input.size();
  };
}

TEST(Budget, ConnectionWithMuchUnreadInputIsClosedBeyondTheTotalLimit) {
  ServerConfig config;
  config.max_kept = 1'000'000;
  const Running running(config, hoard);
  const auto say = [&](const Peer& peer, std::size_t size) {
    const auto before = running.stats();
    peer.say(std::string(size, 'g'));
    EXPECT_TRUE(eventually([&] {
      const auto now = running.stats();
      return now.bytes_in >= before.bytes_in + size || now.accepted - now.open > before.accepted - before.open;
    }));
  };
  const Peer modest(running.port());
  say(modest, 1'000);
  std::vector<std::unique_ptr<Peer>> greedy;
  for (int i = 0; i < 30; ++i) say(*greedy.emplace_back(std::make_unique<Peer>(running.port())), 60'000);
  EXPECT_GE(running.stats().open, 3U) << "the modest one, and those before the limit was reached";
  EXPECT_LE(running.stats().open, 20U);
  greedy.clear();
  EXPECT_TRUE(eventually([&] { return running.stats().open == 1; }));
  const Peer later(running.port());
  say(later, 60'000);
  EXPECT_TRUE(eventually([&] { return running.stats().open == 2; })) << "what they kept has been given back";
}

TEST(Budget, SlowReaderIsClosedBeyondTheTotalLimit) {
  ServerConfig config;
  config.max_unsent = 100'000'000;
  config.max_kept = 10'000'000;
  const Running running(config, hoard);
  std::vector<std::unique_ptr<Peer>> slow;
  for (int i = 0; i < 4; ++i) {
    slow.push_back(std::make_unique<Peer>(running.port(), nullptr, 8192));
    slow.back()->say("much");
  }
  EXPECT_TRUE(eventually([&] { return running.stats().open == 1; }));
}

TEST(Closing, AfterFlushSendsEverythingThoughTheRequestWasNotReadToItsEnd) {
  std::atomic<int> closed{0};
  const Running running({}, [&](Scripted& handler) {
    handler.bytes = [&handler](ConnectionId id, MutableBytes) {
      handler.context.link.output(id).append(2'000'000, 'e');
      handler.context.link.close(id, Ending::after_flush);
      return std::size_t{0};
    };
    handler.closed = [&](ConnectionId) { ++closed; };
  });
  Peer peer(running.port());
  std::thread speaker([&] { peer.say(std::string(2'000'000, 'b')); });
  EXPECT_EQ(peer.hear_to_the_end().size(), 2'000'000U);
  speaker.join();
  peer.leave();
  EXPECT_TRUE(eventually([&] { return running.stats().open == 0; }));
  EXPECT_EQ(closed, 0);
}

// The peer's FIN right behind bytes that are discarded must not be missed: the slot would stay taken for kLingerTime.
TEST(Closing, NoticesThePeersShutdownBehindDiscardedBytes) {
  const Running running({}, [](Scripted& handler) {
    handler.bytes = [&handler](ConnectionId id, MutableBytes) {
      handler.context.link.output(id).append("bye");
      handler.context.link.close(id, Ending::after_flush);
      return std::size_t{0};
    };
  });
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 100; ++i) {
    const Peer peer(running.port());
    peer.say("x");
    ASSERT_EQ(peer.hear_to_the_end(), "bye");
    peer.say("more");
    peer.finish();
    ASSERT_TRUE(eventually([&] { return running.stats().open == 0; }));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 1900ms);
}

TEST(Closing, AtOnceDropsUnsentBytes) {
  const Running running({}, [](Scripted& handler) {
    handler.bytes = [&handler](ConnectionId id, MutableBytes input) {
      handler.context.link.output(id).append("never");
      handler.context.link.close(id, Ending::at_once);
      return input.size();
    };
  });
  const Peer peer(running.port());
  peer.say("x");
  EXPECT_EQ(peer.hear_to_the_end(), "");
}

TEST(Closing, AnswersAPeerThatSentAllAndShutDown) {
  const Running running;
  const Peer peer(running.port());
  peer.say("last words");
  peer.finish();
  EXPECT_EQ(peer.hear_to_the_end(), "last words");
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
  bad.say("bad");
  EXPECT_TRUE(bad.was_ended());
  good.say("good");
  EXPECT_EQ(good.hear(4), "good");
  EXPECT_EQ(closed, 1);
  EXPECT_EQ(running.stats().handler_exceptions, 1U);
  EXPECT_EQ(running.log.lines, 1);
}

TEST(Deadlines, FireInTimeAndNotBefore) {
  std::atomic<std::int64_t> late_ns{-1};
  std::atomic<bool> early{false};
  const Running running({}, [&](Scripted& handler) {
    const TimePoint due = handler.context.clock.now() + 30ms + 300us;
    handler.deadline = due;
    handler.time = [&, due](TimePoint now) {
      early = now < due;
      late_ns = (now - due).count();
    };
  });
  EXPECT_TRUE(eventually([&] { return late_ns >= 0; }));
  EXPECT_FALSE(early);
  EXPECT_LT(late_ns, 500'000'000);  // generous: the machine may be busy
}

TEST(AddressCap, RefusesOnlyAnAddressAtItsLimitAndFreesClosedConnections) {
  auto config = with_threads(2);
  config.per_address.open = 2;
  const Running running(config);
  auto first = std::make_unique<Peer>(running.port(), "127.0.0.2");
  const Peer second(running.port(), "127.0.0.2");
  const Peer other(running.port(), "127.0.0.3");
  for (const Peer* peer : std::initializer_list<const Peer*>{first.get(), &second, &other}) {
    peer->say("here");
    ASSERT_EQ(peer->hear(4), "here");
  }
  EXPECT_TRUE(Peer(running.port(), "127.0.0.2").was_ended());
  EXPECT_EQ(running.stats().refused_by_address, 1U);
  first.reset();
  ASSERT_TRUE(eventually([&] { return running.stats().open == 2; }));
  const Peer third(running.port(), "127.0.0.2");
  third.say("now");
  EXPECT_EQ(third.hear(3), "now");
}

}  // namespace
}  // namespace belfry::net

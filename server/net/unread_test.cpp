// Bytes that the Handler did not use up are shown to it again.
#include "net/loopback_for_tests.hpp"

namespace belfry::net {
namespace {

using namespace std::chrono_literals;
using namespace loopback;
using protocol::ConnectionId;

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
    peer.send({&letter, 1});
    ASSERT_TRUE(eventually([&] { return running.stats().bytes_in > before; }));
  }
  EXPECT_EQ(peer.receive(10), "ring\nring\n");
  // Longer than the read buffer: received into where it lies.
  std::string long_line(1'500'000, 'x');
  long_line += '\n';
  std::thread speaker([&] { peer.send(long_line); });
  EXPECT_TRUE(peer.receive(long_line.size()) == long_line);
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
  peer.send(text);
  EXPECT_EQ(peer.receive(text.size()), text);
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
    handler.opened = [&](ConnectionId id, const protocol::ConnectionFacts&) {
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
    peer.send(text);
    peer.finish();
  });
  EXPECT_TRUE(peer.receive_to_the_end() == text);
  speaker.join();
}

}  // namespace
}  // namespace belfry::net

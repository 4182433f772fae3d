// The limit of what all connections together may keep unread and unsent.
#include "net/loopback_for_tests.hpp"

namespace belfry::net {
namespace {

using namespace loopback;
using protocol::ConnectionId;

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
  const auto send = [&](const Peer& peer, std::size_t size) {
    const auto before = running.stats();
    peer.send(std::string(size, 'g'));
    EXPECT_TRUE(eventually([&] {
      const auto now = running.stats();
      return now.bytes_in >= before.bytes_in + size || now.accepted - now.open > before.accepted - before.open;
    }));
  };
  const Peer modest(running.port());
  send(modest, 1'000);
  std::vector<std::unique_ptr<Peer>> greedy;
  for (int i = 0; i < 30; ++i) send(*greedy.emplace_back(std::make_unique<Peer>(running.port())), 60'000);
  EXPECT_GE(running.stats().open, 3U) << "the modest one, and those before the limit was reached";
  EXPECT_TRUE(eventually([&] { return running.stats().open <= 20; }));
  greedy.clear();
  EXPECT_TRUE(eventually([&] { return running.stats().open == 1; }));
  const Peer later(running.port());
  send(later, 60'000);
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
    slow.back()->send("much");
  }
  EXPECT_TRUE(eventually([&] { return running.stats().open == 1; }));
}

}  // namespace
}  // namespace belfry::net

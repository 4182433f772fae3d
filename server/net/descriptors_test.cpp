// Want of descriptors. In a child process, whose RLIMIT_NOFILE can be lowered without harm to other tests.
#include <sys/resource.h>

#include <fstream>

#include "net/loopback_for_tests.hpp"

namespace belfry::net {
namespace {

using namespace loopback;

constexpr rlim_t kLimit = 64;
constexpr int kMore = 40;

int failed(const char* where) {
  std::fputs(where, stderr);
  return 1;
}

/// The peers are connected before the limit falls, so that it falls upon accepted sockets alone: they wait in the backlog of
/// a server whose one shard is busy meanwhile.
int starve_and_recover() {
  std::atomic<bool> go_on{false};
  std::atomic<bool> busy{false};
  Running running;
  // UBSan opens a pipe when it first meets a class's virtual table; let it do so while it can.
  Log& log = running.log;
  log.info("about to starve");
  if (const Peer first(running.port()); !first.send("warm") || first.receive(4) != "warm") return failed("no echo");
  if (!eventually([&] { return running.stats().open == 0; })) return failed("the first did not leave");
  running.server->mailboxes().post(0, [&] {
    busy = true;
    while (!go_on) std::this_thread::yield();
  });
  if (!eventually([&] { return busy.load(); })) return failed("the shard did not start");
  std::vector<std::unique_ptr<Peer>> peers;
  for (int i = 0; i < kMore; ++i) peers.push_back(std::make_unique<Peer>(running.port()));
  const rlimit low{kLimit, kLimit};
  if (::setrlimit(RLIMIT_NOFILE, &low) != 0) return failed("setrlimit");
  go_on = true;
  if (!eventually([&] { return running.stats().descriptor_pauses >= 2; })) return failed("no pauses");
  // Spinning would pause thousands of times; a pause lasts 200 ms.
  if (running.stats().descriptor_pauses > 100) return failed("spins");
  if (running.log.lines != 2) return failed("more than one report");
  const auto served = running.stats().accepted - 1;
  if (served == 0 || served >= kMore) return failed("the limit was not felt");
  // Those who are in are served, and as they leave the others come in. Peers' own descriptors make room, too.
  for (const auto& peer : peers) {
    peer->send("in");
    if (peer->receive(2) != "in") return failed("not served");
    peer->leave();
  }
  if (!eventually([&] { return running.stats().open == 0; })) return failed("not all left");
  return running.stats().accepted == kMore + 1 ? 0 : failed("not all came in");
}

TEST(Descriptors, WhenNoneIsLeftAcceptingPausesAndRecovers) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(std::exit(starve_and_recover()), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace belfry::net

// The Handler's deadlines.
#include "net/loopback_for_tests.hpp"

namespace belfry::net {
namespace {

using namespace std::chrono_literals;
using namespace loopback;

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

}  // namespace
}  // namespace belfry::net

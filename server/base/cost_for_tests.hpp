// What parsing costs as the input grows. An attacker sends the worst input there is, so a parser's cost must be linear in it,
// also when the bytes come one by one. A test feeds a parser the nastiest input it knows, once and then eight times as much, and
// compares CPU time: a clock on the wall would count what else the machine does, and hardware counters are not to be had
// everywhere. Memory is kept from run to run: a large block that malloc() maps anew each time costs page faults, which on some
// virtual machines take longer than the work itself.
#pragma once

#include <malloc.h>

#include <algorithm>
#include <cstddef>
#include <ctime>
#include <limits>

namespace belfry::testing {

/// CPU seconds that one call takes: the least of several batches, since what else goes on only ever adds.
template <class Work>
double cost_of(const Work& work) {
  constexpr double kBatch = 0.002;
  std::size_t calls = 1;
  const auto batch = [&] {
    const std::clock_t begin = std::clock();
    for (std::size_t i = 0; i < calls; ++i) work();
    return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  };
  double cost = batch();
  for (; cost < kBatch && calls < 1'000'000; cost = batch()) calls *= 2;
  for (int run = 0; run < 4; ++run) cost = std::min(cost, batch());
  return cost / static_cast<double>(calls);
}

// A sanitizer's allocator and checks have steps of their own. There the input is read for the reports only.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kMeasures = false;
#else
constexpr bool kMeasures = true;
#endif

/// Eight times the input costs 8 times as much if the cost is linear, 64 times if it is quadratic.
constexpr double kStillLinear = 24;

/// Makes malloc() keep freed memory, whatever its size, instead of giving it back to the kernel.
inline void keep_freed_memory() {
  constexpr int kAnySize = 1 << 30;
  mallopt(M_MMAP_THRESHOLD, kAnySize);
  mallopt(M_TRIM_THRESHOLD, kAnySize);
}

/// How many times as much `work(make(8 * size))` costs as `work(make(size))`. A result that is not linear is measured anew,
/// twice.
template <class Make, class Work>
double growth(std::size_t size, const Make& make, const Work& work) {
  const auto small = make(size);
  const auto large = make(8 * size);
  if (!kMeasures) {
    work(small);
    work(large);
    return 0;
  }
  keep_freed_memory();
  double least = std::numeric_limits<double>::max();
  for (int attempt = 0; attempt < 3 && least >= kStillLinear; ++attempt)
    least = std::min(least, cost_of([&] { work(large); }) / cost_of([&] { work(small); }));
  return least;
}

}  // namespace belfry::testing

// LoginLimiter: how often one address may try one account within a window (SPEC C-02 `login`, R-004-67). Any number of
// addresses for one account pass: that is for a firewall, and locking an account out would hand a weapon to whoever dislikes its
// owner. Thread-safe.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/guarded.hpp"
#include "base/time.hpp"

namespace belfry::gateway {

class LoginLimiter {
 public:
  struct Settings {
    std::uint32_t max = 10;  // 0 is off
    Duration window = std::chrono::minutes{1};
  };
  struct Verdict {
    std::optional<Duration> wait{};  // refused: come back then
    std::uint32_t limit = 0;         // 0: not limited
    std::uint32_t remaining = 0;
    Duration reset{};  // until a try is free again
  };
  explicit LoginLimiter(Settings settings) : settings_(settings) {}

  [[nodiscard]] Verdict take(const std::string& who, WallTime now) {
    if (settings_.max == 0) return Verdict{};
    return tries_.with([&](Tries& all) {
      if (all.by_who.size() > all.sweep_above) sweep(all, now);
      auto& tries = all.by_who[who];
      std::erase_if(tries, [&](WallTime at) { return ended(at, now); });
      Verdict verdict{.limit = settings_.max};
      const bool full = tries.size() >= settings_.max;
      if (!full) tries.push_back(now);
      verdict.remaining = settings_.max - static_cast<std::uint32_t>(tries.size());
      verdict.reset = settings_.window - std::chrono::milliseconds(now.unix_ms - tries.front().unix_ms);
      if (full) verdict.wait = verdict.reset;
      return verdict;
    });
  }
  void forget_all() {
    tries_.with([](Tries& all) { all.by_who.clear(); });
  }

 private:
  static constexpr std::size_t kSweepAbove = 10'000;
  struct Tries {
    std::unordered_map<std::string, std::vector<WallTime>> by_who;
    std::size_t sweep_above = kSweepAbove;
  };
  /// At twice what remains the next time, so that a flood of names pays for each once.
  void sweep(Tries& all, WallTime now) const {
    std::erase_if(all.by_who, [&](const auto& each) { return ended(each.second.back(), now); });
    all.sweep_above = std::max(kSweepAbove, 2 * all.by_who.size());
  }
  [[nodiscard]] bool ended(WallTime at, WallTime now) const {
    return std::chrono::milliseconds(now.unix_ms - at.unix_ms) >= settings_.window;
  }

  Settings settings_;
  Guarded<Tries> tries_;
};

/// Of one server, by client address.
struct EntranceLimits {
  LoginLimiter accounts;  // and account, whichever of its names was used
  // And the name as it was written. It refuses nothing: its figures are what an answer may tell, since those of the account would
  // tell which e-mail address is whose.
  LoginLimiter spellings;
  LoginLimiter addresses;  // tries to log in to any account
  LoginLimiter sign_ups;

  void forget_all() {
    for (auto* each : {&accounts, &spellings, &addresses, &sign_ups}) each->forget_all();
  }
};

}  // namespace belfry::gateway

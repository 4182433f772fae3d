// What became of pushes, for /metrics (SPEC J-7.3). Written by the shard that tends the outbox, read by any thread.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "store/device.hpp"

namespace belfry::push {

class PushCounters {
 public:
  using Count = std::atomic<std::uint64_t>;

  void handed_over(store::PushProvider provider) { ++attempts_[place(provider)]; }
  void ended(store::PushProvider provider, store::PushStatus status) { ++ended_[place(provider)][place(status)]; }
  void began() { ++open_; }
  void left() { --open_; }

  [[nodiscard]] std::uint64_t attempts(store::PushProvider provider) const { return attempts_[place(provider)]; }
  [[nodiscard]] std::uint64_t ended_as(store::PushProvider provider, store::PushStatus status) const {
    return ended_[place(provider)][place(status)];
  }
  /// Pushes that are being tried now.
  [[nodiscard]] std::uint64_t open() const { return open_; }

 private:
  template <class Enum>
  static std::size_t place(Enum value) {
    return static_cast<std::size_t>(value);
  }
  std::array<Count, store::kPushProviderCount> attempts_{};
  std::array<std::array<Count, store::kPushStatusCount>, store::kPushProviderCount> ended_{};
  Count open_{0};
};

}  // namespace belfry::push

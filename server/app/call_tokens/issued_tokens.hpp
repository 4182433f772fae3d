// IssuedTokens: the newest token of each user for each channel, as issued by this node, until it expires (SPEC J-3.5, J-3.7,
// J-8.1). Kept in memory only: another node, or this one after a restart, does not know them, and a client shows its token
// instead. Thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

#include <boost/unordered/unordered_flat_map.hpp>

#include "app/call_tokens/media_channel.hpp"
#include "base/guarded.hpp"
#include "base/time.hpp"
#include "domain/account/user.hpp"

namespace belfry::call_tokens {

struct IssuedToken {
  Provider provider = Provider::native;
  WallTime expires{};
  friend bool operator==(const IssuedToken&, const IssuedToken&) = default;
};

class IssuedTokens {
 public:
  void note(const account::UserId& user, const MediaChannel& channel, const IssuedToken& token, WallTime now);
  /// nullopt: none was issued, or the newest has expired.
  [[nodiscard]] std::optional<IssuedToken> newest(const account::UserId& user, const MediaChannel& channel, WallTime now);
  void forget_all();
  [[nodiscard]] std::size_t size();

 private:
  struct Key {
    account::UserId user{};
    Uuid channel{};
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const noexcept {
      constexpr std::size_t kOdd = 0x9e3779b97f4a7c15;
      return UuidHash{}(key.user) * kOdd ^ UuidHash {}(key.channel);
    }
  };
  static constexpr std::size_t kStripes = 16;
  static constexpr std::size_t kSweepAbove = 1024;
  struct Stripe {
    boost::unordered_flat_map<Key, IssuedToken, KeyHash> tokens;
    std::size_t sweep_above = kSweepAbove;
  };
  [[nodiscard]] Guarded<Stripe>& stripe_of(const Key& key) { return stripes_[UuidHash{}(key.user) % kStripes]; }

  std::array<Guarded<Stripe>, kStripes> stripes_;
};

}  // namespace belfry::call_tokens

// TokenLimits: how often a media token may be asked for (SPEC C-02 `token`, `tokenRenew`, W-002-04), and TokenCounters: how often
// that was granted and refused. Of one server; shared by all shards.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

#include "app/call_tokens/call_tokens.hpp"
#include "app/limits/sliding_window.hpp"
#include "gateway/json/errors.hpp"

namespace belfry::gateway {

struct TokenLimits {
  struct Renewal {
    account::UserId user{};
    call::CallId call{};
    friend bool operator==(const Renewal&, const Renewal&) = default;
  };
  struct RenewalHash {
    std::size_t operator()(const Renewal& renewal) const noexcept {
      constexpr std::size_t kOdd = 0x9e3779b97f4a7c15;
      return UuidHash{}(renewal.user) * kOdd ^ UuidHash {}(renewal.call);
    }
  };

  limits::SlidingWindow<account::UserId, UuidHash> fetches;  // refusals to strangers count too (R-000-50)
  limits::SlidingWindow<Renewal, RenewalHash> renewals;      // per user and call
  limits::SlidingWindow<std::string> addresses;  // of GET /api/token, which is limited before the credential is checked
  // Of all calls together, since whose ids they are is known only after a look-up.
  limits::SlidingWindow<account::UserId, UuidHash> renewals_of_user;
  limits::SlidingWindow<account::UserId, UuidHash> joins;
  limits::SlidingWindow<std::string> refusals_logged;  // by who was refused what

  /// As many as for so many calls at once.
  static constexpr std::uint32_t kCallsAtOnce = 4;
  TokenLimits(RateLimit fetch, RateLimit renewal, RateLimit address)
      : fetches(fetch),
        renewals(renewal),
        addresses(address),
        renewals_of_user({renewal.max * kCallsAtOnce, renewal.window}),
        joins({renewal.max * kCallsAtOnce, renewal.window}),
        refusals_logged({.max = 1}) {}

  [[nodiscard]] limits::RateLimitStatus take_renewal(const account::UserId& user, const call::CallId& call, TimePoint now) {
    const auto of_user = renewals_of_user.take(user, now);
    return of_user.wait ? of_user : renewals.take({user, call}, now);
  }

  void forget_all() {
    fetches.forget_all();
    renewals.forget_all();
    addresses.forget_all();
    renewals_of_user.forget_all();
    joins.forget_all();
    refusals_logged.forget_all();
  }
};

class TokenCounters {
 public:
  void count_issued(call_tokens::Provider provider) {
    issued_.at(static_cast<std::size_t>(provider)).fetch_add(1, std::memory_order_relaxed);
  }
  void count_refused(ApiError why) { refused_.at(static_cast<std::size_t>(why)).fetch_add(1, std::memory_order_relaxed); }
  /// Calls `add(word, count)` for each provider, and for the code of each error that occurred.
  template <class Add>
  void each_issued(const Add& add) const {
    for (std::size_t i = 0; i < issued_.size(); ++i)
      add(to_text(static_cast<call_tokens::Provider>(i)), issued_[i].load(std::memory_order_relaxed));
  }
  template <class Add>
  void each_refused(const Add& add) const {
    for (std::size_t i = 0; i < wire_errors().size(); ++i)
      if (const auto count = refused_.at(i).load(std::memory_order_relaxed); count != 0) add(wire_errors()[i].code, count);
  }

 private:
  static constexpr std::size_t kProviders = 3, kMostErrors = 64;
  std::array<std::atomic<std::uint64_t>, kProviders> issued_{};
  std::array<std::atomic<std::uint64_t>, kMostErrors> refused_{};
};

}  // namespace belfry::gateway

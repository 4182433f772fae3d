// ExpiryNotices: tells somebody who is in a call, at all their sessions, that their newest token for it is about to expire, so
// that the client renews in time (SPEC J-3.7, R-000-55). One per shard, for the tokens that this shard issued; when the time
// comes, it asks whether that token is still the newest one. Once per token. Time is the domain's.
#pragma once

#include <chrono>
#include <deque>
#include <optional>

#include "app/call_tokens/call_tokens.hpp"
#include "app/calls/shared_calls.hpp"
#include "base/own_thread.hpp"

namespace belfry::call_tokens {

/// How long before its end the holder is notified: a third of the token's life, but 15 s to a minute.
[[nodiscard]] Duration notice_time(Duration life);

class ExpiryNotices {
 public:
  /// All of them must outlive ExpiryNotices.
  struct Ports {
    calls::SharedCalls& shared;
    sessions::Delivery& delivery;
    store::CallStore& calls;
    const Clock& clock;
    IssuedTokens& issued;
  };
  ExpiryNotices(Duration token_life, const Ports& ports) : ahead_(notice_time(token_life)), ports_(ports) {}

  /// A token was issued now.
  void add(const UserId& user, const MediaToken& token);
  [[nodiscard]] std::optional<TimePoint> next_deadline() const;
  void on_time(TimePoint now);

 private:
  struct Wait {
    TimePoint at{};
    UserId user{};
    MediaChannel channel{};
    WallTime expires{};
  };
  [[nodiscard]] bool is_newest(const Wait& wait) const;
  void look(const Wait& wait);
  void consider(const Wait& wait, const store::StoredCall& call);

  [[no_unique_address]] OwnThread own_thread_;
  Duration ahead_;
  Ports ports_;
  std::deque<Wait> waits_;  // all tokens live equally long, so the order of issue is the order of expiry
};

}  // namespace belfry::call_tokens

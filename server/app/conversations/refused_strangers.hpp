// RefusedStrangers: which refusals go into the audit (SPEC J-7.4): at most one per user, conversation and minute, and not more
// than kPerUser of a user who tries one id after another, so that a stranger cannot fill the disk. One per server, thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <utility>

#include "base/guarded.hpp"
#include "base/time.hpp"
#include "domain/conversation/conversation.hpp"

namespace belfry::conversations {

class RefusedStrangers {
 public:
  static constexpr std::size_t kPerUser = 60;  // per minute

  /// True once for each that goes into the audit.
  [[nodiscard]] bool is_new(const account::UserId& user, const conversation::ConversationId& id, WallTime now) {
    return minute_.with([&](Minute& minute) {
      const std::int64_t number = now.unix_ms / kMinuteMs;
      if (minute.number != number) minute = {.number = number};
      auto& named = minute.named[user];
      return named.size() < kPerUser && named.insert(id).second;
    });
  }
  void forget_all() {
    minute_.with([](Minute& minute) { minute = {}; });
  }

 private:
  static constexpr std::int64_t kMinuteMs = 60'000;
  struct Minute {
    std::int64_t number = 0;  // since 1970
    std::map<account::UserId, std::set<conversation::ConversationId>> named{};
  };
  Guarded<Minute> minute_;
};

}  // namespace belfry::conversations

// Exchange: what the switchboards of all shards share. Settings are immutable; the rest is behind Guarded. Build it first,
// then one Switchboard per shard, which enters itself; read and posted to only once all have been built.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/directory.hpp"
#include "app/start_limiter.hpp"
#include "base/clock.hpp"
#include "base/guarded.hpp"
#include "base/log.hpp"
#include "base/mailbox.hpp"
#include "base/random.hpp"
#include "base/redacted.hpp"
#include "domain/oldcall/state.hpp"

namespace belfry::app {

class Announcer;
class CallStore;
class Switchboard;

struct CallSettings {
  oldcall::Policy policy;             // CALL_TIMEOUT_MS and the graces
  StartLimiter::Settings starts;   // RATE_LIMIT_CALL_MAX and _WINDOW_MS; max 0 is off
  std::uint64_t redaction_salt{};  // random at start: log hashes mean nothing beyond this process
};

/// What one shard's switchboard is handed. All outlive it.
struct Ports {
  Mailboxes& mailboxes;
  const Clock& clock;
  Random& random;
  Log& log;
  Announcer& announcer;
  CallStore& store;
};

struct CallStats {
  std::int64_t active = 0;  // ringing or connected now
  std::int64_t started = 0, answered = 0, declined = 0, cancelled = 0, timed_out = 0, lost = 0, hung_up = 0, busy = 0, failed = 0;
};

class Exchange {
 public:
  Exchange(ShardIndex shards, Directory& directory, CallSettings settings);

  [[nodiscard]] Directory& directory() { return directory_; }
  [[nodiscard]] const CallSettings& settings() const { return settings_; }
  [[nodiscard]] StartLimiter& starts() { return starts_; }
  [[nodiscard]] const Redactor& redacted() const { return redactor_; }
  [[nodiscard]] CallStats stats();
  void count(std::int64_t CallStats::* which, std::int64_t change = 1);

  /// The shard on which every command about these two runs.
  [[nodiscard]] ShardIndex home_of(std::string_view one, std::string_view other) const;
  void enter(ShardIndex shard, Switchboard& board);
  [[nodiscard]] Switchboard& board(ShardIndex shard);

  /// Names whose session was lost in a call: the next session of that name takes the call with this peer.
  void await_return(std::string_view name, std::string_view peer);
  [[nodiscard]] std::optional<std::string> take_awaited(std::string_view name);
  void forget_awaited(std::string_view name, std::string_view peer);

 private:
  Directory& directory_;
  CallSettings settings_;
  StartLimiter starts_;
  Redactor redactor_;
  Guarded<CallStats> stats_;
  Guarded<std::map<std::string, std::string, std::less<>>> awaited_;
  std::vector<Switchboard*> boards_;
};

}  // namespace belfry::app

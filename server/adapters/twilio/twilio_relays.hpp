// TwilioRelays: the relays of Twilio, for all shards. A list is kept until half of its life is over, so that a browser always
// gets a credential that is good for a while. A shard that asks when there is none waits for one request, together with all
// others that ask meanwhile; if Twilio fails or is silent, they get no relays, and for a moment nobody waits again.
#pragma once

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include "adapters/twilio/post.hpp"
#include "base/guarded.hpp"
#include "base/log.hpp"
#include "base/mailbox.hpp"
#include "base/work_queue.hpp"
#include "wire/turn/twilio_token.hpp"

namespace belfry::twilio {

struct Settings {
  Account account{};
  Duration life = std::chrono::seconds{600};  // asked for
  Duration time_to_wait = std::chrono::seconds{2};
  // After a failure: long enough that a silent Twilio does not delay each page, short enough that its return is soon noticed.
  Duration pause = std::chrono::seconds{5};
};

class TwilioRelays {
 public:
  using Servers = std::vector<turn::IceServer>;
  struct Relays {
    Servers servers{};
    TimePoint expires{};  // of their credentials
  };
  using Done = std::function<void(const Relays&)>;
  /// As post_for_token(); tests pass another one.
  using Post = std::function<Expected<std::string, PostFault>(const Settings&, const std::atomic<bool>& give_up)>;

  TwilioRelays(Settings settings, Mailboxes& mailboxes, Log& log);
  TwilioRelays(Settings settings, Mailboxes& mailboxes, Log& log, Post post);
  /// Ends a running request within about a second.
  ~TwilioRelays();
  TwilioRelays(const TwilioRelays&) = delete;
  TwilioRelays& operator=(const TwilioRelays&) = delete;

  /// Any shard. `done` runs on this shard, at once or by its mailbox. `now`: the real time.
  void relays(ShardIndex shard, TimePoint now, Done done);

 private:
  struct Waiting {
    ShardIndex shard = 0;
    Done done{};
  };
  struct State {
    Relays relays{};
    TimePoint good_until{};    // then they are asked for again
    TimePoint silent_until{};  // after a failure
    std::vector<Waiting> waiting{};
  };
  void work();
  void fetch(TimePoint asked_at);

  Settings settings_;
  Mailboxes& mailboxes_;
  Log& log_;
  Post post_;
  Guarded<State> state_;
  WorkQueue<TimePoint> fetches_{1};  // when each was asked for
  std::atomic<bool> ending_{false};
  std::thread worker_;
};

}  // namespace belfry::twilio

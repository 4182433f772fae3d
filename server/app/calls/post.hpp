// Post: runs a task on another shard's Calls through its mailbox, or at once if that is this shard. Running our own tasks at once
// keeps them in causal order (nothing later can overtake them), and a server with one shard needs no queue.
#pragma once

#include <utility>

#include "base/mailbox.hpp"
#include "base/on_shards.hpp"

namespace belfry::calls {

class CallHost;
class Calls;
class SignalRelay;

/// What tasks of this folder's files use of the Calls that they are posted to. Other folders see its commands only.
class ShardParts {
 public:
  [[nodiscard]] static SignalRelay& relay(Calls& calls);
  [[nodiscard]] static CallHost& host(Calls& calls);
};

class Post {
 public:
  Post(ShardIndex mine, Calls& own, const OnShards<Calls>& all, Mailboxes& mailboxes)
      : mine_(mine),
        own_(own),
        all_(all),
        mailboxes_(mailboxes) {}

  /// `task(Calls&)` must own everything it captures.
  template <class Task>
  void to(ShardIndex shard, Task task) const {
    if (shard == mine_) return task(own_);
    by_mail(shard, std::move(task));
  }
  /// Uses the mailbox even for this shard, so that the task runs after everything already posted there.
  template <class Task>
  void by_mail(ShardIndex shard, Task task) const {
    all_.post(mailboxes_, shard, std::move(task));
  }
  [[nodiscard]] ShardIndex mine() const { return mine_; }

 private:
  ShardIndex mine_;
  Calls& own_;
  const OnShards<Calls>& all_;
  Mailboxes& mailboxes_;
};

}  // namespace belfry::calls

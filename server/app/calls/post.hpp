// Post: runs a task on another shard's Calls through its mailbox, or at once if that is our own. Doing our own at once
// keeps order causal (nothing later can overtake it) and spares the one-shard server every queue.
#pragma once

#include <utility>

#include "base/mailbox.hpp"
#include "base/on_shards.hpp"

namespace belfry::calls {

class Calls;

class Post {
 public:
  Post(ShardIndex mine, Calls& own, const OnShards<Calls>& all, Mailboxes& mailboxes)
      : mine_(mine),
        own_(own),
        all_(all),
        mailboxes_(mailboxes) {}

  /// `task(Calls&)` owns all it captures.
  template <class Task>
  void to(ShardIndex shard, Task task) const {
    if (shard == mine_) return task(own_);
    by_mail(shard, std::move(task));
  }
  /// Behind all that is on its way there, even if that is our own.
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

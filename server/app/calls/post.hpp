// Post: runs a task on another shard's Calls through its mailbox, or at once if that is our own. Doing our own at once
// keeps order causal (nothing later can overtake it) and spares the one-shard server every queue.
#pragma once

#include <memory>
#include <utility>

#include "app/calls/shared_calls.hpp"
#include "base/mailbox.hpp"

namespace belfry::calls {

class Post {
 public:
  Post(ShardIndex mine, SharedCalls& shared, Mailboxes& mailboxes) : mine_(mine), shared_(shared), mailboxes_(mailboxes) {}

  /// `task(Calls&)` owns all it captures.
  template <class Task>
  void to(ShardIndex shard, Task task) const {
    if (shard == mine_) return task(shared_.calls(mine_));
    by_mail(shard, std::move(task));
  }
  /// Behind all that is on its way there, even if that is our own.
  template <class Task>
  void by_mail(ShardIndex shard, Task task) const {
    mailboxes_.post(shard, [&shared = shared_, shard, task = std::move(task)]() mutable { task(shared.calls(shard)); });
  }
  [[nodiscard]] ShardIndex mine() const { return mine_; }

 private:
  ShardIndex mine_;
  SharedCalls& shared_;
  Mailboxes& mailboxes_;
};

}  // namespace belfry::calls

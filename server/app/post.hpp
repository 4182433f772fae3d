// Post: runs a task on another shard's switchboard through its mailbox, or at once if that is our own. Doing our own at once
// keeps order causal (nothing later can overtake it) and spares the one-shard server every queue.
#pragma once

#include <memory>
#include <utility>

#include "app/exchange.hpp"
#include "base/mailbox.hpp"

namespace belfry::app {

class Post {
 public:
  Post(ShardIndex mine, Exchange& exchange, Mailboxes& mailboxes) : mine_(mine), exchange_(exchange), mailboxes_(mailboxes) {}

  /// `task(Switchboard&)` owns all it captures.
  template <class Task>
  void to(ShardIndex shard, Task task) const {
    if (shard == mine_) return task(exchange_.board(mine_));
    mailboxes_.post(shard, [&exchange = exchange_, shard, task = std::move(task)]() mutable { task(exchange.board(shard)); });
  }
  [[nodiscard]] ShardIndex mine() const { return mine_; }

 private:
  ShardIndex mine_;
  Exchange& exchange_;
  Mailboxes& mailboxes_;
};

}  // namespace belfry::app

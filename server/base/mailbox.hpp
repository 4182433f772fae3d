// Mailboxes: the only way to reach another shard. A task posted to a shard runs on its thread, never inside the call that
// posts it, not even when a shard posts to itself. Order is causal: if A posts to C and then to B, and B's task posts to C,
// C runs A's task first, because each shard has one queue which every producer appends to.
#pragma once

#include <cstdint>
#include <functional>

namespace belfry {

using ShardIndex = std::uint16_t;

class Mailboxes {
 public:
  virtual ~Mailboxes() = default;
  /// Any thread. The task is dropped without running if that shard has already stopped.
  virtual void post(ShardIndex shard, std::function<void()> task) = 0;
  [[nodiscard]] virtual ShardIndex shard_count() const = 0;
};

}  // namespace belfry

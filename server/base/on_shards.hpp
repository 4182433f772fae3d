// OnShards<T>: the one T of each shard, which only a task on that shard's thread may touch. So its only verb is post(). Every
// shard enters its own before the first task is posted; from then on it does not change.
#pragma once

#include <utility>
#include <vector>

#include "base/check.hpp"
#include "base/mailbox.hpp"

namespace belfry {

template <class T>
class OnShards {
 public:
  explicit OnShards(ShardIndex shards) : objects_(shards, nullptr) {}

  /// `object` outlives every task that is posted to it.
  void enter(ShardIndex shard, T& object) {
    CHECK(shard < objects_.size(), "an object of a shard that does not exist");
    objects_[shard] = &object;
  }
  /// Any thread. Runs `task(T&)`, which owns all it captures, on that shard's thread: behind all that is on its way there, even
  /// if that is our own.
  template <class Task>
  void post(Mailboxes& mailboxes, ShardIndex shard, Task task) const {
    CHECK(shard < objects_.size() && objects_[shard] != nullptr, "a task for a shard without its object");
    mailboxes.post(shard, [object = objects_[shard], task = std::move(task)]() mutable { task(*object); });
  }
  [[nodiscard]] ShardIndex size() const { return static_cast<ShardIndex>(objects_.size()); }

 private:
  std::vector<T*> objects_;
};

}  // namespace belfry

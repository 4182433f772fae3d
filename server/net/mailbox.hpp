// Mailbox: the one queue of tasks for one shard, which every producer appends to under one lock; hence the causal order
// promised in base/mailbox.hpp. A producer wakes the shard only if it sleeps, so a burst costs one eventfd write.
// A lock-free queue was rejected: it allocates a node per task, and the lock is held for one push_back.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "base/guarded.hpp"
#include "base/mailbox.hpp"
#include "net/descriptor.hpp"

namespace belfry::net {

using Task = std::function<void()>;

class Mailbox {
 public:
  Mailbox();

  // --- any thread ---
  void post(Task task);
  /// Ends the shard's sleep though there is no task.
  void wake();

  // --- the shard's thread ---
  /// Makes this the calling thread's own mailbox; see own_mail().
  void claim();
  /// Readable (edge-triggered: it is never read) whenever the shard was woken.
  [[nodiscard]] int wake_descriptor() const { return event_.get(); }
  /// Did this shard post to itself since the last take()?
  [[nodiscard]] bool own_mail() const { return own_mail_; }
  /// Appends nothing and returns false when there is no task; else fills the empty `tasks`, oldest first.
  bool take(std::vector<Task>& tasks);
  /// True: there is no task, and from now on post() wakes. False: do not wait for the kernel.
  [[nodiscard]] bool may_block();
  void awake();
  /// From now on tasks are dropped without running, those waiting too.
  void close();

 private:
  struct State {
    std::vector<Task> tasks;
    bool asleep = false;
    bool closed = false;
  };
  Guarded<State> state_;
  std::atomic<bool> filled_{false};  // a hint that spares the lock when nothing was posted
  bool own_mail_ = false;
  Descriptor event_;
};

/// All mailboxes of a server. Made before the threads start, so that its descriptors are in every private table.
class ShardMailboxes final : public Mailboxes {
 public:
  explicit ShardMailboxes(ShardIndex shards);
  void post(ShardIndex shard, Task task) override { of(shard).post(std::move(task)); }
  [[nodiscard]] ShardIndex shard_count() const override { return static_cast<ShardIndex>(boxes_.size()); }
  [[nodiscard]] Mailbox& of(ShardIndex shard);
  void wake_all();

 private:
  std::vector<std::unique_ptr<Mailbox>> boxes_;
};

}  // namespace belfry::net

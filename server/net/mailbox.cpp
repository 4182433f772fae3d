#include "net/mailbox.hpp"

#include <stdint.h>
#include <sys/eventfd.h>

#include <utility>

#include "base/check.hpp"

namespace belfry::net {
namespace {

thread_local const Mailbox* own_mailbox = nullptr;

}  // namespace

Mailbox::Mailbox() : event_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) { CHECK(event_, "an eventfd can be made at start"); }

void Mailbox::post(Task task) {
  const bool must_wake = state_.with([&](State& state) {
    if (state.closed) return false;
    state.tasks.push_back(std::move(task));
    filled_.store(true, std::memory_order_relaxed);
    return std::exchange(state.asleep, false);
  });
  if (own_mailbox == this) own_mail_ = true;
  if (must_wake) wake();
}

void Mailbox::wake() {
  const std::uint64_t one = 1;
  // Can fail only when the counter is full, and then the shard is awake.
  [[maybe_unused]] const ssize_t written = ::write(event_.get(), &one, sizeof one);
}

void Mailbox::claim() { own_mailbox = this; }

bool Mailbox::take(std::vector<Task>& tasks) {
  own_mail_ = false;
  if (!filled_.load(std::memory_order_relaxed)) return false;
  state_.with([&](State& state) {
    std::swap(state.tasks, tasks);
    filled_.store(false, std::memory_order_relaxed);
  });
  return !tasks.empty();
}

bool Mailbox::may_block() {
  return state_.with([](State& state) { return state.asleep = state.tasks.empty(); });
}

void Mailbox::awake() {
  state_.with([](State& state) { state.asleep = false; });
}

void Mailbox::close() {
  // What the tasks own dies outside the lock: a destructor may post.
  const auto dropped = state_.with([](State& state) {
    state.closed = true;
    return std::exchange(state.tasks, {});
  });
  if (own_mailbox == this) own_mailbox = nullptr;
}

ShardMailboxes::ShardMailboxes(ShardIndex shards) {
  for (ShardIndex shard = 0; shard < shards; ++shard) boxes_.push_back(std::make_unique<Mailbox>());
}

Mailbox& ShardMailboxes::of(ShardIndex shard) {
  CHECK(shard < boxes_.size(), "a post names a shard that exists");
  return *boxes_[shard];
}

void ShardMailboxes::wake_all() {
  for (const auto& box : boxes_) box->wake();
}

}  // namespace belfry::net

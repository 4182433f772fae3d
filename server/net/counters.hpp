// What net/ counts. Each shard writes only its own counters, without locked instructions; a reader sums them up and gets numbers
// that may be a moment old.
#pragma once

#include <atomic>
#include <cstdint>

namespace belfry::net {

/// One writer, any number of readers.
class Counter {
 public:
  void add(std::uint64_t amount = 1) { value_.store(get() + amount, std::memory_order_relaxed); }
  void set(std::uint64_t value) { value_.store(value, std::memory_order_relaxed); }
  void subtract(std::uint64_t amount = 1) { value_.store(get() - amount, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

template <class Number>
struct Counts {
  Number open{};  // connections now, those included that shake hands or are being closed
  Number accepted{};
  Number slow_readers_closed{};
  Number refused_by_address{};
  Number handshakes_failed{};
  Number handler_exceptions{};
  Number bytes_in{};  // as the Handler sees them: without TLS
  Number bytes_out{};
  Number recv_calls{};
  Number send_calls{};
  Number descriptor_pauses{};  // accepting stopped: no descriptor or memory left
  Number handed_over{};
  Number mailbox_tasks{};
};

using NetStats = Counts<std::uint64_t>;
struct alignas(64) ShardCounters : Counts<Counter> {};

inline void add_to(NetStats& sum, const ShardCounters& shard) {
  sum.open += shard.open.get();
  sum.accepted += shard.accepted.get();
  sum.slow_readers_closed += shard.slow_readers_closed.get();
  sum.refused_by_address += shard.refused_by_address.get();
  sum.handshakes_failed += shard.handshakes_failed.get();
  sum.handler_exceptions += shard.handler_exceptions.get();
  sum.bytes_in += shard.bytes_in.get();
  sum.bytes_out += shard.bytes_out.get();
  sum.recv_calls += shard.recv_calls.get();
  sum.send_calls += shard.send_calls.get();
  sum.descriptor_pauses += shard.descriptor_pauses.get();
  sum.handed_over += shard.handed_over.get();
  sum.mailbox_tasks += shard.mailbox_tasks.get();
}

}  // namespace belfry::net

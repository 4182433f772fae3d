// RecoveryLog: the events that one Socket.IO socket was sent lately, in case its transport is lost before they arrive (Socket.IO
// "Connection state recovery"). Each event carries its number as a last string argument, the offset; a returning client names
// the last it saw. Bounded by bytes: the oldest go first, and a client that missed more than is kept cannot be recovered. An
// event that alone is larger than the bound is not kept at all: what a client makes the server hold after it is lost must not
// depend on the size of what it is sent, a snapshot of 200 calls for example.
//
// The events are in blocks, and the oldest block is dropped as a whole, so that an append reads none of the old events: to read
// them, long out of the cache, took longer than to write the new one. The price: up to a quarter more is kept than the bound.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace belfry::protocol {

class RecoveryLog {
 public:
  /// The number of the next event; the first is 1.
  [[nodiscard]] std::uint64_t next_offset() const { return next_; }

  /// Keeps `event` (a whole JSON array, its offset included) under next_offset(), and what came before it up to `max_bytes`. If
  /// it is larger than that, nothing is kept: only a client that has seen it can be recovered.
  void append(std::string_view event, std::size_t max_bytes, TimePoint now);

  /// Is everything after `seen` still here? 0 means the client has seen nothing.
  [[nodiscard]] bool reaches_back_to(std::uint64_t seen) const { return seen + 1 >= first() && seen < next_; }

  template <class Visit>
  void each_after(std::uint64_t seen, Visit&& visit) const {
    std::uint64_t offset = first();
    for (const Block& block : blocks_)
      for (std::size_t at = 0; at < block.events.size(); ++offset) {
        const std::string_view event = event_at(block, at);
        if (offset > seen) visit(event);
        at += kSizeBytes + event.size();
      }
  }

  /// Gives the memory back if nothing was sent since `before`.
  void forget_if_older(TimePoint before);

 private:
  struct Block {
    std::uint64_t first = 0;  // the number of its first event
    std::string events{};     // each behind its length
  };
  static constexpr std::size_t kSizeBytes = 4;
  static constexpr std::size_t kBlocks = 8;  // in the bound; two more make up the quarter
  [[nodiscard]] static std::string_view event_at(const Block& block, std::size_t at);
  [[nodiscard]] std::uint64_t first() const { return blocks_.empty() ? next_ : blocks_.front().first; }
  void begin_block(std::size_t max_bytes, std::size_t needed);
  void drop_all();

  std::vector<Block> blocks_;  // oldest first
  std::size_t bytes_ = 0;      // in all of them
  std::uint64_t next_ = 1;
  TimePoint last_append_{};
};

}  // namespace belfry::protocol

// Unsent bytes. A connection has an OutputBuffer only while something is unsent: an idle one costs a null pointer. Buffers
// keep their capacity and go round in a small pool, so a relayed message allocates nothing.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "net/kept_bytes.hpp"

namespace belfry::net {

struct OutputBuffer {
  std::string bytes;         // the Handler appends here
  std::size_t sent = 0;      // leading bytes that have left; kept until all have, so a slow reader costs no memmove
  KeptBytes::Share share{};  // of what could not leave at once
  TimePoint moved{};         // when something left last; zero until not all of it could leave
  [[nodiscard]] std::size_t unsent() const { return bytes.size() - sent; }

  /// Asked after each send() that left something unsent; `left` is what it took.
  [[nodiscard]] bool has_stalled(std::size_t left, TimePoint now, Duration limit) {
    if (left != 0 || moved == TimePoint{}) moved = now;
    return now - moved >= limit;
  }
};

class OutputPool {
 public:
  [[nodiscard]] std::unique_ptr<OutputBuffer> take() {
    if (idle_.empty()) return std::make_unique<OutputBuffer>();
    auto buffer = std::move(idle_.back());
    idle_.pop_back();
    kept_bytes_ -= buffer->bytes.capacity();
    return buffer;
  }

  void give_back(std::unique_ptr<OutputBuffer> buffer) {
    const std::size_t capacity = buffer->bytes.capacity();
    if (capacity > kLargestKept || kept_bytes_ + capacity > kMostKept) return;
    buffer->bytes.clear();
    buffer->sent = 0;
    buffer->share = {};
    buffer->moved = {};
    kept_bytes_ += capacity;
    idle_.push_back(std::move(buffer));
  }

 private:
  // A burst to every connection of a shard must not stay in memory for ever; 2 MiB are 500 answers of 4 KiB.
  static constexpr std::size_t kLargestKept = 64 * 1024;
  static constexpr std::size_t kMostKept = 2 * 1024 * 1024;
  std::vector<std::unique_ptr<OutputBuffer>> idle_;
  std::size_t kept_bytes_ = 0;
};

}  // namespace belfry::net

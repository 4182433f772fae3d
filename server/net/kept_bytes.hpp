// KeptBytes: what the shards of a server keep for their peers altogether, unread and unsent. Each connection has bounds of its
// own, but some thousands of one address at their bounds are more than a machine has. Over the limit, connections that keep much
// are closed. Small pieces are not counted: they are what busy connections have for a moment, and this is shared by all shards.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace belfry::net {

class KeptBytes {
 public:
  /// Pieces below are not counted. A connection that keeps more is closed when the limit is reached.
  static constexpr std::size_t kSmall = 16 * 1024;

  explicit KeptBytes(std::size_t limit) : limit_(static_cast<std::int64_t>(limit)) {}
  [[nodiscard]] bool over() const { return bytes_.load(std::memory_order_relaxed) > limit_; }

  /// One piece of `size` bytes, as long as it lives.
  class Share {
   public:
    Share() = default;
    Share(KeptBytes& of, std::size_t size) : of_(&of), size_(size < kSmall ? 0 : static_cast<std::int64_t>(size)) { add(size_); }
    Share(Share&& other) noexcept : of_(other.of_), size_(std::exchange(other.size_, 0)) {}
    Share& operator=(Share&& other) noexcept {
      std::swap(of_, other.of_);
      std::swap(size_, other.size_);
      return *this;
    }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    ~Share() { add(-size_); }

   private:
    void add(std::int64_t bytes) {
      if (bytes != 0) of_->bytes_.fetch_add(bytes, std::memory_order_relaxed);
    }
    KeptBytes* of_ = nullptr;
    std::int64_t size_ = 0;
  };

 private:
  const std::int64_t limit_;
  std::atomic<std::int64_t> bytes_{0};
};

}  // namespace belfry::net

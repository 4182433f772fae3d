// Reactor: epoll with just what a shard needs. What is watched is named by a Token; a connection's token holds its slot and
// generation, so an event for a tenant who left earlier in the same batch is recognised as stale.
// Connections are watched edge-triggered for everything at once, which spares every later epoll_ctl() (arming EPOLLOUT) and
// the kernel's second look at each ready descriptor; the price is that a reader must remember unfinished work itself.
#pragma once

#include <sys/epoll.h>

#include <array>
#include <cstdint>
#include <span>

#include "base/time.hpp"
#include "net/descriptor.hpp"
#include "protocol/link.hpp"

namespace belfry::net {

enum class Watched : std::uint32_t { listener, mailbox };

class Token {
 public:
  explicit Token(protocol::ConnectionId id) : bits_(std::uint64_t{id.generation} << 32 | id.slot) {}
  explicit Token(Watched watched) : bits_(static_cast<std::uint32_t>(watched)) {}  // generation 0 is no connection
  explicit Token(std::uint64_t bits) : bits_(bits) {}

  [[nodiscard]] std::uint64_t bits() const { return bits_; }
  [[nodiscard]] protocol::ConnectionId connection() const {
    return {static_cast<std::uint32_t>(bits_), static_cast<std::uint32_t>(bits_ >> 32)};
  }
  [[nodiscard]] Watched watched() const { return static_cast<Watched>(static_cast<std::uint32_t>(bits_)); }

 private:
  std::uint64_t bits_;
};

constexpr std::uint32_t kWatchConnection = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
constexpr std::uint32_t kWatchMailbox = EPOLLIN | EPOLLET;
constexpr std::uint32_t kWatchListener = EPOLLIN;  // level-triggered: accepting is bounded per batch

class Reactor {
 public:
  /// False: the kernel has no room for one more epoll descriptor.
  [[nodiscard]] bool open();
  [[nodiscard]] bool watch(int descriptor, Token token, std::uint32_t events);
  /// Needed where closing is not enough: a descriptor that lives on in another shard's table stays watched.
  void forget(int descriptor);
  /// Sleeps until something is ready, at most `time_to_wait`; Duration::max() is for ever. The span lives until the next wait().
  std::span<const epoll_event> wait(Duration time_to_wait);

 private:
  int wait_coarsely(Duration time_to_wait);

  static constexpr std::size_t kEventsPerBatch = 512;
  Descriptor epoll_;
  bool fine_ = true;  // the kernel knows epoll_pwait2 (Linux 5.11)
  std::array<epoll_event, kEventsPerBatch> events_{};
};

}  // namespace belfry::net

// What one socket was sent lately, for the case that its transport is lost with events still on the way (Socket.IO
// "Connection state recovery"). Each event bears its number as a last string argument, the offset; a returning client names
// the last it saw. Bounded by bytes: the oldest go first, and a client that missed more than is kept cannot be recovered.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace belfry::session {

class RecoveryLog {
 public:
  /// The number the next event will bear; the first is 1.
  [[nodiscard]] std::uint64_t next_offset() const { return next_; }

  /// Keeps `event` (a whole JSON array, its offset included) under next_offset().
  void append(std::string_view event, std::size_t max_bytes, TimePoint now);

  /// Is everything after `seen` still here? 0 means the client has seen nothing.
  [[nodiscard]] bool reaches_back_to(std::uint64_t seen) const { return seen + 1 >= first_ && seen < next_; }

  template <class Visit>
  void each_after(std::uint64_t seen, Visit&& visit) const {
    std::uint64_t offset = first_;
    for (std::size_t at = head_; at < bytes_.size(); ++offset) {
      const std::string_view event = event_at(at);
      if (offset > seen) visit(event);
      at += kSizeBytes + event.size();
    }
  }

  /// Gives the memory back if nothing was sent since `before`.
  void forget_if_older(TimePoint before);

 private:
  static constexpr std::size_t kSizeBytes = 4;
  [[nodiscard]] std::string_view event_at(std::size_t at) const;
  void drop_oldest();

  std::string bytes_;        // each event behind its length
  std::size_t head_ = 0;     // where the oldest kept event starts
  std::uint64_t first_ = 1;  // its number
  std::uint64_t next_ = 1;
  TimePoint last_append_{};
};

}  // namespace belfry::session

// HeartbeatRing: which session is pinged next, and which answer is overdue, for any number of Engine.IO sessions with two links
// each and no timer. Sessions stand in the order of their next ping. The front is pinged and goes to the back with its phase
// kept, so pings do not drift from the handshake. A second cursor follows behind and looks at each session `timeout` after its
// last ping: the same order serves both, since every session waits equally long (Engine.IO v4 "Heartbeat"). Sessions live in the
// owner's table; the ring reaches their Beat through `beat_of(slot)`.
#pragma once

#include <cstdint>

#include "base/time.hpp"
#include "protocol/link.hpp"

namespace belfry::protocol {

constexpr std::uint32_t kNoSlot = 0xFFFFFFFF;

struct Beat {
  std::uint32_t previous = kNoSlot;
  std::uint32_t next = kNoSlot;
  TimePoint next_ping{};
};

template <class BeatOf>
class HeartbeatRing {
 public:
  HeartbeatRing(Duration interval, Duration timeout, BeatOf beat_of)
      : interval_(interval),
        timeout_(timeout),
        beat_of_(beat_of) {}

  /// A session enters with its handshake at `now`.
  void add(std::uint32_t slot, TimePoint now) {
    beat_of_(slot).next_ping = now + interval_;
    push_back(slot);
  }
  void remove(std::uint32_t slot) {
    if (cursor_ == slot) cursor_ = beat_of_(slot).next;
    unlink(slot);
  }

  [[nodiscard]] TimePoint next_deadline() const {
    const TimePoint ping = front_ == kNoSlot ? kNever : beat_of_(front_).next_ping;
    const TimePoint check = cursor_ == kNoSlot ? kNever : answer_deadline(cursor_);
    return ping < check ? ping : check;
  }

  /// `overdue(slot)` for each session whose answer time has passed (it may remove that session), then `ping(slot)` for each
  /// that is due.
  template <class Overdue, class Ping>
  void run(TimePoint now, Overdue&& overdue, Ping&& ping) {
    check_answers(now, overdue);
    while (front_ != kNoSlot && beat_of_(front_).next_ping <= now) {
      const std::uint32_t slot = front_;
      if (cursor_ == slot) cursor_ = beat_of_(slot).next;
      unlink(slot);
      beat_of_(slot).next_ping += interval_;
      push_back(slot);
      ping(slot);
    }
    check_answers(now, overdue);
  }

 private:
  template <class Overdue>
  void check_answers(TimePoint now, Overdue&& overdue) {
    while (cursor_ != kNoSlot && answer_deadline(cursor_) <= now) {
      const std::uint32_t slot = cursor_;
      cursor_ = beat_of_(slot).next;
      overdue(slot);
    }
  }
  [[nodiscard]] TimePoint answer_deadline(std::uint32_t slot) const { return beat_of_(slot).next_ping - interval_ + timeout_; }

  void push_back(std::uint32_t slot) {
    Beat& beat = beat_of_(slot);
    beat.previous = back_;
    beat.next = kNoSlot;
    (back_ == kNoSlot ? front_ : beat_of_(back_).next) = slot;
    back_ = slot;
    if (cursor_ == kNoSlot) cursor_ = slot;
  }
  void unlink(std::uint32_t slot) {
    const Beat& beat = beat_of_(slot);
    (beat.previous == kNoSlot ? front_ : beat_of_(beat.previous).next) = beat.next;
    (beat.next == kNoSlot ? back_ : beat_of_(beat.next).previous) = beat.previous;
  }

  Duration interval_;
  Duration timeout_;
  BeatOf beat_of_;
  std::uint32_t front_ = kNoSlot;
  std::uint32_t back_ = kNoSlot;
  std::uint32_t cursor_ = kNoSlot;  // the first whose answer to its last ping has not been checked
};

}  // namespace belfry::protocol

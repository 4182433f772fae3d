// DeadlineQueue<Key>: many waits of one same length, so the order of entry is the order of expiry and a deque is enough: no
// heap, no timer object. An entry is not removed when its wait becomes moot: the callback checks whether it still applies.
#pragma once

#include <deque>

#include "base/time.hpp"
#include "protocol/link.hpp"

namespace belfry::protocol {

template <class Key>
class DeadlineQueue {
 public:
  explicit DeadlineQueue(Duration wait) : wait_(wait) {}

  void add(Key key, TimePoint now) { entries_.push_back({now + wait_, key}); }
  [[nodiscard]] TimePoint next() const { return entries_.empty() ? kNever : entries_.front().at; }

  /// Calls `expired(key)` for each entry due at `now`. New entries may be added meanwhile.
  template <class Expired>
  void run(TimePoint now, Expired&& expired) {
    while (!entries_.empty() && entries_.front().at <= now) {
      const Key key = entries_.front().key;
      entries_.pop_front();
      expired(key);
    }
  }

 private:
  struct Entry {
    TimePoint at;
    Key key;
  };
  Duration wait_;
  std::deque<Entry> entries_;
};

}  // namespace belfry::protocol

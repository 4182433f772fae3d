// Time-outs of one length: the first to enter is the first due, so a queue is enough. Entries are not removed early: a connection
// that has closed or gone on to another phase is recognised by its generation and phase when its entry is due.
#pragma once

#include <deque>
#include <utility>

#include "base/time.hpp"
#include "session/link.hpp"

namespace belfry::net {

class DeadlineFifo {
 public:
  explicit DeadlineFifo(Duration length) : length_(length) {}

  void enter(session::ConnectionId id, TimePoint now) { waiting_.emplace_back(now + length_, id); }
  [[nodiscard]] TimePoint next() const { return waiting_.empty() ? session::kNever : waiting_.front().first; }

  template <class Visit>
  void take_due(TimePoint now, Visit&& visit) {
    while (!waiting_.empty() && waiting_.front().first <= now) {
      const session::ConnectionId id = waiting_.front().second;
      waiting_.pop_front();
      visit(id);
    }
  }

 private:
  Duration length_;
  std::deque<std::pair<TimePoint, session::ConnectionId>> waiting_;
};

}  // namespace belfry::net

// Deadline: the time limit of one question, including everything it needs: statements, a broken connection, a new one. It is a
// timerfd polled together with the socket, so nothing here reads a clock.
#pragma once

#include "base/time.hpp"

namespace belfry::postgres {

class Deadline {
 public:
  Deadline();
  ~Deadline();
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  void begin(Duration from_now);
  [[nodiscard]] bool passed() const;
  /// Waits until `socket` is ready for `events` (POLLIN, POLLOUT). False: the time is over.
  [[nodiscard]] bool wait_for(int socket, short events) const;
  /// Sleeps for `length`, or until the deadline if that comes first.
  void pause(Duration length) const;

 private:
  int timer_;
};

}  // namespace belfry::postgres

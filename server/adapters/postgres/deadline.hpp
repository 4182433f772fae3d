// Deadline: until when one question may take, whatever it needs for that: statements, a lost connection, a new one. It is a
// timerfd which is polled beside the socket, so that nothing here reads a clock.
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
  /// Waits until `socket` is ready for what is asked (POLLIN, POLLOUT); false: the time is over.
  [[nodiscard]] bool wait_for(int socket, short events) const;
  /// Lets that time pass, or less if the deadline comes first.
  void pause(Duration length) const;

 private:
  int timer_;
};

}  // namespace belfry::postgres

#include "adapters/postgres/deadline.hpp"

#include <poll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/check.hpp"

namespace belfry::postgres {

Deadline::Deadline() : timer_(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)) {
  CHECK(timer_ >= 0, "a store's thread gets a timer at start");
}

Deadline::~Deadline() { ::close(timer_); }

void Deadline::begin(Duration from_now) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(from_now);
  itimerspec spec{};
  spec.it_value = {.tv_sec = seconds.count(), .tv_nsec = (from_now - seconds).count()};
  CHECK(::timerfd_settime(timer_, 0, &spec, nullptr) == 0, "a timer can be set");
}

bool Deadline::passed() const {
  pollfd timer{.fd = timer_, .events = POLLIN, .revents = 0};
  return ::poll(&timer, 1, 0) > 0;
}

bool Deadline::wait_for(int socket, short events) const {
  std::array<pollfd, 2> both{pollfd{.fd = socket, .events = events, .revents = 0},
                             pollfd{.fd = timer_, .events = POLLIN, .revents = 0}};
  while (::poll(both.data(), both.size(), -1) < 0) CHECK(errno == EINTR, "poll on two own descriptors works");
  return both[0].revents != 0;
}

void Deadline::pause(Duration length) const {
  pollfd timer{.fd = timer_, .events = POLLIN, .revents = 0};
  // Its result is dropped: a pause that a signal cuts short only makes the next try come sooner.
  static_cast<void>(::poll(&timer, 1, static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(length).count())));
}

}  // namespace belfry::postgres

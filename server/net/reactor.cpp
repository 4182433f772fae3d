#include "net/reactor.hpp"

#include <errno.h>
#include <time.h>

#include <algorithm>

namespace belfry::net {

bool Reactor::open() {
  epoll_.reset(::epoll_create1(EPOLL_CLOEXEC));
  return static_cast<bool>(epoll_);
}

bool Reactor::watch(int descriptor, Token token, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = token.bits();
  return ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, descriptor, &event) == 0;
}

void Reactor::forget(int descriptor) {
  epoll_event unused{};
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, descriptor, &unused);
}

std::span<const epoll_event> Reactor::wait(Duration time_to_wait) {
  constexpr int room = static_cast<int>(kEventsPerBatch);
  int ready = 0;
  if (time_to_wait == Duration::max()) {
    ready = ::epoll_wait(epoll_.get(), events_.data(), room, -1);
  } else if (time_to_wait <= Duration::zero()) {
    ready = ::epoll_wait(epoll_.get(), events_.data(), room, 0);
  } else if (fine_) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time_to_wait);
    const timespec limit{.tv_sec = seconds.count(), .tv_nsec = (time_to_wait - seconds).count()};
    ready = ::epoll_pwait2(epoll_.get(), events_.data(), room, &limit, nullptr);
    if (ready < 0 && errno == ENOSYS) {
      fine_ = false;
      ready = wait_coarsely(time_to_wait);
    }
  } else {
    ready = wait_coarsely(time_to_wait);
  }
  return {events_.data(), static_cast<std::size_t>(std::max(ready, 0))};
}

// Rounded up: a deadline may be met late, never early, and rounding down would spin through the last millisecond.
int Reactor::wait_coarsely(Duration time_to_wait) {
  const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(std::min<Duration>(time_to_wait, std::chrono::hours(1)));
  return ::epoll_wait(epoll_.get(), events_.data(), static_cast<int>(kEventsPerBatch), static_cast<int>(milliseconds.count()));
}

}  // namespace belfry::net

#include "net/transport.hpp"

#include <errno.h>
#include <sys/socket.h>

namespace belfry::net {

Received receive_plain(int descriptor, MutableBytes room) {
  for (;;) {
    const ssize_t got = ::recv(descriptor, room.data(), room.size(), 0);
    if (got > 0) {
      const auto size = static_cast<std::size_t>(got);
      // epoll(7): a short read of a stream has drained it, so the EAGAIN need not be fetched.
      return {size, size == room.size() ? After::more : After::drained};
    }
    if (got == 0) return {0, After::ended};
    if (errno == EINTR) continue;
    return {0, errno == EAGAIN ? After::drained : After::failed};
  }
}

Sent send_plain(int descriptor, Bytes bytes) {
  for (;;) {
    const ssize_t sent = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) return {static_cast<std::size_t>(sent), false};
    if (errno == EINTR) continue;
    return {0, errno != EAGAIN};
  }
}

}  // namespace belfry::net

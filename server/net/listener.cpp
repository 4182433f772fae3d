#include "net/listener.hpp"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>

namespace belfry::net {
namespace {

using Resolved = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

void set(int socket, int level, int option, int value) { ::setsockopt(socket, level, option, &value, sizeof value); }

PeerAddress as_ipv6(const sockaddr_storage& from) {
  PeerAddress address{};
  if (from.ss_family == AF_INET6) {
    const auto& six = reinterpret_cast<const sockaddr_in6&>(from);
    std::memcpy(address.data(), &six.sin6_addr, 16);
  } else if (from.ss_family == AF_INET) {
    const auto& four = reinterpret_cast<const sockaddr_in&>(from);
    address[10] = address[11] = 0xff;
    std::memcpy(address.data() + 12, &four.sin_addr, 4);
  }
  return address;
}

Resolved resolve(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const char* name = host.empty() || host == "*" ? "::" : host.c_str();
  if (::getaddrinfo(name, std::to_string(port).c_str(), &hints, &found) != 0) found = nullptr;
  return {found, &::freeaddrinfo};
}

std::string advice(const std::string& host, std::uint16_t port, int error) {
  const std::string where = host + ":" + std::to_string(port);
  switch (error) {
    case EADDRINUSE:
      return "another program listens on " + where + ": stop it, or choose another --listen";
    case EACCES:
      return "listening on " + where + " is not allowed: ports below 1024 need CAP_NET_BIND_SERVICE";
    case EADDRNOTAVAIL:
      return "this machine has no address " + host + ": choose another --listen";
    default:
      return "cannot listen on " + where + ": " + std::strerror(error);
  }
}

/// A socket bound to `to`, or errno's value.
Expected<Descriptor, int> bound(const addrinfo& to, Sharing sharing) {
  Descriptor socket(::socket(to.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return unexpected(errno);
  set(socket.get(), SOL_SOCKET, SO_REUSEADDR, 1);
  if (sharing != Sharing::alone) set(socket.get(), SOL_SOCKET, SO_REUSEPORT, 1);
  if (to.ai_family == AF_INET6) set(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, 0);
  // Inherited by every accepted socket, which spares a system call for each.
  set(socket.get(), IPPROTO_TCP, TCP_NODELAY, 1);
  if (::bind(socket.get(), to.ai_addr, to.ai_addrlen) != 0) return unexpected(errno);
  return socket;
}

}  // namespace

Expected<Listener, std::string> Listener::open(const std::string& host, std::uint16_t port, Sharing sharing, int backlog) {
  const Resolved to = resolve(host, port);
  if (!to) return unexpected("no such address to listen on: " + host + "; give --listen ADDRESS:PORT");
  if (sharing == Sharing::first_of_many && port != 0) {
    // SO_REUSEPORT would let a second server of the same user share our port without a word. Ask without it first.
    if (auto probe = bound(*to, Sharing::alone); !probe) return unexpected(advice(host, port, probe.error()));
  }
  auto socket = bound(*to, sharing);
  if (!socket) return unexpected(advice(host, port, socket.error()));
  if (::listen(socket->get(), backlog) != 0) return unexpected(advice(host, port, errno));
  Listener listener;
  listener.socket_ = std::move(*socket);
  return listener;
}

Arrival Listener::accept() {
  sockaddr_storage from{};
  for (;;) {
    socklen_t size = sizeof from;
    Descriptor descriptor(::accept4(socket_.get(), reinterpret_cast<sockaddr*>(&from), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (descriptor) return {Arrival::Outcome::connected, std::move(descriptor), as_ipv6(from)};
    switch (errno) {
      case EAGAIN:
        return {};
      case EINTR:
      case EPROTO:
      case ECONNABORTED:
        continue;  // accept(2): that arrival failed before we took it; the next may be well
      default:     // EMFILE, ENFILE, ENOBUFS, ENOMEM, and whatever else might come back at every try
        return {.outcome = Arrival::Outcome::exhausted, .descriptor = {}, .address = {}};
    }
  }
}

std::uint16_t Listener::port() const {
  sockaddr_storage here{};
  socklen_t size = sizeof here;
  if (::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&here), &size) != 0) return 0;
  // sin_port and sin6_port lie at the same offset.
  return ntohs(reinterpret_cast<const sockaddr_in&>(here).sin_port);
}

PeerAddress peer_address(int descriptor) {
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &size) != 0) return {};
  return as_ipv6(peer);
}

}  // namespace belfry::net

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

/// False: errno says why not.
[[nodiscard]] bool set(int socket, int level, int option, int value) {
  return ::setsockopt(socket, level, option, &value, sizeof value) == 0;
}

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

ListenAddresses resolve(const char* name, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (::getaddrinfo(name, std::to_string(port).c_str(), &hints, &found) != 0) return {};
  const Resolved all(found, &::freeaddrinfo);
  ListenAddresses addresses;
  for (const addrinfo* each = all.get(); each != nullptr; each = each->ai_next) {
    ListenAddress& address = addresses.emplace_back();
    std::memcpy(&address.place, each->ai_addr, each->ai_addrlen);
    address.size = each->ai_addrlen;
  }
  return addresses;
}

/// This machine cannot have that address, for instance an IPv6 one where IPv6 is off.
bool is_absent(int error) { return error == EADDRNOTAVAIL || error == EAFNOSUPPORT; }

std::string advice(const std::string& host, std::uint16_t port, int error) {
  const std::string where = host + ":" + std::to_string(port);
  switch (error) {
    case EADDRINUSE:
      return "another program listens on " + where + ": stop it, or choose another --listen";
    case EACCES:
      return "listening on " + where + " is not allowed: ports below 1024 need CAP_NET_BIND_SERVICE";
    case EADDRNOTAVAIL:
    case EAFNOSUPPORT:
      return "this machine has no address " + host + ": choose another --listen";
    default:
      return "cannot listen on " + where + ": " + std::strerror(error);
  }
}

bool set_options(int socket, int family, Sharing sharing) {
  return set(socket, SOL_SOCKET, SO_REUSEADDR, 1) && (sharing == Sharing::alone || set(socket, SOL_SOCKET, SO_REUSEPORT, 1)) &&
         (family != AF_INET6 || set(socket, IPPROTO_IPV6, IPV6_V6ONLY, 0)) &&
         // Inherited by every accepted socket, which spares a system call for each.
         set(socket, IPPROTO_TCP, TCP_NODELAY, 1);
}

/// A socket bound to `to`, or errno's value.
Expected<Descriptor, int> bound(const ListenAddress& to, Sharing sharing) {
  Descriptor socket(::socket(to.place.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket || !set_options(socket.get(), to.place.ss_family, sharing) ||
      ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&to.place), to.size) != 0)
    return unexpected(errno);
  return socket;
}

/// A socket that listens at `to`, or errno's value.
Expected<Descriptor, int> listening(const ListenAddress& to, std::uint16_t port, Sharing sharing, int backlog) {
  if (sharing == Sharing::first_of_many && port != 0) {
    // SO_REUSEPORT would let a second server of the same user share our port without a word. Ask without it first.
    if (auto probe = bound(to, Sharing::alone); !probe) return unexpected(probe.error());
  }
  auto socket = bound(to, sharing);
  if (socket && ::listen(socket->get(), backlog) != 0) return unexpected(errno);
  return socket;
}

}  // namespace

ListenAddresses listen_addresses(const std::string& host, std::uint16_t port) {
  if (!host.empty() && host != "*") return resolve(host.c_str(), port);
  ListenAddresses all = resolve("::", port);
  for (const ListenAddress& each : resolve("0.0.0.0", port)) all.push_back(each);
  return all;
}

Expected<Listener, std::string> Listener::open(const std::string& host, std::uint16_t port, Sharing sharing, int backlog,
                                               ListenLookup lookup) {
  const ListenAddresses addresses = lookup(host, port);
  int error = 0;
  for (const ListenAddress& to : addresses) {
    auto socket = listening(to, port, sharing, backlog);
    if (socket) {
      Listener listener;
      listener.socket_ = std::move(*socket);
      return listener;
    }
    error = socket.error();
    if (!is_absent(error)) break;
  }
  if (addresses.empty()) return unexpected("no such address to listen on: " + host + "; give --listen ADDRESS:PORT");
  return unexpected(advice(host, port, error));
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

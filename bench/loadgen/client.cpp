#include "client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "meter.hpp"
#include "wire/websocket/frame.hpp"

namespace belfry::loadgen {
namespace {

constexpr std::size_t kReadSize = 256 * 1024;

[[noreturn]] void give_up(const char* what) {
  std::fprintf(stderr, "loadgen: %s: %s\n", what, std::strerror(errno));
  std::exit(1);
}

int connect_to(const Target& target, std::size_t source) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) give_up("socket (ulimit -n?)");
  const int one = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (source != 0) {
    ::setsockopt(fd, SOL_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    sockaddr_in from{};
    from.sin_family = AF_INET;
    from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + static_cast<std::uint32_t>(source));
    if (::bind(fd, reinterpret_cast<sockaddr*>(&from), sizeof from) != 0) give_up("bind");
  }
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(target.port);
  ::inet_pton(AF_INET, target.host.c_str(), &to.sin_addr);
  if (::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) give_up("connect");
  return fd;
}

}  // namespace

std::string frame(std::string_view text) {
  std::string bytes;
  websocket::append_masked(bytes, websocket::Opcode::text, as_bytes(text), 0);
  return bytes;
}

Fleet::Fleet(Target target) : target_(std::move(target)), epoll_(::epoll_create1(EPOLL_CLOEXEC)), buffer_(kReadSize, '\0') {}

Fleet::~Fleet() {
  for (const Client& client : clients_) ::close(client.fd);
  ::close(epoll_);
}

void Fleet::open(std::size_t index) {
  Client client;
  client.fd = connect_to(target_, sources_ == 0 ? 0 : first_source_ + index % sources_);
  client.index = index;
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = index;
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, client.fd, &event) != 0) give_up("epoll_ctl");
  clients_.push_back(std::move(client));
  send(clients_.back(),
       "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\n"
       "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
}

bool Fleet::grow_to(std::size_t count, std::size_t in_flight, double seconds) {
  const std::int64_t until = now_ns() + static_cast<std::int64_t>(seconds * 1e9);
  clients_.reserve(count);
  while (ready_ < count) {
    while (clients_.size() < count && clients_.size() - ready_ < in_flight) open(clients_.size());
    pump(100);
    if (now_ns() > until) return false;
  }
  return true;
}

void Fleet::send(Client& client, std::string_view bytes) {
  if (client.out.empty()) dirty_.push_back(client.index);
  client.out.append(bytes);
}

void Fleet::flush() {
  std::vector<std::size_t> dirty;
  dirty.swap(dirty_);
  for (const std::size_t index : dirty) {
    Client& client = clients_[index];
    const ssize_t sent = ::send(client.fd, client.out.data(), client.out.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) give_up("send");
    if (sent > 0) client.out.erase(0, static_cast<std::size_t>(sent));
    if (!client.out.empty()) dirty_.push_back(index);
  }
}

void Fleet::pump(int timeout_ms) {
  flush();
  std::array<epoll_event, 1024> events;
  const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), dirty_.empty() ? timeout_ms : 0);
  for (int i = 0; i < count; ++i) receive(clients_[events[static_cast<std::size_t>(i)].data.u64]);
  flush();
}

void Fleet::receive(Client& client) {
  const ssize_t size = ::recv(client.fd, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
  if (size < 0 && errno == EAGAIN) return;
  if (size <= 0) {
    std::fprintf(stderr, "loadgen: the server closed client %zu\n", client.index);
    std::exit(1);
  }
  client.in.append(buffer_.data(), static_cast<std::size_t>(size));
  if (!client.upgraded) {
    const std::size_t end = client.in.find("\r\n\r\n");
    if (end == std::string::npos) return;
    if (client.in.compare(0, 12, "HTTP/1.1 101") != 0) {
      std::fprintf(stderr, "loadgen: no upgrade: %.60s\n", client.in.c_str());
      std::exit(1);
    }
    client.in.erase(0, end + 4);
    client.upgraded = true;
  }
  read_frames(client);
}

void Fleet::read_frames(Client& client) {
  std::size_t used = 0;
  const std::string& in = client.in;
  while (in.size() - used >= 2) {
    std::size_t head = 2;
    std::size_t size = static_cast<unsigned char>(in[used + 1]) & 0x7F;
    const std::size_t extended = size == 126 ? 2 : size == 127 ? 8 : 0;
    if (extended != 0) {
      if (in.size() - used < 2 + extended) break;
      size = 0;
      for (std::size_t i = 0; i < extended; ++i) size = size << 8 | static_cast<unsigned char>(in[used + 2 + i]);
      head += extended;
    }
    if (in.size() - used < head + size) break;
    on_text(client, std::string_view(in).substr(used + head, size));
    used += head + size;
  }
  client.in.erase(0, used);
}

void Fleet::on_text(Client& client, std::string_view text) {
  static const std::string kPong = frame("3");
  static const std::string kConnect = frame("40");
  if (text.empty()) return;
  if (text.front() == '2') return send(client, kPong);
  if (text.front() == '0') return send(client, kConnect);
  if (text.starts_with("40")) {
    return send(client, frame("42[\"register_user\",{\"userId\":\"" + target_.prefix + std::to_string(client.index) + "\"}]"));
  }
  if (!client.ready && text.starts_with("42[\"user_registered\"")) {
    client.ready = true;
    ++ready_;
    return;
  }
  if (on_message && text.front() == '4') on_message(client, text.substr(1));
}

}  // namespace belfry::loadgen

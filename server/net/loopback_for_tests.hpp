// For net/'s own tests: a client on the loopback that waits for what it expects instead of sleeping, and Handlers whose
// behaviour a test writes down in lambdas. Every wait ends after kPatience, so a broken server fails tests, never hangs them.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "net/descriptor.hpp"
#include "net/server.hpp"

namespace belfry::net::loopback {

constexpr std::chrono::seconds kPatience{20};

/// ThreadSanitizer knows one descriptor table per process, and takes equal numbers in private tables for one descriptor.
#if defined(__SANITIZE_THREAD__)
constexpr bool kPrivateTablesAreUnderstood = false;
#else
constexpr bool kPrivateTablesAreUnderstood = true;
#endif

struct CountingLog final : Log {
  [[nodiscard]] bool enabled(LogLevel) const override { return true; }
  void write(LogLevel, std::string_view, std::initializer_list<LogField>) override { ++lines; }
  std::atomic<int> lines{0};
};

/// Yields until `condition` holds.
inline bool eventually(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

class Peer {
 public:
  /// `receive_buffer` 0: the kernel's default.
  explicit Peer(std::uint16_t port, const char* from = nullptr, int receive_buffer = 0)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (receive_buffer != 0) ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    if (from != nullptr) {
      const sockaddr_in here = at(from, 0);
      ::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&here), sizeof here);
    }
    const sockaddr_in there = at("127.0.0.1", port);
    connected_ = ::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&there), sizeof there) == 0;
  }

  [[nodiscard]] bool connected() const { return connected_; }
  [[nodiscard]] int descriptor() const { return socket_.get(); }

  /// False once the connection has failed.
  bool send(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t sent = ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  void finish() const { ::shutdown(socket_.get(), SHUT_WR); }
  void leave() { socket_.reset(); }

  /// Exactly `size` bytes, fewer if the connection ends before.
  [[nodiscard]] std::string receive(std::size_t size) const {
    std::string received;
    while (received.size() < size && receive_some(received, size - received.size())) {
    }
    return received;
  }
  [[nodiscard]] std::string receive_to_the_end() const {
    std::string received;
    while (receive_some(received, 65536)) {
    }
    return received;
  }
  /// The server ended this connection, orderly or not.
  [[nodiscard]] bool was_ended() const {
    std::string rest;
    while (receive_some(rest, 65536)) {
    }
    return !timed_out_;
  }

 private:
  static sockaddr_in at(const char* address, std::uint16_t port) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    ::inet_pton(AF_INET, address, &where.sin_addr);
    return where;
  }
  bool receive_some(std::string& received, std::size_t most) const {
    pollfd ready{socket_.get(), POLLIN, 0};
    if (::poll(&ready, 1, static_cast<int>(std::chrono::milliseconds(kPatience).count())) <= 0) {
      timed_out_ = true;
      return false;
    }
    const std::size_t before = received.size();
    received.resize(before + most);
    const ssize_t got = ::recv(socket_.get(), received.data() + before, most, 0);
    received.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    return got > 0;
  }

  Descriptor socket_;
  bool connected_ = false;
  mutable bool timed_out_ = false;
};

/// A Handler that echoes, unless a test says otherwise.
class Scripted : public protocol::Handler {
 public:
  using ConnectionId = protocol::ConnectionId;
  explicit Scripted(const ShardContext& shard) : context(shard) {}

  void on_open(ConnectionId id, const protocol::ConnectionFacts& facts) override {
    if (opened) opened(id, facts);
  }
  std::size_t on_bytes(ConnectionId id, MutableBytes input) override {
    if (bytes) return bytes(id, input);
    context.link.output(id).append(as_text(input));
    return input.size();
  }
  bool owes_answer(ConnectionId id) override { return owes && owes(id); }
  void on_closed(ConnectionId id) override {
    if (closed) closed(id);
  }
  [[nodiscard]] TimePoint next_deadline() const override { return deadline; }
  void on_time(TimePoint now) override {
    deadline = protocol::kNever;
    if (time) time(now);
  }
  void on_drain() override {
    if (drain) drain();
  }

  const ShardContext context;
  TimePoint deadline = protocol::kNever;
  std::function<void(ConnectionId, const protocol::ConnectionFacts&)> opened;
  std::function<std::size_t(ConnectionId, MutableBytes)> bytes;
  std::function<bool(ConnectionId)> owes;
  std::function<void(ConnectionId)> closed;
  std::function<void(TimePoint)> time;
  std::function<void()> drain;
};

inline ServerConfig with_threads(unsigned threads) {
  ServerConfig config;
  config.threads = threads;
  config.port = 0;
  return config;
}

/// Whatever a peer sends is answered with `text`, read no further, and its connection closed.
inline void answer_and_close(Scripted& handler, std::string text, protocol::Ending ending) {
  handler.bytes = [&handler, text = std::move(text), ending](protocol::ConnectionId id, MutableBytes) {
    handler.context.link.output(id).append(text);
    handler.context.link.close(id, ending);
    return std::size_t{0};
  };
}

/// A running server whose Handlers `script` writes.
class Running {
 public:
  using Script = std::function<void(Scripted&)>;
  explicit Running(ServerConfig config = {}, Script script = [](Scripted&) {}) {
    config.port = 0;
    auto started = Server::start(
        std::move(config),
        [script = std::move(script)](const ShardContext& context) {
          auto handler = std::make_unique<Scripted>(context);
          script(*handler);
          return handler;
        },
        log);
    if (!started) throw std::runtime_error(started.error());
    server = std::move(*started);
  }
  [[nodiscard]] std::uint16_t port() const { return server->port(); }
  [[nodiscard]] NetStats stats() const { return server->stats(); }

  CountingLog log;
  std::unique_ptr<Server> server;
};

}  // namespace belfry::net::loopback

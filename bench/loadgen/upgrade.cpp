// Connects like a browser: opens by polling, joins, registers, then upgrades to WebSocket. Requests of one client are sequential
// as in socket.io-client; many clients connect at the same time.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "meter.hpp"
#include "modes.hpp"

namespace belfry::loadgen {
namespace {

/// A blocking HTTP or WebSocket connection; the clients are processes made by fork().
class Wire {
 public:
  explicit Wire(const Target& target) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const int one = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(target.port);
    ::inet_pton(AF_INET, target.host.c_str(), &to.sin_addr);
    good_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
  }
  ~Wire() { ::close(fd_); }
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  void send(std::string_view bytes) {
    good_ = good_ && ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
  }
  /// Reads until `mark` has arrived; returns everything read.
  std::string until(std::string_view mark) {
    std::string all;
    char buffer[4096];
    while (good_ && all.find(mark) == std::string::npos) {
      const ssize_t size = ::recv(fd_, buffer, sizeof buffer, 0);
      if (size <= 0) good_ = false;
      if (size > 0) all.append(buffer, static_cast<std::size_t>(size));
    }
    return all;
  }
  [[nodiscard]] bool good() const { return good_; }

 private:
  int fd_;
  bool good_ = false;
};

bool connect_one(const Target& target, std::size_t index) {
  Wire http(target);
  const std::string base = "/socket.io/?EIO=4&transport=";
  http.send("GET " + base + "polling HTTP/1.1\r\nHost: bench\r\n\r\n");
  const std::string open = http.until("maxPayload");
  const std::size_t at = open.find("\"sid\":\"");
  if (at == std::string::npos) return false;
  const std::string sid = open.substr(at + 7, open.find('"', at + 7) - at - 7);
  const auto post = [&](const std::string& body) {
    http.send("POST " + base + "polling&sid=" + sid +
              " HTTP/1.1\r\nHost: bench\r\nContent-Type: text/plain;charset=UTF-8\r\nContent-Length: " +
              std::to_string(body.size()) + "\r\n\r\n" + body);
    (void)http.until("\r\n\r\nok");
  };
  post("40");
  http.send("GET " + base + "polling&sid=" + sid + " HTTP/1.1\r\nHost: bench\r\n\r\n");
  (void)http.until("40{");
  Wire socket(target);
  socket.send("GET " + base + "websocket&sid=" + sid +
              " HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  (void)socket.until("\r\n\r\n");
  socket.send(frame("2probe"));
  (void)socket.until("3probe");
  socket.send(frame("5"));
  socket.send(frame("42[\"register_user\",{\"userId\":\"up" + std::to_string(index) + "\"}]"));
  (void)socket.until("user_registered");
  return http.good() && socket.good();
}

}  // namespace

int measure_upgrade(const Target& target, const Load& load) {
  constexpr std::size_t kWorkers = 16;
  const std::int64_t cpu = cpu_ns(target.pid);
  const std::int64_t start = now_ns();
  int failures = 0;
  for (std::size_t worker = 0; worker < kWorkers; ++worker) {
    if (::fork() != 0) continue;
    for (std::size_t i = worker; i < load.clients; i += kWorkers)
      if (!connect_one(target, i)) ::_exit(1);
    ::_exit(0);
  }
  for (std::size_t worker = 0; worker < kWorkers; ++worker) {
    int status = 0;
    ::wait(&status);
    failures += status == 0 ? 0 : 1;
  }
  const double seconds = static_cast<double>(now_ns() - start) / 1e9;
  const double count = static_cast<double>(load.clients);
  std::printf("upgrade_per_s=%.0f upgrade_cpu_us=%.1f\n", count / seconds,
              static_cast<double>(cpu_ns(target.pid) - cpu) / 1e3 / count);
  return failures;
}

}  // namespace belfry::loadgen

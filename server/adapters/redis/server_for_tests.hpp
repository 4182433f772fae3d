// A private Redis for the tests, on a free port of 127.0.0.1; it ends with the test program and keeps nothing. It needs Debian's
// redis-server (scripts/packages.test); without it the tests fail with a message that says so.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "adapters/redis/hiredis_connection.hpp"

namespace belfry::redis::testing {

class RedisServer {
 public:
  explicit RedisServer(std::string password = {}) : password_(std::move(password)), port_(free_port()) {
    if (!std::filesystem::exists(kProgram))
      throw std::runtime_error("these tests need Redis: apt-get install redis-server (scripts/packages.test)");
    start();
  }
  ~RedisServer() { stop(); }
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  [[nodiscard]] Address address() const { return {.host = "127.0.0.1", .port = port_, .password = password_}; }
  [[nodiscard]] std::unique_ptr<Connection> connection() const {
    auto made = connect(address(), std::chrono::seconds{5});
    if (!made) throw std::runtime_error(made.error().reason);
    return std::move(*made);
  }
  [[nodiscard]] Reply ask(Command command) const {
    const auto replies = connection()->run({std::move(command)});
    if (!replies) throw std::runtime_error(replies.error().reason);
    return replies->front();
  }
  void start() {
    spawn();
    wait_until_it_accepts();
  }
  /// With all that it had.
  void stop() {
    if (child_ == 0) return;
    ::kill(child_, SIGKILL);
    int status = 0;
    ::waitpid(std::exchange(child_, 0), &status, 0);
    ::close(std::exchange(output_, -1));
  }

 private:
  static constexpr const char* kProgram = "/usr/bin/redis-server";

  static std::uint16_t free_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const plain = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket, plain, size) != 0 || ::getsockname(socket, plain, &size) != 0) throw std::runtime_error("no free port");
    ::close(socket);
    return ntohs(address.sin_port);
  }

  void spawn() {
    std::vector<std::string> words{
        kProgram, "--port", std::to_string(port_), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", "/tmp"};
    if (!password_.empty()) words.insert(words.end(), {"--requirepass", password_});
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    std::array<int, 2> output{};
    if (::pipe2(output.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    child_ = ::fork();
    if (child_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (::dup2(output[1], STDOUT_FILENO) == STDOUT_FILENO) ::execv(kProgram, arguments.data());
      ::_exit(127);
    }
    output_ = output[0];
    ::close(output[1]);
  }

  /// It says so as the last of a few lines; on failure it ends.
  void wait_until_it_accepts() const {
    constexpr int kPatienceMs = 20'000;
    std::string log;
    std::array<char, 4096> some{};
    pollfd more{.fd = output_, .events = POLLIN, .revents = 0};
    while (log.find("Ready to accept connections") == std::string::npos) {
      const bool came = ::poll(&more, 1, kPatienceMs) > 0;
      const ssize_t size = came ? ::read(output_, some.data(), some.size()) : 0;
      if (size <= 0) throw std::runtime_error("Redis did not start: " + log);
      log.append(some.data(), static_cast<std::size_t>(size));
    }
  }

  std::string password_;
  std::uint16_t port_;
  pid_t child_ = 0;
  int output_ = -1;  // of the child
};

}  // namespace belfry::redis::testing

// A proxy between a server and its database that can break the connection at the worst moment: when the database has run a
// statement and its answer is on the way.
#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace belfry::postgres::testing {

class Relay {
 public:
  /// `folder`: the directory of the database's socket.
  explicit Relay(const std::string& folder) : database_(folder + kSocket) {
    std::string pattern = "/tmp/belfry-relay-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no scratch folder");
    folder_ = pattern;
    listener_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
    const auto own = address(folder_ + kSocket);
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0 || ::listen(listener_, 16) != 0)
      throw std::runtime_error("the relay cannot listen");
    thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
  }
  ~Relay() {
    thread_.request_stop();
    thread_.join();
    for (const auto& wire : wires_) ::close(wire.client), ::close(wire.database);
    ::close(listener_);
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  [[nodiscard]] const std::string& folder() const { return folder_; }
  /// Drops the next answer and closes its connection.
  void lose_next_answer() { losing_ = true; }
  /// The same with the next answer that contains this text, a literal: the tag of a command (PostgreSQL, "CommandComplete").
  void lose_answer_with(const char* tag) { lost_tag_ = tag; }
  /// How often a client has sent something, on all connections: those that wait for the answer each time make so many round
  /// trips.
  [[nodiscard]] int trips() const { return trips_; }
  [[nodiscard]] bool lost_one() const { return !losing_ && lost_tag_ == nullptr; }
  /// After that, closes new connections at once too.
  void stay_away() { away_ = true; }
  void come_back() { away_ = false; }

 private:
  struct Wire {
    int client = -1, database = -1;
  };
  static constexpr const char* kSocket = "/.s.PGSQL.5432";

  static sockaddr_un address(const std::string& path) {
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    std::strncpy(to.sun_path, path.c_str(), sizeof to.sun_path - 1);
    return to;
  }
  void work(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      std::vector<pollfd> all{{.fd = listener_, .events = POLLIN, .revents = 0}};
      for (const auto& wire : wires_) {
        all.push_back({.fd = wire.client, .events = POLLIN, .revents = 0});
        all.push_back({.fd = wire.database, .events = POLLIN, .revents = 0});
      }
      constexpr int kLookForTheEnd = 20;
      if (::poll(all.data(), all.size(), kLookForTheEnd) <= 0) continue;
      for (std::size_t i = wires_.size(); i-- > 0;) {
        const bool asked = all[2 * i + 1].revents != 0, answered = all[2 * i + 2].revents != 0;
        if (asked) ++trips_;
        if ((asked && !pass(wires_[i].client, wires_[i].database)) || (answered && !pass_answer(wires_[i]))) cut(i);
      }
      if (all[0].revents != 0) connect();
    }
  }
  void connect() {
    Wire wire{.client = ::accept(listener_, nullptr, nullptr), .database = ::socket(AF_UNIX, SOCK_STREAM, 0)};
    const auto to = address(database_);
    wires_.push_back(wire);
    if (away_ && !losing_) return cut(wires_.size() - 1);
    if (::connect(wire.database, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) cut(wires_.size() - 1);
  }
  bool pass_answer(const Wire& wire) {
    return !losing_.exchange(false) && pass(wire.database, wire.client, [this](std::string_view answer) {
      const char* const tag = lost_tag_;
      if (tag == nullptr || answer.find(tag) == std::string_view::npos) return true;
      lost_tag_ = nullptr;
      return false;
    });
  }
  static bool pass(int from, int to, const std::function<bool(std::string_view)>& may_pass = {}) {
    std::array<char, 65'536> bytes{};
    const auto got = ::recv(from, bytes.data(), bytes.size(), 0);
    if (got <= 0) return false;
    const auto size = static_cast<std::size_t>(got);
    return (!may_pass || may_pass({bytes.data(), size})) && ::send(to, bytes.data(), size, MSG_NOSIGNAL) == got;
  }
  void cut(std::size_t index) {
    ::close(wires_[index].client);
    ::close(wires_[index].database);
    wires_.erase(wires_.begin() + static_cast<std::ptrdiff_t>(index));
  }

  std::string database_, folder_;
  int listener_ = -1;
  std::vector<Wire> wires_;
  std::atomic<bool> losing_{false}, away_{false};
  std::atomic<int> trips_{0};
  std::atomic<const char*> lost_tag_{nullptr};
  std::jthread thread_;
};

}  // namespace belfry::postgres::testing

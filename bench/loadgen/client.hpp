// Client and Fleet: many Socket.IO clients on WebSocket in one thread, with just enough of the protocol to load a server and
// check its answers. Frames are built once with mask 0 (legal, and free), and many leave in one send(); received bytes are only
// cut into messages. The generator must never limit a measurement.
#pragma once

#include <sys/epoll.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace belfry::loadgen {

struct Target {
  std::string host = "127.0.0.1";
  std::uint16_t port = 3000;
  int pid = 0;               // the server's, to read its CPU and memory; 0: unknown
  std::string prefix = "u";  // of the registered names
};

struct Client {
  int fd = -1;
  std::size_t index = 0;
  std::string out;        // not sent yet
  std::string in;         // part of a frame
  bool upgraded = false;  // the response 101 has arrived
  bool ready = false;     // user_registered has arrived
};

/// One text frame as a client sends it.
[[nodiscard]] std::string frame(std::string_view text);

class Fleet {
 public:
  explicit Fleet(Target target);
  ~Fleet();
  Fleet(const Fleet&) = delete;
  Fleet& operator=(const Fleet&) = delete;

  /// A message from the server, without Engine.IO's "4"; pings are answered before it.
  std::function<void(Client&, std::string_view)> on_message;

  /// Connects and registers until there are `count` clients, `in_flight` at a time. False if it takes longer than `seconds` or
  /// the server refuses.
  bool grow_to(std::size_t count, std::size_t in_flight, double seconds);
  Client& operator[](std::size_t index) { return clients_[index]; }
  [[nodiscard]] std::size_t size() const { return clients_.size(); }
  /// Appends to a client's output; it leaves with the next pump().
  void send(Client& client, std::string_view bytes);
  /// Waits up to `timeout_ms`, reads what has arrived, and sends the output.
  void pump(int timeout_ms);
  /// Source addresses to use in turn, so that the port range of one address is not the limit.
  void use_sources(std::size_t first, std::size_t count) {
    first_source_ = first;
    sources_ = count;
  }

 private:
  void open(std::size_t index);
  void receive(Client& client);
  void read_frames(Client& client);
  void on_text(Client& client, std::string_view text);
  void flush();

  Target target_;
  int epoll_ = -1;
  std::vector<Client> clients_;
  std::vector<std::size_t> dirty_;
  std::size_t ready_ = 0;
  std::size_t first_source_ = 1;
  std::size_t sources_ = 0;
  std::string buffer_;
};

}  // namespace belfry::loadgen

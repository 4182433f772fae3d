// A small world for session tests: shards with a clock that is moved by hand, mailboxes that run on demand, connections that are
// strings. Everything above the sockets is the real code; nothing here sleeps.
#pragma once

#include <algorithm>
#include <cstring>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.hpp"
#include "protocol/endpoint.hpp"
#include "protocol/ports_for_tests.hpp"
#include "protocol/sockets.hpp"

namespace belfry::protocol::testing {

using namespace std::chrono_literals;

class Shard;

/// The client's end of one connection.
struct Peer {
  Shard* shard = nullptr;
  ConnectionId id;
  std::string unread;    // sent by the client, not yet used up by the server
  std::string received;  // everything the server has output and the test has not taken
  bool open = true;
  bool waits_for_room = false;
  std::unique_ptr<websocket::Fragments> fragments;

  [[nodiscard]] std::string take() { return std::exchange(received, {}); }
};

/// The text that stands under `key` in any JSON of `text`; "" if none does.
inline std::string text_member(const std::string& text, const std::string& key) {
  const std::size_t at = text.find("\"" + key + "\":\"");
  if (at == std::string::npos) return "";
  const std::size_t from = at + key.size() + 4;
  return text.substr(from, text.find('"', from) - from);
}

class World;

class Shard : public Link {
 public:
  Shard(World& world, ShardIndex index, const EngineSettings& engine, const HttpSettings& http, const SocketSettings& sockets);

  std::string& output(ConnectionId connection) override {
    CHECK(peer(connection).open, "no output to a connection that is closed; net/ checks it too");
    return peer(connection).received;
  }
  void close(ConnectionId connection, Ending) override { peer(connection).open = false; }
  void show_unread(ConnectionId connection) override { shown_.push_back(connection); }
  [[nodiscard]] bool turn_is_over(ConnectionId connection) override {
    if (messages_a_turn == 0 || ++messages_ % messages_a_turn != 0) return false;
    shown_.push_back(connection);
    ++turns_over;
    return true;
  }
  [[nodiscard]] bool must_wait_for_room(ConnectionId connection) override {
    return peer(connection).waits_for_room = peer(connection).received.size() > room;
  }
  [[nodiscard]] Duration wait_for_session(ConnectionId) override {
    return sessions_admitted > 0 && sessions_admitted-- > 0 ? Duration{0} : std::chrono::milliseconds{90'500};
  }
  void hand_over(ConnectionId connection, ShardIndex shard, Bytes unread) override;

  Peer& connect(const ConnectionFacts& facts);
  void deliver(Peer& peer);
  /// False: no connection waited to be shown again.
  bool show_again();
  Peer& peer(ConnectionId connection) { return *peers_.at(connection.slot); }
  void adopt(std::shared_ptr<Peer> peer);

  World& world;
  ShardIndex index;
  Listener listener;
  PlainRoutes routes;
  PlainFailures failures;
  SeededRandom random;
  std::deque<std::function<void()>> mail;
  int sessions_admitted = 1'000'000;  // by polling
  int messages_a_turn = 0;            // 0: turns have no end
  int turns_over = 0;
  std::size_t room = std::string::npos;  // of a connection's output, before its next request waits
  std::unique_ptr<Endpoint> endpoint;
  std::unique_ptr<Sockets> sockets;

 private:
  std::vector<std::shared_ptr<Peer>> peers_;
  std::vector<ConnectionId> shown_;
  int messages_ = 0;
};

class World : public Mailboxes {
 public:
  explicit World(ShardIndex shards = 1) : shared(shards) {}

  EngineSettings engine;
  HttpSettings http;
  SocketSettings socket;
  HandClock clock;
  SharedSockets shared;

  Shard& shard(std::size_t index = 0) {
    while (shards_.size() < shared.on_shards().size())
      shards_.push_back(std::make_unique<Shard>(*this, static_cast<ShardIndex>(shards_.size()), engine, http, socket));
    return *shards_.at(index);
  }
  void post(ShardIndex to, std::function<void()> task) override { shard(to).mail.push_back(std::move(task)); }
  [[nodiscard]] ShardIndex shard_count() const override { return shared.on_shards().size(); }

  Peer& connect(std::size_t on = 0, const ConnectionFacts& facts = {}) { return shard(on).connect(facts); }

  void send(Peer& peer, std::string_view bytes) {
    if (!peer.open) return;
    peer.unread += bytes;
    peer.shard->deliver(peer);
    run_tasks();
  }
  /// The client's connection breaks.
  void lose(Peer& peer) {
    peer.open = false;
    peer.shard->endpoint->on_closed(peer.id);
    run_tasks();
  }
  void run_tasks() {
    for (bool ran = true; ran;) {
      ran = false;
      for (const auto& shard : shards_) {
        ran = shard->show_again() || ran;
        while (!shard->mail.empty()) {
          const auto task = std::move(shard->mail.front());
          shard->mail.pop_front();
          task();
          ran = true;
        }
      }
    }
  }
  /// Moves the clock, stopping at every deadline on the way.
  void advance(Duration by) {
    const TimePoint until = clock.now() + by;
    while (true) {
      TimePoint next = kNever;
      for (const auto& shard : shards_) next = std::min(next, shard->endpoint->next_deadline());
      if (next > until) break;
      clock.set(std::max(next, clock.now()));
      for (const auto& shard : shards_) shard->endpoint->on_time(clock.now());
      run_tasks();
    }
    clock.set(until);
  }

  // --- clients ------------------------------------------------------------------------------------------------------
  std::string get(Peer& peer, std::string_view target, std::string_view headers = "") {
    send(peer, "GET " + std::string(target) + " HTTP/1.1\r\nHost: here\r\n" + std::string(headers) + "\r\n");
    return peer.take();
  }
  std::string post(Peer& peer, std::string_view target, std::string_view body, std::string_view headers = "") {
    send(peer, "POST " + std::string(target) + " HTTP/1.1\r\nHost: here\r\nContent-Length: " + std::to_string(body.size()) +
                   "\r\n" + std::string(headers) + "\r\n" + std::string(body));
    return peer.take();
  }
  std::string open_websocket(Peer& peer, std::string_view target, std::string_view headers = {}) {
    std::string answer = get(peer, target,
                             "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
                                 std::string(headers));
    const std::size_t end = answer.find("\r\n\r\n");
    if (end != std::string::npos) peer.received = answer.substr(end + 4);
    return answer.substr(0, end);
  }
  void send_text(Peer& peer, std::string_view text) {
    std::string frame;
    websocket::append_masked(frame, websocket::Opcode::text, as_bytes(text), 0x01020304);
    send(peer, frame);
  }
  void send_binary(Peer& peer, std::string_view data) {
    std::string frame;
    websocket::append_masked(frame, websocket::Opcode::binary, as_bytes(data), 0x01020304);
    send(peer, frame);
  }
  /// All messages received so far; a close frame appears as "close <code>".
  static std::vector<std::string> messages(Peer& peer) {
    std::string bytes = peer.take();
    std::vector<std::string> all;
    std::string scratch;
    std::size_t used = 0;
    while (used < bytes.size()) {
      const auto incoming = websocket::read(as_mutable_bytes({bytes.data() + used, bytes.size() - used}), peer.fragments, scratch,
                                            {.role = websocket::Role::client, .max_message = 10'000'000});
      if (!incoming || incoming->kind == websocket::Incoming::Kind::need_more) break;
      used += incoming->consumed;
      if (incoming->kind == websocket::Incoming::Kind::close) {
        all.push_back("close " + std::to_string(static_cast<int>(incoming->close)));
      } else {
        all.emplace_back(as_text(incoming->payload));
      }
    }
    return all;
  }
  /// A WebSocket client that has joined nothing yet; its open packet is taken.
  Peer& websocket_client(std::size_t on = 0) {
    Peer& peer = connect(on);
    open_websocket(peer, "/socket.io/?EIO=4&transport=websocket");
    messages(peer);
    return peer;
  }
  /// One that has joined "/"; its CONNECT answer is taken.
  Peer& joined_client(std::size_t on = 0, std::string_view auth = "") {
    Peer& peer = websocket_client(on);
    send_text(peer, "40" + std::string(auth));
    joined_answer = messages(peer).back();
    return peer;
  }
  /// One that wants the lost socket of `pid` back. `offset` empty: it has seen no event.
  Peer& returning_client(const std::string& pid, const std::string& offset = "", std::size_t on = 0) {
    Peer& peer = websocket_client(on);
    send_text(peer, R"(40{"pid":")" + pid + "\"" + (offset.empty() ? "" : R"(,"offset":")" + offset + "\"") + "}");
    return peer;
  }
  std::string joined_answer;

 private:
  std::vector<std::unique_ptr<Shard>> shards_;
};

inline Shard::Shard(World& in, ShardIndex at, const EngineSettings& engine, const HttpSettings& http,
                    const SocketSettings& socket)
    : world(in),
      index(at) {
  endpoint = std::make_unique<Endpoint>(ShardServices{at, *this, in, in.clock, random}, engine, http, routes, failures);
  sockets = std::make_unique<Sockets>(at, endpoint->engine(), listener, in, in.clock, random, socket, in.shared);
  in.shared.on_shards().enter(at, *sockets);
  endpoint->mount("/socket.io/", *sockets);
  endpoint->add_time_user({[this] { return sockets->next_deadline(); }, [this](TimePoint now) { sockets->on_time(now); }});
}

inline Peer& Shard::connect(const ConnectionFacts& facts) {
  auto peer = std::make_shared<Peer>();
  adopt(peer);
  endpoint->on_open(peer->id, facts);
  return *peer;
}

inline void Shard::adopt(std::shared_ptr<Peer> peer) {
  peer->shard = this;
  peer->id = {static_cast<std::uint32_t>(peers_.size()), 1};
  peers_.push_back(std::move(peer));
}

inline void Shard::deliver(Peer& peer) {
  const bool waited = std::exchange(peer.waits_for_room, false);
  if (peer.unread.empty() && !waited) return;
  const ConnectionId id = peer.id;
  std::string bytes = std::exchange(peer.unread, {});
  const std::size_t used = endpoint->on_bytes(id, as_mutable_bytes(bytes));
  if (peer.open && peer.shard == this) peer.unread.insert(0, bytes.substr(used));
}

inline bool Shard::show_again() {
  const auto shown = std::exchange(shown_, {});
  for (const ConnectionId connection : shown)
    if (peer(connection).open && peer(connection).shard == this) deliver(peer(connection));
  return !shown.empty();
}

inline void Shard::hand_over(ConnectionId connection, ShardIndex to, Bytes unread) {
  const std::shared_ptr<Peer> moving = peers_.at(connection.slot);
  moving->unread = as_text(unread);
  moving->shard = nullptr;
  world.post(to, [this, moving, to] {
    Shard& target = world.shard(to);
    target.adopt(moving);
    target.endpoint->on_open(moving->id, {});
    target.deliver(*moving);
  });
}

}  // namespace belfry::protocol::testing

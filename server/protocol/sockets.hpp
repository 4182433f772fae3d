// Socket.IO sockets of one shard, on top of Engine.IO sessions (socket.io-protocol v5; v4 for socket.io-client 2.x):
// joining a namespace, events both ways, acknowledgements, rooms, and connection state recovery. Binary attachments are
// collected before an event is delivered. Two encodings: the protocol's own, and socket.io-msgpack-parser, which a client shows
// by making its first message a binary one.
//
// Not here: what an event means (gateway/).
// Owned by the shard's stack (main/shard_stack.hpp), used on the shard's thread; the Sockets of other shards are reached through
// SharedSockets.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/clock.hpp"
#include "base/mailbox.hpp"
#include "base/own_thread.hpp"
#include "base/random.hpp"
#include "protocol/deadline_queue.hpp"
#include "protocol/engine.hpp"
#include "protocol/recovery_log.hpp"
#include "protocol/rooms.hpp"
#include "protocol/settings.hpp"
#include "protocol/shared_sockets.hpp"
#include "protocol/socket_handler.hpp"
#include "wire/json/json.hpp"
#include "wire/socketio/packet.hpp"

namespace belfry::protocol {

/// Is an event kept for a socket that may have to be recovered?
enum class Keep : bool { no, yes };

class Sockets : public EngineApp {
 public:
  /// nullopt: the client did not acknowledge in time, or is gone.
  using AckCallback = std::function<void(std::optional<std::span<const json::Slice>>)>;

  Sockets(ShardIndex shard, Engine& engine, SocketHandler& handler, Mailboxes& mailboxes, const Clock& clock, Random& random,
          const SocketSettings& settings, SharedSockets& shared);
  ~Sockets() override;
  Sockets(const Sockets&) = delete;
  Sockets& operator=(const Sockets&) = delete;

  // --- for the gateway ----------------------------------------------------------------------------------------------
  /// Emits `["event",<pieces>]`; the pieces together are the JSON of the arguments. A socket that is gone: nothing happens.
  /// A suspended one gets it on its return, if kept.
  void emit(SessionAddress socket, std::string_view event, std::span<const std::string_view> pieces, Keep keep = Keep::yes);
  void emit_with_attachments(SessionAddress socket, std::string_view event, std::string_view arguments,
                             std::span<const std::string> attachments);
  void emit_with_ack(SessionAddress socket, std::string_view event, std::span<const std::string_view> pieces, Duration timeout,
                     AckCallback callback);
  void acknowledge(SessionAddress socket, std::uint64_t ack_id, std::string_view arguments,
                   std::span<const std::string> attachments = {});
  /// Most of what was sent to it has left; false of a suspended one.
  [[nodiscard]] bool has_room(SessionAddress socket);
  /// Its client is gone, and may come back within the recovery window.
  [[nodiscard]] bool is_suspended(SessionAddress socket);
  void join(SessionAddress socket, std::string_view room);
  void leave(SessionAddress socket, std::string_view room);
  /// To every member of the room on this shard but `except`. Other shards: post to them.
  void broadcast(std::string_view room, std::string_view event, std::span<const std::string_view> pieces,
                 SessionAddress except = {});
  /// Sends DISCONNECT and forgets the socket; the handler gets on_disconnected(server_left). With DisconnectScope::connection,
  /// the connection is closed too.
  enum class DisconnectScope : bool { socket, connection };
  void disconnect(SessionAddress socket, DisconnectScope scope);
  [[nodiscard]] std::size_t count() const { return sockets_.count(); }
  [[nodiscard]] std::uint64_t recovered_count() const { return recovered_; }

  // --- for the endpoint ---------------------------------------------------------------------------------------------
  void on_engine_open(EngineRef engine, engineio::Version version, const Handshake& handshake) override;
  void on_engine_probe(EngineRef engine, const Handshake& upgrade) override;
  void on_engine_message(EngineRef engine, engineio::Encoding encoding, MutableBytes data) override;
  void on_engine_close(EngineRef engine, EngineClose reason) override;
  [[nodiscard]] TimePoint next_deadline() const;
  void on_time(TimePoint now);

 private:
  struct Extras;
  struct Socket;
  struct Assembly;
  struct Recovery;  // a client that asks for its lost socket
  struct Departed;  // a socket on its way to where its client came back
  /// A client that polls, and whose cookie may come with its WebSocket.
  struct AwaitsCookie {
    EngineRef engine{};
    std::uint8_t name_space = 0;
    std::string auth{};  // as it was sent; empty: nothing
    ConnectRefusal refusal{};
  };
  using SocketRef = Slab<Socket>::Ref;

  Socket* find(SessionAddress address);
  [[nodiscard]] SessionAddress address_of(std::uint32_t slot);
  [[nodiscard]] std::uint32_t joined(EngineRef engine, std::string_view name_space);
  std::uint32_t place(EngineRef engine, std::uint8_t name_space);
  void unlink(std::uint32_t slot);
  void remove(std::uint32_t slot, DisconnectReason reason);
  Extras& extras_of(Socket& socket);
  // sockets_connect.cpp
  void on_connect(EngineRef engine, std::string_view name_space, json::Slice auth);
  void connect(EngineRef engine, std::uint8_t name_space, json::Slice auth);
  void refuse(EngineRef engine, std::string_view name_space, const ConnectRefusal& refusal);
  void refuse_or_wait(EngineRef engine, std::uint8_t name_space, json::Slice auth, ConnectRefusal refusal);
  void refuse_without_cookie(EngineRef engine);
  void send_connected(std::uint32_t slot);
  bool try_recovery(EngineRef engine, std::uint8_t name_space, json::Slice auth);
  void seek(const std::shared_ptr<const Recovery>& recovery, int hops);
  [[nodiscard]] Whereabouts whereabouts_of(const SessionKey& pid);
  void answer(const std::shared_ptr<const Recovery>& recovery, std::shared_ptr<Departed> departed);
  void recovery_answered(const Recovery& recovery, Departed* departed);
  std::shared_ptr<Departed> depart(std::uint32_t slot, const Recovery& recovery);
  void arrive(EngineRef engine, Departed& departed, std::uint64_t seen);
  std::size_t joined_count(EngineRef engine);
  // sockets_messages.cpp
  void on_text(EngineRef engine, std::string_view text);
  void on_binary(EngineRef engine, Bytes data);
  void on_packed(EngineRef engine, Bytes data);
  [[nodiscard]] bool is_packed(EngineRef engine) const { return !packed_.empty() && packed_.contains(engine.slot); }
  void on_packet(EngineRef engine, const socketio::Packet& packet, std::span<const std::string> attachments);
  void on_undecodable(EngineRef engine, std::string_view text, socketio::DecodeError error);
  void on_ack(SessionAddress address, const socketio::Packet& packet);
  void send(EngineRef engine, socketio::PacketType type, std::uint8_t name_space, std::optional<std::uint64_t> ack_id,
            std::span<const std::string_view> json, std::span<const std::string> attachments = {});
  void send_msgpack(EngineRef engine, socketio::PacketType type, std::string_view name_space, std::optional<std::uint64_t> ack_id,
                    std::span<const std::string_view> json, std::span<const std::string> attachments);

  [[no_unique_address]] OwnThread own_thread_;
  ShardIndex shard_;
  Engine& engine_;
  SocketHandler& handler_;
  Mailboxes& mailboxes_;
  const Clock& clock_;
  Random& random_;
  const SocketSettings& settings_;
  SharedSockets& shared_;

  Slab<Socket> sockets_;
  Rooms rooms_;
  json::Reader reader_;
  std::vector<json::Slice> arguments_;                             // of the packet being read
  std::unordered_map<std::uint32_t, Handshake> handshakes_;        // by engine slot, until every namespace is joined
  std::unordered_map<std::uint32_t, Assembly> assemblies_;         // by engine slot, while attachments are awaited
  std::unordered_map<std::uint32_t, std::uint32_t> recovering_;    // engine slot -> its generation, while a recovery is asked for
  std::unordered_set<std::uint32_t> packed_;                       // engine slots whose client uses socket.io-msgpack-parser
  std::unordered_map<std::uint32_t, AwaitsCookie> awaits_cookie_;  // by engine slot
  DeadlineQueue<EngineRef> connect_waits_;
  DeadlineQueue<EngineRef> cookie_waits_;
  DeadlineQueue<SessionAddress> suspensions_;
  std::multimap<TimePoint, std::pair<SessionAddress, std::uint64_t>> ack_waits_;
  std::uint32_t sweep_at_ = 0;
  TimePoint next_sweep_ = kNever;
  std::string scratch_;   // an event's name, decoded
  std::string outgoing_;  // the event being emitted
  std::string head_;
  std::uint64_t recovered_ = 0;
};

}  // namespace belfry::protocol

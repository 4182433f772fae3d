// Engine.IO sessions of one shard: handshake, heartbeat, polling, WebSocket, upgrade, close (engine.io-protocol v4 and, for
// socket.io-client 2.x, v3). A session outlives its connections: polls come and go, a WebSocket may take over. Messages go
// up to the mounted EngineApp; packets go down into the connection's output or, while a poll is awaited, into a buffer.
//
// Not here: what messages mean (sockets.hpp), reading HTTP (http_side.hpp).
// Owned by the Endpoint, used on the shard's thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/expected.hpp"
#include "base/own_thread.hpp"
#include "base/random.hpp"
#include "protocol/deadline_queue.hpp"
#include "protocol/engine_app.hpp"
#include "protocol/engine_refusal.hpp"
#include "protocol/heartbeat_ring.hpp"
#include "protocol/http_handler.hpp"
#include "protocol/session_id.hpp"
#include "protocol/settings.hpp"
#include "protocol/slab.hpp"
#include "protocol/transport_state.hpp"
#include "wire/engineio/payload.hpp"
#include "wire/websocket/frame.hpp"

namespace belfry::protocol {

/// How the engine answers the HTTP request that a connection is waiting on; implemented by HttpSide, which adds CORS.
class HttpResponder {
 public:
  virtual ~HttpResponder() = default;
  virtual void respond(ConnectionId connection, int status, std::string_view content_type, std::string_view body) = 0;
  virtual void refuse(ConnectionId connection, const EngineRefusal& refusal) = 0;
};

struct EngineSession;

class Engine {
 public:
  Engine(ShardIndex shard, Link& link, HttpResponder& responder, Mailboxes& mailboxes, const Clock& clock, Random& random,
         const EngineSettings& settings);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // --- for HttpSide -------------------------------------------------------------------------------------------------
  /// The protocol version which a query asks for by `EIO`; nullopt: none that we speak.
  [[nodiscard]] static std::optional<engineio::Version> requested_version(std::string_view query);
  /// May this request be served here? `transport` nullopt: the query names none that we know. `sid` empty: a handshake.
  [[nodiscard]] Expected<void, EngineRefusal> check(const http::Request& request, std::optional<Transport> transport,
                                                    std::string_view sid);
  /// One polling request that check() has let through, with its whole body. Answers through the responder now, or later if
  /// it is a poll without packets; then the session that holds the connection is returned.
  EngineRef on_request(ConnectionId connection, EngineApp& app, const http::Request& request, Bytes body, std::string_view sid,
                       const Handshake& handshake);
  /// A WebSocket that check() has let through and HttpSide has answered with 101. `sid` empty opens a session, else it is
  /// that session's probe.
  EngineRef on_websocket(ConnectionId connection, EngineApp& app, engineio::Version version, std::string_view sid,
                         Compression compression, const Handshake& handshake);

  // --- for the endpoint ---------------------------------------------------------------------------------------------
  /// Bytes of a WebSocket connection. Returns how many were used up.
  std::size_t on_frames(ConnectionId connection, EngineRef engine, MutableBytes input,
                        std::unique_ptr<websocket::Fragments>& fragments);
  /// A connection that served this session has gone: its WebSocket, its waiting poll or its probe.
  void on_connection_closed(ConnectionId connection, EngineRef engine);
  [[nodiscard]] TimePoint next_deadline() const;
  void on_time(TimePoint now);
  void close_all(EngineClose reason);

  // --- for the app --------------------------------------------------------------------------------------------------
  /// Sends one text message made of `pieces`. No such session: nothing happens. Ends no session within the call, even if the
  /// client has left too much unread.
  void send_text(EngineRef engine, std::span<const std::string_view> pieces);
  void send_binary(EngineRef engine, Bytes data);
  void close(EngineRef engine, EngineClose reason);
  [[nodiscard]] bool is_open(EngineRef engine);
  /// It polls, and no WebSocket of its client has come yet.
  [[nodiscard]] bool may_upgrade(EngineRef engine);
  /// Most of what was sent to it has left; false if it is not open.
  [[nodiscard]] bool has_room(EngineRef engine);
  [[nodiscard]] engineio::Version version(EngineRef engine);
  [[nodiscard]] std::size_t count() const;
  /// The app's own index for this session (a Socket.IO socket); kNoSlot until set.
  [[nodiscard]] std::uint32_t app_slot(EngineRef engine);
  void set_app_slot(EngineRef engine, std::uint32_t slot);

 private:
  struct BeatOf {
    Slab<EngineSession>* sessions;
    Beat& operator()(std::uint32_t slot) const;
  };
  using Ring = HeartbeatRing<BeatOf>;

  EngineSession* find_open(EngineRef engine);
  EngineSession* find(EngineRef engine);  // also null if it has overflowed
  EngineRef ref(std::uint32_t slot);
  EngineRef by_sid(std::string_view sid);
  EngineRef open(EngineApp& app, engineio::Version version, Transport transport, const Handshake& handshake);
  void send_open_packet(EngineRef engine);
  void send_packet(EngineRef engine, engineio::PacketType type, std::string_view text);
  void on_packet(EngineRef engine, const engineio::Packet& packet, MutableBytes data);
  void finish(EngineRef engine, EngineClose reason, std::string_view text);
  void end_transport(EngineSession& session, TransportAction ending, EngineClose reason, std::string_view text);
  // engine_polling.cpp
  void poll(ConnectionId connection, EngineRef engine);
  void post(ConnectionId connection, EngineRef engine, const http::Request& request, Bytes body);
  void buffer(EngineRef engine, engineio::PacketType type, engineio::Encoding encoding, std::span<const std::string_view> pieces);
  void settle_due_polls();
  void answer_poll(EngineSession& session);
  // engine_websocket.cpp
  [[nodiscard]] bool serves(ConnectionId connection, EngineRef engine);
  void on_frame(ConnectionId connection, EngineRef engine, const websocket::Incoming& frame);
  void on_probe_packet(ConnectionId connection, EngineRef engine, const engineio::Packet& packet);
  void answer_probe(ConnectionId connection, EngineRef engine);
  void complete_upgrade(ConnectionId connection, EngineRef engine);
  void drop_probe(EngineSession& session);
  void lose_websocket(EngineRef engine, EngineClose reason, std::string_view text);
  void fail_websocket(ConnectionId connection, EngineRef engine, websocket::CloseCode code, std::string_view reason,
                      EngineClose why = EngineClose::parse_error);
  void write_text(ConnectionId connection, Compression compression, engineio::PacketType type,
                  std::span<const std::string_view> pieces);
  void write_binary(ConnectionId connection, engineio::Version version, Bytes data);

  [[no_unique_address]] OwnThread own_thread_;
  ShardIndex shard_;
  Link& link_;
  HttpResponder& responder_;
  Mailboxes& mailboxes_;
  const Clock& clock_;
  Random& random_;
  const EngineSettings& settings_;
  Slab<EngineSession> sessions_;
  Ring pings_;         // protocol 4: we ping
  Ring client_pings_;  // protocol 3: the client pings, we only count its silence
  DeadlineQueue<std::pair<EngineRef, ConnectionId>> probes_;
  std::vector<EngineRef> due_polls_;  // got packets in this batch while their poll waits
  std::string scratch_;               // a message put together from fragments
  std::string decoded_;               // base64 of a polling body
};

}  // namespace belfry::protocol

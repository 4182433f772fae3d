// Every limit and time-out of an Engine.IO session, a Socket.IO socket and the HTTP side. Defaults are what stock clients are
// tested against; main/ overrides from the config those that an operator may set.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "protocol/cors.hpp"
#include "wire/http/request.hpp"

namespace belfry::protocol {

using namespace std::chrono_literals;

/// Of the messages of one WebSocket, as its handshake agreed: permessage-deflate (RFC 7692) or none.
enum class Compression : bool { none, deflate };

struct EngineSettings {
  // Engine.IO v4 "Heartbeat": silence for interval + timeout closes the session. Shorter frees dead phones sooner but wakes
  // radios more.
  Duration ping_interval = 25s;
  Duration ping_timeout = 20s;
  // engine.io `upgradeTimeout`: a probe that does not end in an upgrade within this time is dropped; the session keeps polling.
  // Longer lets a client hold two connections for one session, shorter fails slow radios.
  Duration upgrade_timeout = 10s;
  // engine.io `maxHttpBufferSize`: the largest message, and the largest polling body, that a client may send; v4 "Handshake"
  // tells it so.
  std::uint32_t max_payload = 1'000'000;
  // Packets that wait for a poll. A client that stops polling costs at most this until its heartbeat ends: the bound for a slow
  // reader of SPEC section 0, which main/ sets for both transports.
  std::size_t max_buffered = 4 * 1024 * 1024;
  bool deflate = false;
  // Below this a deflate stream saves less than its own CPU costs; ICE candidates stay plain.
  std::size_t deflate_from = 1024;
};

struct SocketSettings {
  // socket.io `connectTimeout`: an Engine.IO session that has joined no namespace by then is closed.
  Duration connect_timeout = 45s;
  // Connection state recovery: how long a lost socket may come back, and how much of what it was sent is kept for it. 120 s is
  // socket.io's `maxDisconnectionDuration`.
  Duration recovery_window = 120s;  // 0: off
  std::size_t recovery_bytes = 16 * 1024;
  // The most bytes of one event with all its attachments. No event that we serve has attachments; this bounds what a client can
  // make us hold until its event is refused.
  std::size_t max_assembly = 2'000'000;
  std::vector<std::string> namespaces = {"/"};
};

/// The headers X-Forwarded-For and -Proto. Any client can write them, so they count only behind a proxy that overwrites them.
enum class Forwarded : std::uint8_t { ignored, believed };

struct HttpSettings {
  http::Limits limits = {};
  // RFC 9110 15.5.9 (408). A slow sender holds a connection this long at most; a phone on a bad network needs some seconds.
  Duration head_timeout = 10s;
  Duration body_timeout = 30s;
  // RFC 9112 9.3, 9.5: between two requests of a connection that is kept. Longer saves handshakes, shorter descriptors; behind a
  // proxy it must be longer than the proxy's own, or a request may meet our close.
  Duration idle_timeout = 75s;
  // While an answer is owed, what the client pipelines behind it waits unread. More than this is not pipelining but flooding.
  std::size_t max_waiting_input = 64 * 1024;
  // Query and credentials of one handshake, which are kept until its client joins. A token is one or two KB.
  std::size_t max_handshake = 8 * 1024;
  CorsPolicy cors = {};
  Forwarded forwarded = Forwarded::ignored;
  // The one cookie that is kept of a handshake; what else a browser sends is of no use here and can be long.
  std::string session_cookie = {};
};

}  // namespace belfry::protocol

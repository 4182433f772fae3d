// Every number a session obeys. Defaults are what stock clients are tested against; main/ overrides them from the config.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "session/cors.hpp"
#include "wire/http/request.hpp"

namespace belfry::session {

using namespace std::chrono_literals;

struct EngineSettings {
  // Engine.IO v4 "Heartbeat": silence for interval + timeout closes the session. Shorter frees dead phones sooner but wakes
  // radios more.
  Duration ping_interval = 25s;
  Duration ping_timeout = 20s;
  // A probe that does not end in an upgrade within this time is dropped; the session keeps polling.
  Duration upgrade_timeout = 10s;
  // The largest message, and the largest polling body, in either direction of the client's choosing.
  std::uint32_t max_payload = 1'000'000;
  // Packets that wait for a poll. A client that stops polling costs at most this until its heartbeat ends.
  std::size_t max_buffered = 4 * 1024 * 1024;
  bool deflate = false;
};

struct SocketSettings {
  // socket.io `connectTimeout`: an Engine.IO session that has joined no namespace by then is closed.
  Duration connect_timeout = 45s;
  // Connection state recovery: how long a lost socket may come back, and how much of what it was sent is kept for it.
  Duration recovery_window = 120s;  // 0: off
  std::size_t recovery_bytes = 16 * 1024;
  std::vector<std::string> namespaces = {"/"};
};

struct HttpSettings {
  http::Limits limits = {};
  Duration head_timeout = 10s;
  Duration body_timeout = 30s;
  Duration idle_timeout = 75s;  // between two requests of a kept-alive connection
  CorsPolicy cors = {};
  bool trust_proxy = false;  // X-Forwarded-Proto is a proxy's word
  // The one cookie that is kept of a handshake; what else a browser sends is of no use here and can be long.
  std::string session_cookie = {};
};

}  // namespace belfry::session

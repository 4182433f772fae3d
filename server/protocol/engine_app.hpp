// What runs on top of Engine.IO sessions: Socket.IO (sockets.hpp), or the conformance server's echo.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.hpp"
#include "protocol/cors.hpp"
#include "protocol/link.hpp"
#include "protocol/slab.hpp"
#include "wire/engineio/packet.hpp"

namespace belfry::protocol {

/// What the client sent when it opened the Engine.IO session. Valid during the call: copy what is needed longer.
struct Handshake {
  std::string query;
  std::string host;
  std::string origin;
  std::string authorization;  // the header, or a header `token` as a Bearer
  std::string cookie;         // `name=value` of HttpSettings::session_cookie, or nothing
  ConnectionFacts facts;
  Scheme scheme = Scheme::unknown;
  [[nodiscard]] std::size_t size() const {
    return query.size() + host.size() + origin.size() + authorization.size() + cookie.size();
  }
};

enum class EngineClose : std::uint8_t { transport_closed, ping_timeout, parse_error, client_closed, server_closed, draining };

struct EngineRef {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;
  [[nodiscard]] explicit operator bool() const { return generation != 0; }
  friend bool operator==(const EngineRef&, const EngineRef&) = default;
};

class EngineApp {
 public:
  virtual ~EngineApp() = default;
  virtual void on_engine_open(EngineRef engine, engineio::Version version, const Handshake& handshake) = 0;
  /// The client has opened a WebSocket, to which its polling session may upgrade. The app may send and close within the call.
  virtual void on_engine_probe(EngineRef, const Handshake&) {}
  /// `data` is valid during the call. The app may close the engine within it.
  virtual void on_engine_message(EngineRef engine, engineio::Encoding encoding, MutableBytes data) = 0;
  virtual void on_engine_close(EngineRef engine, EngineClose reason) = 0;
};

}  // namespace belfry::protocol

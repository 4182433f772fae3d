// Why a request to an Engine.IO path is not served: one of engine.io's error codes, and a sentence that says what to correct.
// HttpSide sends both as {"code":N,"message":"…"}; clients show the message. All of them stand in the table below.
#pragma once

#include <cstdint>
#include <string_view>

namespace belfry::protocol {

/// `Server.errors` of engine.io's server (lib/server.ts); the protocol document names no codes. Clients may compare the numbers.
enum class EngineError : std::uint8_t {
  unknown_transport = 0,
  unknown_sid = 1,
  bad_handshake_method = 2,
  bad_request = 3,
  forbidden = 4,  // answered with 403, as engine.io does; the others with 400
  unsupported_protocol_version = 5,
};

struct EngineRefusal {
  EngineError code = EngineError::bad_request;
  std::string_view message;
};

// What stands behind the colon is ours and says what to do (SPEC R-003-57). A body that cannot be decoded is refused as a
// bad_request too, with the decoder's own words.
namespace refusal {

inline constexpr EngineRefusal kUnknownTransport{EngineError::unknown_transport,
                                                 "Transport unknown: use transport=polling or transport=websocket"};
inline constexpr EngineRefusal kUnknownSid{EngineError::unknown_sid, "Session ID unknown"};
inline constexpr EngineRefusal kBadHandshakeMethod{EngineError::bad_handshake_method,
                                                   "Bad handshake method: open a session with GET"};
inline constexpr EngineRefusal kBadRequest{EngineError::bad_request, "Bad request"};
inline constexpr EngineRefusal kTransportAndUpgradeDiffer{
    EngineError::bad_request, "Bad request: transport=websocket goes with a WebSocket upgrade, polling without"};
inline constexpr EngineRefusal kNoWebsocketHandshake{EngineError::bad_request,
                                                     "Bad request: not a WebSocket handshake (RFC 6455 4.2.1)"};
inline constexpr EngineRefusal kOverlappingPolls{EngineError::bad_request,
                                                 "Bad request: a poll of this session is already waiting"};
inline constexpr EngineRefusal kForeignOrigin{EngineError::forbidden,
                                              "Forbidden: this origin is not in the server's list (CORS_ORIGINS)"};
inline constexpr EngineRefusal kUnsupportedVersion{
    EngineError::unsupported_protocol_version,
    "Unsupported protocol version: use EIO=4 (socket.io-client 3 and 4) or EIO=3 (socket.io-client 2), "
    "e.g. /socket.io/?EIO=4&transport=websocket"};

}  // namespace refusal

}  // namespace belfry::protocol

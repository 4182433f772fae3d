// Engine.IO packets, protocol 4 (and 3, which socket.io-client 2.x speaks), as a pure codec. One packet travels in one
// WebSocket frame, or several in one HTTP body ("payload"). Specification: engine.io-protocol, v4 "Packet encoding" and
// v3 "Encoding". Not here: when to send which packet (protocol/).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/expected.hpp"

namespace belfry::engineio {

/// The query's `EIO`. Each changed what the other cannot read: who pings, how a body is framed.
enum class Version : std::uint8_t { v3 = 3, v4 = 4 };
/// v4 "Protocol", the same in v3.
enum class PacketType : std::uint8_t { open = 0, close = 1, ping = 2, pong = 3, message = 4, upgrade = 5, noop = 6 };
enum class Encoding : std::uint8_t { text, binary };

/// Views into the decoder's input (or its scratch, for base64): valid no longer than both.
struct Packet {
  PacketType type = PacketType::noop;
  Encoding encoding = Encoding::text;  // binary only with type message
  Bytes data;                          // without the type character
};

/// Each ends the Engine.IO session, as the official suite wants: what follows broken framing cannot be trusted.
enum class DecodeError : std::uint8_t {
  empty_packet,        // v4 "Packet encoding": a packet has a type
  unknown_type,        // v4 "Protocol": 0 to 6
  bad_base64,          // v4 "Packet encoding", RFC 4648 4
  bad_length,          // v3 "Payload"
  too_many_packets,    // kMaxPacketsPerPayload
  binary_not_message,  // v3 "Packet": we take binary data for messages only
  invalid_utf8,        // v4 "Packet encoding": plain text. JSON behind it could not be read either
  payload_truncated,   // v3 "Payload"
};
[[nodiscard]] std::string_view explain(DecodeError error);

/// One packet from one WebSocket text frame, e.g. `4hello`, `2probe`. `b<base64>` (binary in a text frame) is v3 and
/// polling only and refused here for v4.
[[nodiscard]] Expected<Packet, DecodeError> decode_text(Bytes frame);
/// One packet from one WebSocket binary frame: v4, the bytes are a message; v3, a type byte 0x00…0x06 leads.
[[nodiscard]] Expected<Packet, DecodeError> decode_binary(Bytes frame, Version version);

/// Appends the Engine.IO part of a WebSocket text frame's payload: type digit and text. For v4 binary messages the frame
/// payload is the data itself; for v3 the byte 0x04 leads it (append_binary_prefix).
void append_text(std::string& out, PacketType type, std::string_view text);
void append_binary_prefix(std::string& out, Version version);

}  // namespace belfry::engineio

// The bytes that frame the packets of one HTTP body, for both who read and who write them. Private to wire/engineio.
#pragma once

namespace belfry::engineio {

// Engine.IO protocol v4, "Packet encoding" for HTTP long-polling: ASCII's record separator. JSON escapes it and base64 has none,
// so packets need no lengths; a text that holds one all the same ends there, which its sender knew.
constexpr char kSeparator = '\x1e';

// Engine.IO protocol v3, "Payload", for clients of XHR2: a byte for the kind of packet, the decimal digits of its length as bytes
// 0 to 9, and a byte that ends them.
constexpr char kStringPacket = '\x00';
constexpr char kBinaryPacket = '\x01';
constexpr char kEndOfLength = '\xFF';

}  // namespace belfry::engineio

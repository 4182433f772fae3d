// One frame's header (RFC 6455 5.2) and every rule that can be judged from it alone, so that a wrong or oversized frame is
// refused before a byte of its payload is waited for. Not here: payloads (read.cpp). Private to wire/websocket.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "wire/websocket/frame.hpp"
#include "wire/websocket/mask.hpp"

namespace belfry::websocket {

// RFC 6455 5.2: the bits of a frame's first byte, and of its second.
constexpr unsigned kFin = 0x80;
constexpr unsigned kRsv1 = 0x40;
constexpr unsigned kRsv2And3 = 0x30;
constexpr unsigned kOpcodeBits = 0x0F;
constexpr unsigned kMasked = 0x80;
constexpr unsigned kLengthBits = 0x7F;

// RFC 6455 5.2: the 7-bit lengths that announce two or eight bytes of length, and the most that two bytes hold.
constexpr unsigned kLength16 = 126;
constexpr unsigned kLength64 = 127;
constexpr std::uint64_t kMaxLength16 = 0xFFFF;

constexpr std::size_t kMaxControlPayload = 125;  // RFC 6455 5.5

struct Header {
  Opcode opcode = Opcode::continuation;
  bool last = false;        // FIN
  bool compressed = false;  // RSV1: the message is compressed (RFC 7692 6); set on its first frame only
  std::optional<MaskKey> mask;
  std::uint64_t payload_size = 0;
  std::size_t size = 0;  // of the header itself; 0: more bytes are needed
};

[[nodiscard]] constexpr bool is_control(Opcode opcode) { return (static_cast<unsigned>(opcode) & 0x8U) != 0; }

/// `under_way` is the fragmented message that is not complete yet, if any.
[[nodiscard]] Expected<Header, Violation> read_header(Bytes input, const Fragments* under_way, const ReadOptions& options);

}  // namespace belfry::websocket

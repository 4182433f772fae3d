// One frame's header (RFC 6455 5.2) and every rule that can be judged from it alone, so that a wrong or oversized frame is
// refused before a byte of its payload is waited for. Not here: payloads (read.cpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "wire/websocket/frame.hpp"
#include "wire/websocket/mask.hpp"

namespace belfry::websocket {

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

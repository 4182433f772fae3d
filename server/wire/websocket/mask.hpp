// Masking (RFC 6455 5.3): every byte from a client is XORed with one of four key bytes, so that a script in a browser
// cannot choose what a proxy sees on the wire. Its own inverse; no secret, no protection. Not here: who must mask (read.cpp).
#pragma once

#include <array>
#include <cstddef>

#include "base/bytes.hpp"

namespace belfry::websocket {

/// In the order of the wire.
using MaskKey = std::array<std::byte, 4>;

/// Masks or unmasks in place. `payload` starts where the frame's payload starts: byte i meets key byte i mod 4.
void apply_mask(MutableBytes payload, const MaskKey& key);

}  // namespace belfry::websocket

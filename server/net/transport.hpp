// What one attempt to receive or send came to, the same for plain TCP (here) and TLS (tls.hpp).
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.hpp"

namespace belfry::net {

enum class After : std::uint8_t {
  more,     // the room was filled: ask again
  drained,  // nothing more at present
  ended,    // the peer's orderly end
  failed,
};

struct Received {
  std::size_t size = 0;
  After after = After::drained;
};

struct Sent {
  std::size_t size = 0;  // less than asked: blocked
  bool failed = false;
};

/// `room` must not be empty.
[[nodiscard]] Received receive_plain(int descriptor, MutableBytes room);
[[nodiscard]] Sent send_plain(int descriptor, Bytes bytes);

}  // namespace belfry::net

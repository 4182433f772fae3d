// permessage-deflate (RFC 7692), without context take-over in either direction: each message stands alone, so a
// connection keeps no zlib window (about 300 KB each) between messages. Off by default; the server accepts it only when the
// setting is on. Price and reason: docs/decisions/0006.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace belfry::websocket {

/// The server's answer to a Sec-WebSocket-Extensions offer; nullopt: no acceptable offer, answer without the extension.
[[nodiscard]] std::optional<std::string> accept_deflate_offer(std::string_view extensions_header);

/// Appends the raw deflate stream of `message` without its trailing 00 00 FF FF (7.2.1).
void deflate_message(Bytes message, std::string& out);

enum class Inflated { ok, corrupt, too_big };
/// Replaces `out` by the inflated message; stops as soon as it would exceed `max_message` bytes (a zip bomb costs no more).
[[nodiscard]] Inflated inflate_message(Bytes compressed, std::size_t max_message, std::string& out);

}  // namespace belfry::websocket

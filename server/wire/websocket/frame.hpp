// WebSocket frames (RFC 6455), as a pure codec over the caller's buffer. Reading unmasks in place and hands out views
// into that buffer; a message split over several frames is collected in Fragments, which exist only while such a message
// is under way, so an idle connection owns nothing here. Not here: the HTTP upgrade (protocol/), sockets (net/).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/expected.hpp"

namespace belfry::websocket {

/// RFC 6455 5.2. 3 to 7 and B to F are reserved for extensions; we negotiate none that uses them.
enum class Opcode : std::uint8_t { continuation = 0x0, text = 0x1, binary = 0x2, close = 0x8, ping = 0x9, pong = 0xA };

/// Who reads: a server refuses unmasked frames (5.1), a client refuses masked ones.
enum class Role : std::uint8_t { server, client };

/// RFC 6455 7.4.1, and 1013 of the IANA registry (11.7). `no_status` is never sent; it stands for a close frame without a body.
enum class CloseCode : std::uint16_t {
  normal = 1000,
  going_away = 1001,
  protocol_error = 1002,
  unsupported_data = 1003,
  no_status = 1005,
  invalid_payload = 1007,
  policy_violation = 1008,
  message_too_big = 1009,
  internal_error = 1011,
  try_again_later = 1013,
};

/// The rule that the peer's bytes break, by its section of RFC 6455 where no other is named. The connection is closed with
/// `close_code(violation)`; where the RFC leaves the choice, too (docs/decisions/0007-strict-frame-length.md).
enum class Violation : std::uint8_t {
  reserved_bit,             // 5.2; RFC 7692 6 gives RSV1 a meaning on the first frame of a data message
  reserved_opcode,          // 5.2
  mask_missing,             // 5.1: a server must close
  mask_unexpected,          // 5.1: a client must close
  length_not_minimal,       // 5.2
  length_too_large,         // 5.2: the top bit of eight bytes must be 0
  control_fragmented,       // 5.5
  control_too_long,         // 5.5: at most 125 bytes
  continuation_unexpected,  // 5.4: nothing to continue
  continuation_expected,    // 5.4: fragments of two messages must not mix
  message_too_big,          // 7.4.1 (1009), 10.4: a limit of ours, on the whole message once it is inflated
  invalid_utf8,             // 8.1, and 5.5.1 for the reason in a close frame
  invalid_close_code,       // 7.4.1, 7.4.2
  invalid_close_body,       // 5.5.1: one byte is no code
  inflate_failed,           // RFC 7692 7.2.2
};
[[nodiscard]] CloseCode close_code(Violation violation);
/// A sentence for the close frame's reason, at most 123 bytes.
[[nodiscard]] std::string_view explain(Violation violation);

struct ReadOptions {
  Role role = Role::server;
  std::size_t max_message = 1'000'000;  // bytes of one whole message, after inflating (10.4); Node's maxHttpBufferSize
  bool deflate = false;                 // permessage-deflate was negotiated: RSV1 is allowed on a message's first frame
};

/// The frames so far of a message that is not complete yet. Owned by the connection, null most of the time.
struct Fragments {
  Opcode opcode = Opcode::text;
  bool compressed = false;
  std::string payload;
};

/// What one call of `read` found.
struct Incoming {
  enum class Kind : std::uint8_t { need_more, text, binary, ping, pong, close };
  Kind kind = Kind::need_more;
  MutableBytes payload;                    // the whole message; valid until the next read() or until the input buffer moves
  CloseCode close = CloseCode::no_status;  // for Kind::close: what the peer said; payload is then its reason
  std::size_t consumed = 0;                // input bytes used up; with need_more these are frames already put into Fragments
};

/// Reads up to and including the next whole message or control frame from the start of `input`. Text is checked to be
/// UTF-8 (8.1) when the message is complete. A frame longer than max_message is refused when its header is seen. After a
/// Violation nothing more may be read. `scratch` lends storage for a message completed from fragments or inflated: its
/// content stays valid until the next call with the same scratch.
[[nodiscard]] Expected<Incoming, Violation> read(MutableBytes input, std::unique_ptr<Fragments>& fragments, std::string& scratch,
                                                 const ReadOptions& options);

/// Appends the header of one unfragmented, unmasked frame; the caller appends exactly `payload_size` bytes behind it.
void append_header(std::string& out, Opcode opcode, std::size_t payload_size);
/// The same with RSV1 set, for a payload made by Deflate (deflate.hpp).
void append_compressed_header(std::string& out, Opcode opcode, std::size_t payload_size);
/// Appends one whole masked frame, as a client must send it (5.3). For the load generator and for tests.
void append_masked(std::string& out, Opcode opcode, Bytes payload, std::uint32_t mask);
/// Appends a close frame; `no_status` gives an empty body. The reason is cut to 123 bytes at a character boundary.
void append_close(std::string& out, CloseCode code, std::string_view reason);

/// Sec-WebSocket-Accept for a client's key (RFC 6455 4.2.2, step 5.4).
[[nodiscard]] std::string accept_key(std::string_view client_key);
/// Is this a key a client may send: base64 of exactly 16 bytes (4.2.1, item 5)?
[[nodiscard]] bool is_valid_key(std::string_view client_key);

}  // namespace belfry::websocket

#include "base/check.hpp"
#include "wire/websocket/frame.hpp"

namespace belfry::websocket {

CloseCode close_code(Violation violation) {
  switch (violation) {
    case Violation::message_too_big:
      return CloseCode::message_too_big;
    case Violation::invalid_utf8:
    case Violation::inflate_failed:  // RFC 7692 names no code; 1007 is "data not consistent with the type of the message"
      return CloseCode::invalid_payload;
    case Violation::reserved_bit:
    case Violation::reserved_opcode:
    case Violation::mask_missing:
    case Violation::mask_unexpected:
    case Violation::length_not_minimal:
    case Violation::length_too_large:
    case Violation::control_fragmented:
    case Violation::control_too_long:
    case Violation::continuation_unexpected:
    case Violation::continuation_expected:
    case Violation::invalid_close_code:
    case Violation::invalid_close_body:
      return CloseCode::protocol_error;
  }
  check_failed("violation", "a Violation outside its enum", __FILE__, __LINE__);
}

std::string_view explain(Violation violation) {
  switch (violation) {
    case Violation::reserved_bit:
      return "a reserved bit is set which no negotiated extension defines (RFC 6455 5.2)";
    case Violation::reserved_opcode:
      return "a reserved opcode (RFC 6455 5.2)";
    case Violation::mask_missing:
      return "a client must mask its frames (RFC 6455 5.1)";
    case Violation::mask_unexpected:
      return "a server must not mask its frames (RFC 6455 5.1)";
    case Violation::length_not_minimal:
      return "the payload length is not in its shortest form (RFC 6455 5.2)";
    case Violation::length_too_large:
      return "the payload length has its highest bit set (RFC 6455 5.2)";
    case Violation::control_fragmented:
      return "a control frame must not be fragmented (RFC 6455 5.5)";
    case Violation::control_too_long:
      return "a control frame carries at most 125 bytes (RFC 6455 5.5)";
    case Violation::continuation_unexpected:
      return "a continuation frame, but no message is under way (RFC 6455 5.4)";
    case Violation::continuation_expected:
      return "a new message before the fragmented one has ended (RFC 6455 5.4)";
    case Violation::message_too_big:
      return "the message is longer than this server accepts";
    case Violation::invalid_utf8:
      return "text is not UTF-8 (RFC 6455 8.1)";
    case Violation::invalid_close_code:
      return "a close code that must not be sent (RFC 6455 7.4)";
    case Violation::invalid_close_body:
      return "a close body of one byte (RFC 6455 5.5.1)";
    case Violation::inflate_failed:
      return "the compressed message is not a deflate stream (RFC 7692 7.2.2)";
  }
  check_failed("violation", "a Violation outside its enum", __FILE__, __LINE__);
}

}  // namespace belfry::websocket

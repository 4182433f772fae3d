#include <array>

#include "wire/websocket/frame.hpp"
#include "wire/websocket/header.hpp"
#include "wire/websocket/mask.hpp"

namespace belfry::websocket {

namespace {

constexpr std::size_t kMaxReason = kMaxControlPayload - 2;  // RFC 6455 5.5.1: the first two bytes are the code

void append_big_endian(std::string& out, std::uint64_t value, unsigned bytes) {
  for (unsigned shift = bytes * 8; shift != 0; shift -= 8) out.push_back(static_cast<char>(value >> (shift - 8) & 0xFF));
}

/// Always the shortest length form (RFC 6455 5.2).
void append_start(std::string& out, unsigned first, unsigned mask_bit, std::size_t payload_size) {
  out.push_back(static_cast<char>(first));
  if (payload_size < kLength16) {
    out.push_back(static_cast<char>(mask_bit | static_cast<unsigned>(payload_size)));
  } else if (payload_size <= kMaxLength16) {
    out.push_back(static_cast<char>(mask_bit | kLength16));
    append_big_endian(out, payload_size, 2);
  } else {
    out.push_back(static_cast<char>(mask_bit | kLength64));
    append_big_endian(out, payload_size, 8);
  }
}

/// At most kMaxReason bytes, never half a character: a cut one would make our own close frame a violation (RFC 6455 5.5.1).
std::string_view cut_reason(std::string_view reason) {
  if (reason.size() <= kMaxReason) return reason;
  std::size_t end = kMaxReason;
  while (end > 0 && (static_cast<unsigned char>(reason[end]) & 0xC0U) == 0x80U) --end;
  return reason.substr(0, end);
}

}  // namespace

void append_header(std::string& out, Opcode opcode, std::size_t payload_size) {
  append_start(out, kFin | static_cast<unsigned>(opcode), 0, payload_size);
}

void append_compressed_header(std::string& out, Opcode opcode, std::size_t payload_size) {
  append_start(out, kFin | kRsv1 | static_cast<unsigned>(opcode), 0, payload_size);
}

void append_masked(std::string& out, Opcode opcode, Bytes payload, std::uint32_t mask) {
  append_start(out, kFin | static_cast<unsigned>(opcode), kMasked, payload.size());
  append_big_endian(out, mask, sizeof(mask));
  MaskKey key{};
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::byte>(mask >> (24 - 8 * i) & 0xFF);
  const std::size_t start = out.size();
  out.append(as_text(payload));
  apply_mask(as_mutable_bytes(std::span(out).subspan(start)), key);
}

void append_close(std::string& out, CloseCode code, std::string_view reason) {
  if (code == CloseCode::no_status) return append_header(out, Opcode::close, 0);
  const std::string_view cut = cut_reason(reason);
  append_header(out, Opcode::close, 2 + cut.size());
  append_big_endian(out, static_cast<std::uint64_t>(code), 2);
  out.append(cut);
}

}  // namespace belfry::websocket

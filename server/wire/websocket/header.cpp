#include "wire/websocket/header.hpp"

#include <algorithm>

namespace belfry::websocket {

namespace {

// RFC 6455 5.2 and 11.8.
bool is_known(unsigned opcode) { return opcode <= 0x2 || (opcode >= 0x8 && opcode <= 0xA); }

std::uint64_t big_endian(Bytes bytes) {
  std::uint64_t value = 0;
  for (const std::byte byte : bytes) value = value << 8 | std::to_integer<std::uint64_t>(byte);
  return value;
}

/// Each Violation names its rule.
Expected<void, Violation> check_first_byte(unsigned first, const Fragments* under_way, const ReadOptions& options) {
  if (!is_known(first & kOpcodeBits)) return unexpected(Violation::reserved_opcode);
  const auto opcode = static_cast<Opcode>(first & kOpcodeBits);
  // RFC 7692 6: only a data message can be compressed, and only its first frame says so.
  const bool may_be_compressed = options.deflate && (opcode == Opcode::text || opcode == Opcode::binary);
  if ((first & kRsv2And3) != 0 || ((first & kRsv1) != 0 && !may_be_compressed)) return unexpected(Violation::reserved_bit);
  if (is_control(opcode)) {
    if ((first & kFin) == 0) return unexpected(Violation::control_fragmented);
    return {};
  }
  if (opcode == Opcode::continuation && under_way == nullptr) return unexpected(Violation::continuation_unexpected);
  if (opcode != Opcode::continuation && under_way != nullptr) return unexpected(Violation::continuation_expected);
  return {};
}

/// `length_bytes` are the extended length, empty where the seven bits of the second byte say it all.
Expected<std::uint64_t, Violation> read_length(unsigned seven_bits, Bytes length_bytes) {
  if (length_bytes.empty()) return seven_bits;
  const std::uint64_t length = big_endian(length_bytes);
  if (length >> 63 != 0) return unexpected(Violation::length_too_large);
  // RFC 6455 5.2: the shortest form MUST be used. Taking longer ones too would give one frame two spellings, and let a proxy
  // which refuses them and us disagree about where the next frame starts.
  const std::uint64_t shortest = length_bytes.size() == 2 ? kLength16 : kMaxLength16 + 1;
  if (length < shortest) return unexpected(Violation::length_not_minimal);
  return length;
}

/// Also for compressed payloads: one that is longer than max_message before inflating is not worth inflating. Deflate makes
/// incompressible data longer by 5 bytes in 16 KB; a sender that close to the limit can send it plain.
bool fits(std::uint64_t payload_size, const Fragments* under_way, std::size_t max_message) {
  const std::size_t so_far = under_way == nullptr ? 0 : under_way->payload.size();
  return so_far <= max_message && payload_size <= max_message - so_far;
}

}  // namespace

Expected<Header, Violation> read_header(Bytes input, const Fragments* under_way, const ReadOptions& options) {
  if (input.size() < 2) return Header{};
  const auto first = std::to_integer<unsigned>(input[0]);
  const auto second = std::to_integer<unsigned>(input[1]);
  if (const auto checked = check_first_byte(first, under_way, options); !checked) return unexpected(checked.error());
  Header header;
  header.opcode = static_cast<Opcode>(first & kOpcodeBits);
  header.last = (first & kFin) != 0;
  header.compressed = (first & kRsv1) != 0;
  const bool masked = (second & kMasked) != 0;
  if (options.role == Role::server && !masked) return unexpected(Violation::mask_missing);
  if (options.role == Role::client && masked) return unexpected(Violation::mask_unexpected);

  const unsigned seven_bits = second & kLengthBits;
  if (is_control(header.opcode) && seven_bits > kMaxControlPayload) return unexpected(Violation::control_too_long);
  const std::size_t extended = seven_bits == kLength64 ? 8 : seven_bits == kLength16 ? 2 : 0;
  if (input.size() < 2 + extended) return Header{};
  const auto length = read_length(seven_bits, input.subspan(2, extended));
  if (!length) return unexpected(length.error());
  if (!is_control(header.opcode) && !fits(*length, under_way, options.max_message)) return unexpected(Violation::message_too_big);
  header.payload_size = *length;

  const std::size_t size = 2 + extended + (masked ? sizeof(MaskKey) : 0);
  if (input.size() < size) return Header{};
  if (masked) std::ranges::copy(input.subspan(2 + extended, sizeof(MaskKey)), header.mask.emplace().begin());
  header.size = size;
  return header;
}

}  // namespace belfry::websocket

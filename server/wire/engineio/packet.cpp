#include "wire/engineio/packet.hpp"

#include "base/check.hpp"

namespace belfry::engineio {
namespace {

// Engine.IO protocol v4 "Protocol": the highest of the types; the same in v3.
constexpr auto kLastType = static_cast<unsigned>(PacketType::noop);

}  // namespace

std::string_view explain(DecodeError error) {
  switch (error) {
    case DecodeError::empty_packet:
      return "A packet is empty";
    case DecodeError::unknown_type:
      return "A packet's type is none of 0 to 6";
    case DecodeError::bad_base64:
      return "A binary packet is not base64";
    case DecodeError::bad_length:
      return "A packet's length is malformed";
    case DecodeError::too_many_packets:
      return "The body holds too many packets";
    case DecodeError::binary_not_message:
      return "Only messages may be binary";
    case DecodeError::invalid_utf8:
      return "A text packet is not UTF-8";
    case DecodeError::payload_truncated:
      return "The body ends inside a packet";
  }
  CHECK(false, "an error without its words");
}

Expected<Packet, DecodeError> decode_text(Bytes frame) {
  if (frame.empty()) return unexpected(DecodeError::empty_packet);
  const auto digit = static_cast<unsigned>(frame.front()) - '0';
  if (digit > kLastType) return unexpected(DecodeError::unknown_type);
  return Packet{static_cast<PacketType>(digit), Encoding::text, frame.subspan(1)};
}

Expected<Packet, DecodeError> decode_binary(Bytes frame, Version version) {
  if (version == Version::v4) return Packet{PacketType::message, Encoding::binary, frame};
  if (frame.empty()) return unexpected(DecodeError::empty_packet);
  const auto type = static_cast<unsigned>(frame.front());
  if (type > kLastType) return unexpected(DecodeError::unknown_type);
  // Engine.IO protocol v3 "Encoding": only a message has binary data.
  if (static_cast<PacketType>(type) != PacketType::message) return unexpected(DecodeError::binary_not_message);
  return Packet{PacketType::message, Encoding::binary, frame.subspan(1)};
}

void append_text(std::string& out, PacketType type, std::string_view text) {
  out.push_back(static_cast<char>('0' + static_cast<int>(type)));
  out.append(text);
}

void append_binary_prefix(std::string& out, Version version) {
  if (version == Version::v3) out.push_back(static_cast<char>(PacketType::message));  // v3 "Packet": the type as a byte
}

}  // namespace belfry::engineio

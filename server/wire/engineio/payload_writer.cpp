#include <utility>

#include "wire/base64/base64.hpp"
#include "wire/engineio/framing.hpp"
#include "wire/engineio/payload.hpp"

namespace belfry::engineio {
namespace {

/// What JavaScript's .length would say of UTF-8 text: RFC 3629 3 and RFC 2781 2.1.
std::size_t utf16_units(std::string_view text) {
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0) != 0x80) units += byte >= 0xF0 ? 2 : 1;
  }
  return units;
}

std::string as_string_packet(Version version, PacketType type, Encoding encoding, std::string_view data) {
  std::string packet;
  if (encoding == Encoding::text) {
    append_text(packet, type, data);
  } else {
    packet = version == Version::v3 ? "b4" : "b";
    base64::append(packet, data, base64::Form::padded);
  }
  return packet;
}

/// v3 "Payload", XHR2 framing: kind, the length's digits as bytes 0-9, 0xFF, the packet.
void append_octets(std::string& out, PacketType type, Encoding encoding, std::string_view data) {
  std::string packet;
  if (encoding == Encoding::binary) {
    append_binary_prefix(packet, Version::v3);
    packet.append(data);
  } else {
    append_text(packet, type, data);
  }
  out.push_back(encoding == Encoding::binary ? kBinaryPacket : kStringPacket);
  for (const char digit : std::to_string(packet.size())) out.push_back(static_cast<char>(digit - '0'));
  out.push_back(kEndOfLength);
  out.append(packet);
}

}  // namespace

void PayloadWriter::append(const Packet& packet) {
  has_binary_ = has_binary_ || packet.encoding == Encoding::binary;
  ++count_;
  if (version_ == Version::v3 && binary_as_ == BinaryAs::octets) {
    stored_.push_back({packet.type, packet.encoding, std::string(as_text(packet.data))});
    return;
  }
  const std::string text = as_string_packet(version_, packet.type, packet.encoding, as_text(packet.data));
  if (version_ == Version::v4) {
    if (count_ > 1) text_.push_back(kSeparator);
  } else {
    text_.append(std::to_string(utf16_units(text))).push_back(':');
  }
  text_.append(text);
}

std::size_t PayloadWriter::size() const {
  std::size_t size = text_.size();
  for (const Stored& packet : stored_) size += packet.data.size() + 8;
  return size;
}

Framing PayloadWriter::framing() const {
  return version_ == Version::v3 && binary_as_ == BinaryAs::octets && has_binary_ ? Framing::octets : Framing::text;
}

std::string PayloadWriter::take() {
  std::string body = std::move(text_);
  for (const Stored& packet : stored_) {
    if (framing() == Framing::octets) {
      append_octets(body, packet.type, packet.encoding, packet.data);
    } else {
      const std::string text = as_string_packet(version_, packet.type, packet.encoding, packet.data);
      body.append(std::to_string(utf16_units(text))).append(":").append(text);
    }
  }
  text_.clear();
  stored_.clear();
  count_ = 0;
  has_binary_ = false;
  return body;
}

void append_handshake(std::string& out, const OpenPacket& data, Version version) {
  out.append(R"({"sid":")").append(data.sid).append(R"(","upgrades":)").append(data.offer_websocket ? R"(["websocket"])" : "[]");
  out.append(R"(,"pingInterval":)").append(std::to_string(data.ping_interval_ms));
  out.append(R"(,"pingTimeout":)").append(std::to_string(data.ping_timeout_ms));
  if (version == Version::v4) out.append(R"(,"maxPayload":)").append(std::to_string(data.max_payload));
  out.push_back('}');
}

}  // namespace belfry::engineio

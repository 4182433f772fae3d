#include <simdjson.h>

#include <optional>
#include <utility>

#include "wire/base64/base64.hpp"
#include "wire/engineio/framing.hpp"
#include "wire/engineio/payload.hpp"

namespace belfry::engineio {
namespace {

// Engine.IO v3 "Payload": no length of a JavaScript client has more digits than 2^53.
constexpr std::size_t kMaxLengthDigits = 16;

/// Collects the packets of one body.
class Reading {
 public:
  explicit Reading(std::string& scratch) : scratch_(scratch) {}
  std::vector<Packet> packets;

  Expected<void, DecodeError> add(const Packet& packet) {
    if (packets.size() == kMaxPacketsPerPayload) return unexpected(DecodeError::too_many_packets);
    packets.push_back(packet);
    return {};
  }
  Expected<void, DecodeError> add_text(std::string_view text) {
    const auto packet = decode_text(as_bytes(text));
    if (!packet) return unexpected(packet.error());
    return add(*packet);
  }
  Expected<void, DecodeError> add_base64(std::string_view text) {
    const std::size_t from = scratch_.size();
    if (!base64::append_decoded(scratch_, text, base64::Form::padded)) return unexpected(DecodeError::bad_base64);
    return add({PacketType::message, Encoding::binary, as_bytes(std::string_view(scratch_).substr(from))});
  }

 private:
  std::string& scratch_;
};

Expected<void, DecodeError> read_v4(std::string_view body, Reading& reading) {
  while (true) {
    const std::size_t end = body.find(kSeparator);
    const std::string_view text = body.substr(0, end);
    auto read = text.starts_with('b') ? reading.add_base64(text.substr(1)) : reading.add_text(text);
    if (!read || end == std::string_view::npos) return read;
    body.remove_prefix(end + 1);
  }
}

/// How many bytes of `text` (UTF-8) make `units` UTF-16 code units: what JavaScript's .length counts. nullopt: not so many.
/// RFC 3629 3 for the lengths, RFC 2781 2.1 for the two units of a character that has four bytes. The text is valid already.
std::optional<std::size_t> bytes_of_units(std::string_view text, std::size_t units) {
  std::size_t at = 0;
  while (units > 0) {
    if (at >= text.size()) return std::nullopt;
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    const std::size_t cost = length == 4 ? 2 : 1;
    if (cost > units) return std::nullopt;
    units -= cost;
    at += length;
  }
  return at;
}

std::optional<std::size_t> read_length(std::string_view digits) {
  if (digits.empty() || digits.size() > kMaxLengthDigits || (digits.size() > 1 && digits.front() == '0')) return std::nullopt;
  std::size_t length = 0;
  for (const char digit : digits) {
    if (digit < '0' || digit > '9') return std::nullopt;
    length = length * 10 + static_cast<std::size_t>(digit - '0');
  }
  return length;
}

Expected<void, DecodeError> read_v3_text(std::string_view body, Reading& reading) {
  while (!body.empty()) {
    const std::size_t colon = body.substr(0, kMaxLengthDigits + 1).find(':');
    if (colon == std::string_view::npos) return unexpected(DecodeError::bad_length);
    const auto units = read_length(body.substr(0, colon));
    if (!units) return unexpected(DecodeError::bad_length);
    body.remove_prefix(colon + 1);
    const auto size = bytes_of_units(body, *units);
    if (!size) return unexpected(DecodeError::payload_truncated);
    const std::string_view text = body.substr(0, *size);
    const bool binary = text.starts_with('b');
    if (binary && !text.starts_with("b4")) return unexpected(DecodeError::binary_not_message);
    if (const auto read = binary ? reading.add_base64(text.substr(2)) : reading.add_text(text); !read) return read;
    body.remove_prefix(*size);
  }
  return {};
}

Expected<void, DecodeError> read_v3_octets(std::string_view body, Reading& reading) {
  while (!body.empty()) {
    const char kind = body.front();
    if (kind != kStringPacket && kind != kBinaryPacket) return unexpected(DecodeError::bad_length);
    const std::size_t end = body.substr(0, kMaxLengthDigits + 2).find(kEndOfLength);
    if (end == std::string_view::npos) return unexpected(DecodeError::bad_length);
    std::string digits(body.substr(1, end - 1));
    for (char& digit : digits) digit = static_cast<char>(digit + '0');
    const auto length = read_length(digits);
    if (!length) return unexpected(DecodeError::bad_length);
    body.remove_prefix(end + 1);
    if (body.size() < *length) return unexpected(DecodeError::payload_truncated);
    const Bytes data = as_bytes(body.substr(0, *length));
    const auto packet = kind == kBinaryPacket ? decode_binary(data, Version::v3) : decode_text(data);
    if (!packet) return unexpected(packet.error());
    if (kind == kStringPacket && !simdjson::validate_utf8(body.data(), *length)) return unexpected(DecodeError::invalid_utf8);
    if (const auto added = reading.add(*packet); !added) return added;
    body.remove_prefix(*length);
  }
  return {};
}

}  // namespace

Expected<std::vector<Packet>, DecodeError> decode_payload(Bytes body, Version version, Framing framing, std::string& scratch) {
  scratch.clear();
  scratch.reserve(body.size());  // base64 only shrinks: views into scratch stay where they are
  if (body.empty()) return unexpected(DecodeError::empty_packet);
  const std::string_view text = as_text(body);
  const bool octets = version == Version::v3 && framing == Framing::octets;
  if (!octets && !simdjson::validate_utf8(text.data(), text.size())) return unexpected(DecodeError::invalid_utf8);
  Reading reading(scratch);
  const auto read = octets                   ? read_v3_octets(text, reading)
                    : version == Version::v3 ? read_v3_text(text, reading)
                                             : read_v4(text, reading);
  if (!read) return unexpected(read.error());
  return std::move(reading.packets);
}

}  // namespace belfry::engineio

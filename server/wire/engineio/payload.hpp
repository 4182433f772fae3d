// Several Engine.IO packets in one HTTP body. v4: packets joined by 0x1E, binary as `b<base64>`. v3: `<length>:<packet>`
// with the length in UTF-16 code units, binary as `b4<base64>`, or, when the body is octet-stream, the XHR2 framing
// (0x00 string / 0x01 binary, length digits as bytes, 0xFF). Limits stop a body that is many tiny packets.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wire/engineio/packet.hpp"

namespace belfry::engineio {

/// How a v3 body is framed; v4 bodies are always text.
enum class Framing : std::uint8_t { text, octets };
/// What a v3 client can read a binary packet as: engine.io-client 3.x asks for base64 by `b64=1`. In v4 it is always base64.
enum class BinaryAs : std::uint8_t { base64, octets };

/// socket.io-client sends at most as many packets as were waiting; 10 000 is far above a busy client and far below harm.
constexpr std::size_t kMaxPacketsPerPayload = 10'000;

/// Decodes a whole body. Packet views point into `body` or into `scratch` (decoded base64), which this call clears.
[[nodiscard]] Expected<std::vector<Packet>, DecodeError> decode_payload(Bytes body, Version version, Framing framing,
                                                                        std::string& scratch);

/// Collects packets for one poll's answer. With v3, octets and a binary packet among them it becomes octet framing, as
/// engine.io-parser 2.x does; everything else is text.
class PayloadWriter {
 public:
  explicit PayloadWriter(Version version, BinaryAs binary_as = BinaryAs::base64) : version_(version), binary_as_(binary_as) {}
  void append(const Packet& packet);
  [[nodiscard]] std::size_t packet_count() const { return count_; }
  /// Bytes that the body would have now, near enough for maxPayload decisions.
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] Framing framing() const;
  /// The finished body; the writer is empty afterwards.
  [[nodiscard]] std::string take();

 private:
  struct Stored {
    PacketType type;
    Encoding encoding;
    std::string data;
  };
  Version version_;
  BinaryAs binary_as_;
  bool has_binary_ = false;
  std::size_t count_ = 0;
  std::string text_;            // v4 and v3 text framing, built as packets come
  std::vector<Stored> stored_;  // v3 with octets only: the framing is not known before the last packet
};

/// The open packet's JSON (v4 "Handshake"): exactly sid, upgrades, pingInterval, pingTimeout, and for v4 maxPayload. The numbers
/// are those of the specification's examples, and engine.io's defaults.
struct OpenPacket {
  std::string_view sid;
  bool offer_websocket = false;
  std::uint32_t ping_interval_ms = 25'000;
  std::uint32_t ping_timeout_ms = 20'000;
  std::uint32_t max_payload = 1'000'000;
};
void append_handshake(std::string& out, const OpenPacket& data, Version version);

}  // namespace belfry::engineio

// For tests and fuzz targets only: frames of any shape, wrong ones too, and what a reader made of a stream of them when it
// came in pieces. Production code writes with append_* (frame.hpp) and cannot make a wrong frame.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "wire/websocket/frame.hpp"
#include "wire/websocket/mask.hpp"

namespace belfry::websocket::testing {

/// A masked final text frame unless told otherwise.
class FrameBuilder {
 public:
  explicit FrameBuilder(Opcode opcode, std::string payload = "")
      : opcode_(static_cast<unsigned>(opcode)),
        payload_(std::move(payload)) {}

  FrameBuilder& not_final() { return fin_ = 0, *this; }
  FrameBuilder& unmasked() { return masked_ = false, *this; }
  FrameBuilder& rsv(unsigned bits) { return rsv_ = bits, *this; }                      // 4: RSV1, 2: RSV2, 1: RSV3
  FrameBuilder& opcode(unsigned raw) { return opcode_ = raw, *this; }                  // for reserved ones
  FrameBuilder& length_bytes(unsigned bytes) { return length_bytes_ = bytes, *this; }  // 0, 2 or 8, minimal or not
  FrameBuilder& claimed_length(std::uint64_t length) { return claimed_ = length, *this; }

  std::string bytes() const {
    const std::uint64_t length = claimed_.value_or(payload_.size());
    const unsigned extended = length_bytes_.value_or(length < 126 ? 0 : length < 0x10000 ? 2 : 8);
    const unsigned mask_bit = masked_ ? 0x80 : 0;
    const unsigned seven_bits = extended == 0 ? static_cast<unsigned>(length) : extended == 2 ? 126 : 127;
    std::string out;
    out.push_back(static_cast<char>(fin_ << 7 | rsv_ << 4 | opcode_));
    out.push_back(static_cast<char>(mask_bit | seven_bits));
    for (unsigned i = extended; i > 0; --i) out.push_back(static_cast<char>(length >> 8 * (i - 1) & 0xFF));
    if (masked_) out.append(as_text(kKey));
    const std::size_t start = out.size();
    out.append(payload_);
    if (masked_) apply_mask(as_mutable_bytes(std::span(out).subspan(start)), kKey);
    return out;
  }

 private:
  // The key of the masked "Hello" in RFC 6455 5.7.
  static constexpr MaskKey kKey = {std::byte{0x37}, std::byte{0xfa}, std::byte{0x21}, std::byte{0x3d}};

  unsigned fin_ = 1;
  unsigned rsv_ = 0;
  unsigned opcode_;
  bool masked_ = true;
  std::optional<unsigned> length_bytes_;
  std::optional<std::uint64_t> claimed_;
  std::string payload_;
};

/// One message or control frame, copied out of the reader's buffers.
struct Heard {
  Incoming::Kind kind;
  std::string payload;
  CloseCode close = CloseCode::no_status;
  friend bool operator==(const Heard&, const Heard&) = default;
};

struct Outcome {
  std::vector<Heard> heard;
  std::optional<Violation> violation;
  bool message_under_way = false;
  std::size_t unread = 0;  // bytes of a frame which is not whole
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// A connection's reading side: keeps what is unread, as net/ does.
class Listener {
 public:
  explicit Listener(const ReadOptions& options) : options_(options) {}

  void receive(std::string_view piece) {
    if (outcome_.violation) return;
    buffer_.append(piece);
    std::size_t used = 0;
    for (bool more = true; more;) {
      const auto incoming = read(as_mutable_bytes(std::span(buffer_).subspan(used)), fragments_, scratch_, options_);
      if (!incoming) {
        outcome_.violation = incoming.error();
        break;
      }
      used += incoming->consumed;
      more = incoming->kind != Incoming::Kind::need_more;
      if (more) outcome_.heard.push_back({incoming->kind, std::string(as_text(incoming->payload)), incoming->close});
    }
    buffer_.erase(0, used);
  }

  Outcome outcome() const {
    Outcome result = outcome_;
    result.message_under_way = fragments_ != nullptr;
    result.unread = buffer_.size();
    return result;
  }

 private:
  ReadOptions options_;
  std::string buffer_;
  std::string scratch_;
  std::unique_ptr<Fragments> fragments_;
  Outcome outcome_;
};

inline Outcome listen_to(std::string_view stream, const ReadOptions& options = {}) {
  Listener listener(options);
  listener.receive(stream);
  return listener.outcome();
}

}  // namespace belfry::websocket::testing

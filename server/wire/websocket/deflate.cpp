#include "wire/websocket/deflate.hpp"

#include <zlib.h>

#include <algorithm>
#include <bit>

#include "base/check.hpp"

namespace belfry::websocket {

namespace {

// What a sync flush ends with; the sender leaves it out and the receiver puts it back (RFC 7692 7.2.1, 7.2.2).
constexpr std::string_view kTail("\x00\x00\xff\xff", 4);

// For a few KB of SDP levels 1 to 6 cost the same within noise (30 to 50 us for 4 KB); 6 leaves 7 % fewer bytes than 1.
constexpr int kLevel = 6;

// Small messages get a small buffer; a few doublings reach an SDP of some KB.
constexpr std::size_t kFirstOutput = 1024;

Bytef* zlib_bytes(const std::byte* data) { return const_cast<Bytef*>(reinterpret_cast<const Bytef*>(data)); }

/// A window of twice the message sees all of it; zlib then allocates and clears in proportion to the message and not the
/// 256 KB of its defaults. Raw deflate starts at 9 bits. The peer always has 15.
int window_bits_for(std::size_t message_size) {
  return static_cast<int>(std::clamp<std::size_t>(std::bit_width(message_size) + 1, 9, MAX_WBITS));
}

class Deflater {
 public:
  explicit Deflater(std::size_t message_size) {
    const int window_bits = window_bits_for(message_size);
    const int memory_level = std::min(window_bits - 6, 8);
    const int status = deflateInit2(&stream_, kLevel, Z_DEFLATED, -window_bits, memory_level, Z_DEFAULT_STRATEGY);
    CHECK(status == Z_OK, "zlib starts a raw deflate stream");
  }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;
  ~Deflater() { deflateEnd(&stream_); }
  z_stream& stream() { return stream_; }

 private:
  z_stream stream_{};
};

class Inflater {
 public:
  Inflater() {
    const int status = inflateInit2(&stream_, -MAX_WBITS);
    CHECK(status == Z_OK, "zlib starts a raw inflate stream");
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream_); }

  /// Appends to out[0, produced()), growing `out` to at most `limit` bytes. `too_big`: there is no room left.
  Inflated feed(Bytes input, std::size_t limit, std::string& out);

  std::size_t produced() const { return produced_; }
  /// Has the last block ended? zlib says so in bit 7 of data_type.
  bool at_block_end() const { return stream_ended_ || (stream_.data_type & 0x80) != 0; }

 private:
  z_stream stream_{};
  std::size_t produced_ = 0;
  bool stream_ended_ = false;
};

Inflated Inflater::feed(Bytes input, std::size_t limit, std::string& out) {
  stream_.next_in = zlib_bytes(input.data());
  stream_.avail_in = static_cast<uInt>(input.size());
  for (;;) {
    if (produced_ == out.size()) {
      if (produced_ == limit) return Inflated::too_big;
      out.resize(std::min(limit, std::max(kFirstOutput, 2 * out.size())));
    }
    const auto room = static_cast<uInt>(out.size() - produced_);
    stream_.next_out = reinterpret_cast<Bytef*>(out.data() + produced_);
    stream_.avail_out = room;
    const int status = inflate(&stream_, Z_SYNC_FLUSH);
    produced_ += room - stream_.avail_out;
    stream_ended_ = status == Z_STREAM_END;
    if (stream_ended_) {
      // RFC 7692 7.2.1: blocks may follow one marked final, and may refer back across it: keep the window. (inflateReset forgets
      // it; giving it back as a dictionary would copy 32 KB for each two-byte block of a hostile message.)
      if (stream_.avail_in == 0) return Inflated::ok;
      inflateResetKeep(&stream_);
      continue;
    }
    if (status != Z_OK && status != Z_BUF_ERROR) return Inflated::corrupt;
    if (stream_.avail_in == 0 && stream_.avail_out != 0) return Inflated::ok;
  }
}

}  // namespace

void deflate_message(Bytes message, std::string& out) {
  Deflater deflater(message.size());
  z_stream& stream = deflater.stream();
  stream.next_in = zlib_bytes(message.data());
  stream.avail_in = static_cast<uInt>(message.size());
  std::size_t end = out.size();
  do {
    out.resize(end + std::max(kFirstOutput, message.size() / 2));
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + end);
    stream.avail_out = static_cast<uInt>(out.size() - end);
    const int status = deflate(&stream, Z_SYNC_FLUSH);
    CHECK(status == Z_OK || status == Z_BUF_ERROR, "zlib deflates what it is given");
    end = out.size() - stream.avail_out;
  } while (stream.avail_out == 0);
  out.resize(end);
  CHECK(out.ends_with(kTail), "a sync flush ends with an empty stored block");
  out.resize(end - kTail.size());
}

Inflated inflate_message(Bytes compressed, std::size_t max_message, std::string& out) {
  Inflater inflater;
  const std::size_t limit = max_message + 1;  // one byte more than allowed tells "full" from "too big"
  out.resize(std::min(limit, std::max(4 * compressed.size(), kFirstOutput)));  // not its capacity: that would be cleared
  for (const Bytes part : {compressed, as_bytes(kTail)}) {
    const Inflated result = inflater.feed(part, limit, out);
    if (result != Inflated::ok) return result;
  }
  if (inflater.produced() > max_message) return Inflated::too_big;
  if (!inflater.at_block_end()) return Inflated::corrupt;
  out.resize(inflater.produced());
  return Inflated::ok;
}

}  // namespace belfry::websocket

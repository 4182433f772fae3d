#include <simdjson.h>

#include <utility>

#include "wire/websocket/deflate.hpp"
#include "wire/websocket/frame.hpp"
#include "wire/websocket/header.hpp"

namespace belfry::websocket {

namespace {

bool is_utf8(Bytes text) { return simdjson::validate_utf8(reinterpret_cast<const char*>(text.data()), text.size()); }

/// RFC 6455 7.4.1 and the IANA registry: 1004 has no meaning, 1005, 1006 and 1015 are for use inside an endpoint only, and what
/// is below 3000 and not registered is the protocol's to define. 3000 to 4999 belong to libraries and applications.
bool may_be_sent(unsigned code) {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

Expected<Incoming, Violation> read_close(MutableBytes body) {
  Incoming incoming;
  incoming.kind = Incoming::Kind::close;
  // RFC 6455 5.5.1: nothing, or a code of two bytes and a reason in UTF-8.
  if (body.empty()) return incoming;
  if (body.size() == 1) return unexpected(Violation::invalid_close_body);
  const unsigned code = std::to_integer<unsigned>(body[0]) << 8 | std::to_integer<unsigned>(body[1]);
  if (!may_be_sent(code)) return unexpected(Violation::invalid_close_code);
  incoming.close = static_cast<CloseCode>(code);
  incoming.payload = body.subspan(2);
  if (!is_utf8(incoming.payload)) return unexpected(Violation::invalid_utf8);
  return incoming;
}

Expected<Incoming, Violation> read_control(Opcode opcode, MutableBytes payload) {
  if (opcode == Opcode::close) return read_close(payload);
  Incoming incoming;
  incoming.kind = opcode == Opcode::ping ? Incoming::Kind::ping : Incoming::Kind::pong;
  incoming.payload = payload;
  return incoming;
}

/// RFC 6455 5.4: the first frame says what the message is (and RFC 7692 6: whether it is compressed), those behind it only go on.
void collect(std::unique_ptr<Fragments>& fragments, const Header& header, Bytes payload) {
  if (!fragments) {
    fragments = std::make_unique<Fragments>();
    fragments->opcode = header.opcode;
    fragments->compressed = header.compressed;
  }
  fragments->payload.append(as_text(payload));
}

Expected<Incoming, Violation> complete(Opcode opcode, MutableBytes whole) {
  // Text is judged when it is whole and inflated: a character may be cut by a fragment's end (RFC 6455 5.6). To fail earlier,
  // which RFC 6455 8.1 allows, would cost a decoder state per connection.
  if (opcode == Opcode::text && !is_utf8(whole)) return unexpected(Violation::invalid_utf8);
  Incoming incoming;
  incoming.kind = opcode == Opcode::text ? Incoming::Kind::text : Incoming::Kind::binary;
  incoming.payload = whole;
  return incoming;
}

Expected<Incoming, Violation> inflate_and_complete(Opcode opcode, Bytes compressed, std::string& scratch,
                                                   const ReadOptions& options) {
  switch (inflate_message(compressed, options.max_message, scratch)) {
    case Inflated::ok:
      return complete(opcode, as_mutable_bytes(scratch));
    case Inflated::too_big:
      return unexpected(Violation::message_too_big);
    case Inflated::corrupt:
      break;
  }
  return unexpected(Violation::inflate_failed);
}

/// A message's last frame, which most of the time is also its first.
Expected<Incoming, Violation> read_last(const Header& header, MutableBytes payload, std::unique_ptr<Fragments>& fragments,
                                        std::string& scratch, const ReadOptions& options) {
  if (!fragments) {
    if (header.compressed) return inflate_and_complete(header.opcode, payload, scratch, options);
    return complete(header.opcode, payload);
  }
  collect(fragments, header, payload);
  const std::unique_ptr<Fragments> whole = std::exchange(fragments, nullptr);
  if (whole->compressed) return inflate_and_complete(whole->opcode, as_bytes(whole->payload), scratch, options);
  scratch.swap(whole->payload);
  return complete(whole->opcode, as_mutable_bytes(scratch));
}

}  // namespace

Expected<Incoming, Violation> read(MutableBytes input, std::unique_ptr<Fragments>& fragments, std::string& scratch,
                                   const ReadOptions& options) {
  std::size_t used = 0;
  for (;;) {
    const MutableBytes rest = input.subspan(used);
    const auto header = read_header(rest, fragments.get(), options);
    if (!header) return unexpected(header.error());
    if (header->size == 0 || rest.size() - header->size < header->payload_size) {
      Incoming incoming;
      incoming.consumed = used;
      return incoming;
    }
    // Unmasked only now that the frame is whole, so never twice however often a part of it was looked at.
    const MutableBytes payload = rest.subspan(header->size, header->payload_size);
    used += header->size + payload.size();
    if (const auto mask = header->mask) apply_mask(payload, *mask);
    if (!is_control(header->opcode) && !header->last) {
      collect(fragments, *header, payload);
      continue;
    }
    auto incoming = is_control(header->opcode) ? read_control(header->opcode, payload)
                                               : read_last(*header, payload, fragments, scratch, options);
    if (incoming) incoming->consumed = used;
    return incoming;
  }
}

}  // namespace belfry::websocket

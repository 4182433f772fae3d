// socket.io-msgpack-parser: a whole Socket.IO packet as one MessagePack map {type, nsp, data, id?, attachments?}, sent as
// one binary Engine.IO message. Each client chooses: it shows this encoding by making its first message a binary one. So that
// everything behind this codec sees one form, decoding translates `data` to JSON text plus binary attachments, and encoding
// translates back.
#pragma once

#include <string>
#include <vector>

#include "wire/socketio/packet.hpp"

namespace belfry::socketio {

struct MsgpackPacket {
  PacketType type = PacketType::event;
  std::string name_space;
  std::optional<std::uint64_t> ack_id;
  std::string data_json;                 // empty: no data. Binary values stand as {"_placeholder":true,"num":N}
  std::vector<std::string> attachments;  // raw bytes
};

/// Limits: nesting json::kMaxDepth, limits.max_attachments, and never more memory than a small multiple of the input.
[[nodiscard]] Expected<MsgpackPacket, DecodeError> decode_msgpack(Bytes message, const Limits& limits);
/// `data_json` must be validated JSON. Placeholders are replaced by the attachments they name.
void append_msgpack(std::string& out, PacketType type, std::string_view name_space, std::optional<std::uint64_t> ack_id,
                    json::Slice data, const std::vector<Bytes>& attachments);

}  // namespace belfry::socketio

// Packets in and out of joined sockets.
#include <charconv>

#include "base/check.hpp"
#include "base/must_have.hpp"
#include "protocol/sockets.hpp"
#include "protocol/sockets_state.hpp"
#include "wire/socketio/msgpack.hpp"

namespace belfry::protocol {

using socketio::PacketType;

void Sockets::on_engine_message(EngineRef engine, engineio::Encoding encoding, MutableBytes data) {
  own_thread_.check();
  if (encoding == engineio::Encoding::text) {
    on_text(engine, as_text(data));
  } else {
    on_binary(engine, data);
  }
}

void Sockets::on_text(EngineRef engine, std::string_view text) {
  // Text while attachments are awaited breaks the order that the protocol rests on.
  if (!assemblies_.empty() && assemblies_.contains(engine.slot)) return engine_.close(engine, EngineClose::parse_error);
  const auto packet = socketio::decode(text, reader_, {}, arguments_);
  if (!packet) {
    const std::uint32_t announced = socketio::announced_attachments(text);
    if (announced > 0 && socketio::is_refusal_only(packet.error())) assemblies_[engine.slot].awaited = announced;
    return on_undecodable(engine, text, packet.error());
  }
  if (packet->attachments > 0) {
    if (!socketio::placeholders_are_valid(packet->data, packet->attachments))
      return engine_.close(engine, EngineClose::parse_error);
    assemblies_[engine.slot] = {
        .text = std::string(text), .awaited = packet->attachments, .attachments = {}, .bytes = text.size()};
    return;
  }
  on_packet(engine, *packet, {});
}

void Sockets::on_binary(EngineRef engine, Bytes data) {
  if (is_packed(engine)) return on_packed(engine, data);
  const auto found = assemblies_.find(engine.slot);
  if (found == assemblies_.end()) {
    const bool first = engine_.app_slot(engine) == kNoSlot && handshakes_.contains(engine.slot);
    if (!first) return engine_.close(engine, EngineClose::parse_error);
    packed_.insert(engine.slot);
    return on_packed(engine, data);
  }
  Assembly& assembly = found->second;
  assembly.bytes += data.size();
  if (assembly.bytes > settings_.max_assembly) return engine_.close(engine, EngineClose::parse_error);
  assembly.attachments.emplace_back(assembly.text.empty() ? std::string_view{} : as_text(data));
  if (assembly.attachments.size() < assembly.awaited) return;
  const Assembly whole = std::move(assembly);
  assemblies_.erase(found);
  if (whole.text.empty()) return;
  const auto packet = socketio::decode(whole.text, reader_, {}, arguments_);
  CHECK(packet.has_value(), "the text of a packet that waits for attachments was decoded when it came");
  on_packet(engine, *packet, whole.attachments);
}

void Sockets::on_packed(EngineRef engine, Bytes data) {
  const auto decoded = socketio::decode_msgpack(data, {});
  if (!decoded) return on_undecodable(engine, "", decoded.error());
  std::string text;
  socketio::append_head(text, decoded->type, decoded->name_space, decoded->ack_id,
                        static_cast<std::uint32_t>(decoded->attachments.size()));
  text += decoded->data_json;
  const auto packet = socketio::decode(text, reader_, {}, arguments_);
  if (!packet) return on_undecodable(engine, text, packet.error());
  on_packet(engine, *packet, decoded->attachments);
}

void Sockets::on_packet(EngineRef engine, const socketio::Packet& packet, std::span<const std::string> attachments) {
  if (packet.type == PacketType::connect) {
    return on_connect(engine, packet.name_space, packet.has_data ? packet.data : json::Slice{});
  }
  const std::uint32_t slot = joined(engine, packet.name_space);
  // As socket.io does: a packet for a namespace that was not joined ends the Engine.IO session.
  if (slot == kNoSlot) return engine_.close(engine, EngineClose::parse_error);
  const SessionAddress address = address_of(slot);
  switch (packet.type) {
    case PacketType::event:
    case PacketType::binary_event: {
      const auto name = must_have(json::string_view_of(arguments_.front(), scratch_), "decode() takes no event without a name");
      handler_.on_event(
          address,
          {.name = name, .arguments = std::span(arguments_).subspan(1), .ack_id = packet.ack_id, .attachments = attachments});
      return;
    }
    case PacketType::ack:
    case PacketType::binary_ack:
      return on_ack(address, packet);
    case PacketType::disconnect:
      return remove(address.slot, DisconnectReason::client_left);
    case PacketType::connect:
    case PacketType::connect_error:
      return engine_.close(engine, EngineClose::parse_error);
  }
}

void Sockets::on_undecodable(EngineRef engine, std::string_view text, socketio::DecodeError error) {
  const std::uint32_t slot = joined(engine, "/");
  if (slot == kNoSlot || !socketio::is_refusal_only(error)) return engine_.close(engine, EngineClose::parse_error);
  handler_.on_unreadable_event(address_of(slot),
                               {.name = socketio::announced_event(text), .ack_id = socketio::announced_ack(text)});
}

void Sockets::on_ack(SessionAddress address, const socketio::Packet& packet) {
  Socket* socket = find(address);
  if (!packet.ack_id || !socket->extras) return;
  // An acknowledgement that is not awaited (late, doubled, invented) is ignored.
  if (auto callback = socket->extras->awaited_acks.extract(*packet.ack_id))
    callback.mapped()(std::span<const json::Slice>(arguments_));
}

void Sockets::emit(SessionAddress address, std::string_view event, std::span<const std::string_view> pieces, Keep keep) {
  Socket* socket = find(address);
  if (socket == nullptr) return;
  const bool keeps = keep == Keep::yes && settings_.recovery_window > Duration::zero() &&
                     (!socket->engine || engine_.version(socket->engine) == engineio::Version::v4);
  std::string& json = outgoing_;
  json.assign("[\"").append(event).append(pieces.empty() ? "\"" : "\",");
  for (const std::string_view piece : pieces) json.append(piece);
  if (!keeps) {
    json.push_back(']');
  } else {
    RecoveryLog& log = extras_of(*socket).log;
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, log.next_offset()).ptr;
    json.append(",\"").append(digits, end).append("\"]");
    log.append(json, settings_.recovery_bytes, clock_.now());
  }
  const std::string_view whole[] = {json};
  if (socket->engine) send(socket->engine, PacketType::event, socket->name_space, {}, whole);
}

void Sockets::emit_with_attachments(SessionAddress address, std::string_view event, std::string_view arguments,
                                    std::span<const std::string> attachments) {
  Socket* socket = find(address);
  if (socket == nullptr || !socket->engine) return;
  const std::string_view pieces[] = {"[\"", event, arguments.empty() ? "\"" : "\",", arguments, "]"};
  send(socket->engine, attachments.empty() ? PacketType::event : PacketType::binary_event, socket->name_space, {}, pieces,
       attachments);
}

void Sockets::emit_with_ack(SessionAddress address, std::string_view event, std::span<const std::string_view> pieces,
                            Duration timeout, AckCallback callback) {
  Socket* socket = find(address);
  if (socket == nullptr || !socket->engine) return callback(std::nullopt);
  Extras& extras = extras_of(*socket);
  const std::uint64_t id = extras.next_ack++;
  extras.awaited_acks.emplace(id, std::move(callback));
  ack_waits_.emplace(clock_.now() + timeout, std::pair{address, id});
  std::string json = "[\"" + std::string(event) + (pieces.empty() ? "\"" : "\",");
  for (const std::string_view piece : pieces) json.append(piece);
  json.push_back(']');
  const std::string_view whole[] = {json};
  send(socket->engine, PacketType::event, socket->name_space, id, whole);
}

void Sockets::acknowledge(SessionAddress address, std::uint64_t ack_id, std::string_view arguments,
                          std::span<const std::string> attachments) {
  const Socket* socket = find(address);
  if (socket == nullptr || !socket->engine) return;  // acknowledgements are not kept: the client's own time-out covers them
  const std::string_view pieces[] = {"[", arguments, "]"};
  send(socket->engine, attachments.empty() ? PacketType::ack : PacketType::binary_ack, socket->name_space, ack_id, pieces,
       attachments);
}

void Sockets::send(EngineRef engine, PacketType type, std::uint8_t name_space, std::optional<std::uint64_t> ack_id,
                   std::span<const std::string_view> json, std::span<const std::string> attachments) {
  const std::string& name = settings_.namespaces[name_space];
  if (is_packed(engine)) return send_msgpack(engine, type, name, ack_id, json, attachments);
  head_.clear();
  socketio::append_head(head_, type, name, ack_id, static_cast<std::uint32_t>(attachments.size()));
  if (head_.size() == 1 && json.size() == 1) {  // an event in "/": the hot path
    const std::string_view pieces[] = {head_, json.front()};
    return engine_.send_text(engine, pieces);
  }
  for (const std::string_view piece : json) head_.append(piece);
  const std::string_view pieces[] = {head_};
  engine_.send_text(engine, pieces);
  for (const std::string& attachment : attachments) engine_.send_binary(engine, as_bytes(attachment));
}

void Sockets::send_msgpack(EngineRef engine, PacketType type, std::string_view name_space, std::optional<std::uint64_t> ack_id,
                           std::span<const std::string_view> json, std::span<const std::string> attachments) {
  std::string text;
  for (const std::string_view piece : json) text.append(piece);
  json::Reader reader;  // not reader_: an event may be answered while its own slices are still in use
  json::Slice data;
  if (!text.empty()) {
    // A client's JSON, relayed inside ours, may pass a bound of the Reader that it just kept by itself. Without its data the
    // packet would be invalid, and socket.io-msgpack-parser closes the connection over such a one: leave it out.
    const auto read = reader.validate(text);
    if (!read) return;
    data = *read;
  }
  std::vector<Bytes> binary;
  for (const std::string& attachment : attachments) binary.push_back(as_bytes(attachment));
  std::string out;
  socketio::append_msgpack(out, type, name_space, ack_id, data, binary);
  engine_.send_binary(engine, as_bytes(out));
}

}  // namespace belfry::protocol

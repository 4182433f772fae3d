#include "wire/socketio/msgpack.hpp"

#include <bit>
#include <charconv>
#include <system_error>

#include "base/check.hpp"
#include "base/must_have.hpp"
#include "wire/socketio/msgpack_format.hpp"
#include "wire/socketio/msgpack_reader.hpp"

namespace belfry::socketio {
namespace {

using namespace msgpack;

// socket.io-protocol v5: attachments make an event or an acknowledgement binary, so here the two binary types are not sent.
constexpr auto kLastType = static_cast<std::uint64_t>(PacketType::connect_error);
// The stock parser sends at most five: type, nsp, data, id, attachments. What else a client adds is skipped; three more leave
// room for that, while a map that claims many is refused before its values are read.
constexpr std::size_t kMaxFields = 8;

void append_big_endian(std::string& out, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = bytes; i-- > 0;) out.push_back(static_cast<char>(value >> (8 * i) & 0xFF));
}

void append_marker(std::string& out, unsigned marker) { out.push_back(static_cast<char>(marker)); }

/// A length behind the shortest marker that holds it: `markers` for 1, 2 and 4 bytes; 0 where the format has none.
void append_sized(std::string& out, std::size_t size, unsigned one, unsigned two, unsigned four) {
  if (one != 0 && size < 0x100) {
    append_marker(out, one);
    append_big_endian(out, size, 1);
  } else if (size < 0x10000) {
    append_marker(out, two);
    append_big_endian(out, size, 2);
  } else {
    append_marker(out, four);
    append_big_endian(out, size, 4);
  }
}

void append_string(std::string& out, std::string_view text) {
  if (text.size() <= kFixStrBits) {
    append_marker(out, kFixStr | static_cast<unsigned>(text.size()));
  } else {
    append_sized(out, text.size(), kStr8, kStr16, kStr32);
  }
  out.append(text);
}

void append_unsigned(std::string& out, std::uint64_t value) {
  if (value < kPositiveFixIntEnd) return append_marker(out, static_cast<unsigned>(value));
  append_marker(out, value < 0x100 ? kUint8 : value < 0x10000 ? kUint16 : value < 0x100000000 ? kUint32 : kUint64);
  append_big_endian(out, value, value < 0x100 ? 1 : value < 0x10000 ? 2 : value < 0x100000000 ? 4 : 8);
}

void append_number(std::string& out, json::Slice number) {
  if (const auto integer = json::integer_value(number)) {
    if (*integer >= 0) return append_unsigned(out, static_cast<std::uint64_t>(*integer));
    // MessagePack spec, "Serialization": the smallest format SHOULD be used. We send few negative numbers: one format for all.
    append_marker(out, kInt64);
    return append_big_endian(out, static_cast<std::uint64_t>(*integer), 8);
  }
  double value = 0;
  const char* const end = number.raw.data() + number.raw.size();
  const auto read = std::from_chars(number.raw.data(), end, value);
  // Out of range is only what is too small, since the reader refuses what is too large: it stays 0.
  CHECK(read.ec != std::errc::invalid_argument && read.ptr == end, "a validated number is a number");
  append_marker(out, kFloat64);
  append_big_endian(out, std::bit_cast<std::uint64_t>(value), 8);
}

class Writer {
 public:
  Writer(std::string& out, const std::vector<Bytes>& attachments) : out_(out), attachments_(attachments) {}

  void value(json::Slice slice) {
    switch (slice.kind) {
      case json::Kind::null:
        return append_marker(out_, kNil);
      case json::Kind::boolean:
        return append_marker(out_, slice.raw == "true" ? kTrue : kFalse);
      case json::Kind::number:
        return append_number(out_, slice);
      case json::Kind::string:
        return append_string(out_, must_have(json::string_value(slice), "a string has a text"));
      case json::Kind::array:
        return array(slice);
      case json::Kind::object:
        return object(slice);
    }
  }

 private:
  void array(json::Slice slice) {
    std::vector<json::Slice> elements;
    const bool complete = json::elements(slice, elements, slice.raw.size());
    CHECK(complete, "an array has fewer elements than letters");
    if (elements.size() <= kFixArrayBits) {
      append_marker(out_, kFixArray | static_cast<unsigned>(elements.size()));
    } else {
      append_sized(out_, elements.size(), 0, kArray16, kArray32);
    }
    for (const json::Slice element : elements) value(element);
  }
  void object(json::Slice slice) {
    std::vector<std::pair<json::Slice, json::Slice>> members;
    const bool complete = json::entries(slice, members, slice.raw.size());
    CHECK(complete, "an object has fewer members than letters");
    if (const Bytes* attachment = attachment_of(slice, members)) {
      append_sized(out_, attachment->size(), kBin8, kBin16, kBin32);
      out_.append(as_text(*attachment));
      return;
    }
    if (members.size() <= kFixMapBits) {
      append_marker(out_, kFixMap | static_cast<unsigned>(members.size()));
    } else {
      append_sized(out_, members.size(), 0, kMap16, kMap32);
    }
    for (const auto& [key, member] : members) {
      append_string(out_, must_have(json::string_value(key), "a key is a string"));
      value(member);
    }
  }
  const Bytes* attachment_of(json::Slice slice, const std::vector<std::pair<json::Slice, json::Slice>>& members) const {
    if (attachments_.empty() || members.size() != 2) return nullptr;
    const auto flag = json::member(slice, "_placeholder");
    const auto number = json::member(slice, "num");
    if (!flag || flag->raw != "true" || !number) return nullptr;
    const std::int64_t index = json::integer_value(*number).value_or(-1);
    if (index < 0 || static_cast<std::size_t>(index) >= attachments_.size()) return nullptr;
    return &attachments_[static_cast<std::size_t>(index)];
  }

  std::string& out_;
  const std::vector<Bytes>& attachments_;
};

/// msgpack has no binary packet types: attachments make them.
PacketType with_attachments(PacketType type) {
  if (type == PacketType::event) return PacketType::binary_event;
  return type == PacketType::ack ? PacketType::binary_ack : type;
}
PacketType without_attachments(PacketType type) {
  if (type == PacketType::binary_event) return PacketType::event;
  return type == PacketType::binary_ack ? PacketType::ack : type;
}

using Read = Expected<void, DecodeError>;

Read read_type(MsgpackReader& reader, MsgpackPacket& packet, bool& has_type) {
  const auto type = reader.unsigned_integer();
  if (!type || *type > kLastType) return unexpected(DecodeError::unknown_type);
  packet.type = static_cast<PacketType>(*type);
  has_type = true;
  return {};
}

Read read_namespace(MsgpackReader& reader, MsgpackPacket& packet, const Limits& limits) {
  const auto name = reader.string();
  if (!name || !name->starts_with('/') || name->find(',') != std::string_view::npos || name->size() > limits.max_namespace)
    return unexpected(DecodeError::bad_namespace);
  packet.name_space = *name;
  return {};
}

Read read_ack_id(MsgpackReader& reader, MsgpackPacket& packet) {
  packet.ack_id = reader.unsigned_integer();
  if (!packet.ack_id) return unexpected(DecodeError::bad_ack_id);
  return {};
}

/// A second `data` would leave the first one's attachments without an owner.
Read read_data(MsgpackReader& reader, MsgpackPacket& packet) {
  if (!packet.data_json.empty()) return unexpected(DecodeError::data_not_fitting_type);
  if (reader.skip_undefined()) return {};  // the stock client's CONNECT without credentials
  if (!reader.value_as_json(packet.data_json)) return unexpected(reader.error());
  return {};
}

Read read_field(MsgpackReader& reader, MsgpackPacket& packet, const Limits& limits, bool& has_type) {
  const auto name = reader.string();
  if (!name) return unexpected(reader.error());
  if (*name == "type") return read_type(reader, packet, has_type);
  if (*name == "nsp") return read_namespace(reader, packet, limits);
  if (*name == "id") return read_ack_id(reader, packet);
  if (*name == "data") return read_data(reader, packet);
  if (!reader.skip_value()) return unexpected(reader.error());
  return {};
}

}  // namespace

Expected<MsgpackPacket, DecodeError> decode_msgpack(Bytes message, const Limits& limits) {
  if (message.empty()) return unexpected(DecodeError::empty_packet);
  MsgpackReader reader(as_text(message), limits.max_attachments);
  const auto fields = reader.map_size();
  if (!fields || *fields > kMaxFields) return unexpected(DecodeError::data_not_fitting_type);
  MsgpackPacket packet;
  bool has_type = false;
  for (std::size_t i = 0; i < *fields; ++i)
    if (const Read read = read_field(reader, packet, limits, has_type); !read) return unexpected(read.error());
  if (!has_type || packet.name_space.empty() || !reader.at_end()) return unexpected(DecodeError::data_not_fitting_type);
  packet.attachments = std::move(reader.attachments());
  if (!packet.attachments.empty()) packet.type = with_attachments(packet.type);
  return packet;
}

void append_msgpack(std::string& out, PacketType type, std::string_view name_space, std::optional<std::uint64_t> ack_id,
                    json::Slice data, const std::vector<Bytes>& attachments) {
  const bool has_data = !data.raw.empty();
  const unsigned fields = 2U + (has_data ? 1U : 0U) + (ack_id ? 1U : 0U);  // type and nsp always
  append_marker(out, kFixMap | fields);
  append_string(out, "type");
  append_unsigned(out, static_cast<std::uint64_t>(without_attachments(type)));
  append_string(out, "nsp");
  append_string(out, name_space);
  if (has_data) {
    append_string(out, "data");
    Writer(out, attachments).value(data);
  }
  if (!ack_id) return;
  append_string(out, "id");
  append_unsigned(out, *ack_id);
}

}  // namespace belfry::socketio

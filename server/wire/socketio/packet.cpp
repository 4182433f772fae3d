#include "wire/socketio/packet.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/check.hpp"
#include "base/must_have.hpp"

namespace belfry::socketio {
namespace {

// Socket.IO protocol v5 "Packet types": the highest of them; the same in protocol 4.
constexpr auto kLastType = static_cast<unsigned>(PacketType::binary_ack);
// Socket.IO protocol v5 "Packet encoding": what stands before an event's data in the namespace "/": a type, at most two digits
// and a "-" of attachments, and an ack id of up to 20 digits (64 bits).
constexpr std::size_t kLongestHead = 32;
// socket.io-parser's RESERVED_EVENTS: the names of its own events on both sides.
constexpr std::array<std::string_view, 6> kReservedEvents = {"connect",       "connect_error", "disconnect",
                                                             "disconnecting", "newListener",   "removeListener"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes the digits at the start of `text` away. False: more than a Number holds.
template <class Number>
bool take_number(std::string_view& text, std::optional<Number>& number) {
  const auto end = std::ranges::find_if_not(text, is_digit);
  const auto digits = static_cast<std::size_t>(end - text.begin());
  if (digits == 0) return true;
  Number value = 0;
  if (std::from_chars(text.data(), text.data() + digits, value).ec != std::errc{}) return false;
  number = value;
  text.remove_prefix(digits);
  return true;
}

bool has_attachments(PacketType type) { return type == PacketType::binary_event || type == PacketType::binary_ack; }

Expected<void, DecodeError> read_attachment_count(std::string_view& text, const Limits& limits, Packet& packet) {
  std::optional<std::uint32_t> count;
  if (!take_number(text, count) || !count || !text.starts_with('-')) return unexpected(DecodeError::bad_attachment_count);
  if (*count > limits.max_attachments) return unexpected(DecodeError::too_many_attachments);
  text.remove_prefix(1);
  packet.attachments = *count;
  return {};
}

/// `/admin,` or, where nothing follows, `/admin`. Protocol 4 clients may put a query behind it.
Expected<void, DecodeError> read_namespace(std::string_view& text, const Limits& limits, Packet& packet) {
  if (!text.starts_with('/')) return {};
  const std::size_t comma = text.find(',');
  const std::string_view whole = text.substr(0, comma);
  text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
  const std::size_t question = whole.find('?');
  packet.name_space = whole.substr(0, question);
  if (question != std::string_view::npos) packet.name_space_query = whole.substr(question + 1);
  if (packet.name_space.size() > limits.max_namespace) return unexpected(DecodeError::bad_namespace);
  return {};
}

DecodeError error_of(json::Fault fault) {
  switch (fault) {
    case json::Fault::syntax:
      return DecodeError::bad_json;
    case json::Fault::too_deep:
      return DecodeError::too_deep;
    case json::Fault::bad_text:
      return DecodeError::bad_text;
    case json::Fault::bad_number:
      return DecodeError::bad_number;
  }
  CHECK(false, "a fault without its error");
}

bool names_an_event(const std::vector<json::Slice>& arguments) {
  if (arguments.empty() || arguments.front().kind != json::Kind::string) return false;
  std::string scratch;
  const auto name = must_have(json::string_view_of(arguments.front(), scratch), "a string has a text");
  return std::ranges::find(kReservedEvents, name) == kReservedEvents.end();
}

/// v5 "Packet types": what data each type may carry.
Expected<void, DecodeError> check_data(const Packet& packet, const Limits& limits, std::vector<json::Slice>& arguments) {
  bool fits = true;
  switch (packet.type) {
    case PacketType::connect:
      fits = !packet.has_data || packet.data.kind == json::Kind::object;
      break;
    case PacketType::disconnect:
      fits = !packet.has_data;
      break;
    case PacketType::connect_error:
      fits = packet.has_data && (packet.data.kind == json::Kind::object || packet.data.kind == json::Kind::string);
      break;
    case PacketType::event:
    case PacketType::binary_event:
    case PacketType::ack:
    case PacketType::binary_ack:
      if (!packet.has_data || packet.data.kind != json::Kind::array) return unexpected(DecodeError::data_not_fitting_type);
      if (!json::elements(packet.data, arguments, limits.max_arguments)) return unexpected(DecodeError::too_many_arguments);
      const bool is_event = packet.type == PacketType::event || packet.type == PacketType::binary_event;
      fits = is_event ? names_an_event(arguments) : packet.ack_id.has_value();
      break;
  }
  if (!fits) return unexpected(DecodeError::data_not_fitting_type);
  return {};
}

}  // namespace

std::string_view explain(DecodeError error) {
  switch (error) {
    case DecodeError::empty_packet:
      return "the packet is empty";
    case DecodeError::unknown_type:
      return "the packet's type is none of 0 to 6";
    case DecodeError::bad_attachment_count:
      return "a binary packet must say how many attachments follow";
    case DecodeError::too_many_attachments:
      return "the packet announces too many attachments";
    case DecodeError::bad_namespace:
      return "the namespace is too long";
    case DecodeError::bad_ack_id:
      return "the acknowledgement id is too large";
    case DecodeError::bad_json:
      return "the data is not JSON";
    case DecodeError::data_not_fitting_type:
      return "the data does not fit the packet's type";
    case DecodeError::too_many_arguments:
      return "the event has too many arguments";
    case DecodeError::too_deep:
      return "the data is nested too deep";
    case DecodeError::bad_text:
      return "the data holds text that is not well-formed Unicode";
    case DecodeError::bad_number:
      return "the data holds a number that is malformed or too large";
  }
  CHECK(false, "an error without its words");
}

bool is_refusal_only(DecodeError error) {
  return error == DecodeError::too_deep || error == DecodeError::bad_text || error == DecodeError::bad_number ||
         error == DecodeError::too_many_arguments;
}

Expected<Packet, DecodeError> decode(std::string_view text, json::Reader& reader, const Limits& limits,
                                     std::vector<json::Slice>& arguments) {
  arguments.clear();
  if (text.empty()) return unexpected(DecodeError::empty_packet);
  const auto type = static_cast<unsigned>(static_cast<unsigned char>(text.front())) - '0';
  if (type > kLastType) return unexpected(DecodeError::unknown_type);
  Packet packet;
  packet.type = static_cast<PacketType>(type);
  text.remove_prefix(1);
  if (has_attachments(packet.type))
    if (const auto read = read_attachment_count(text, limits, packet); !read) return unexpected(read.error());
  if (const auto read = read_namespace(text, limits, packet); !read) return unexpected(read.error());
  if (!take_number(text, packet.ack_id)) return unexpected(DecodeError::bad_ack_id);
  if (!text.empty()) {
    const auto data = reader.validate(text);
    if (!data) return unexpected(error_of(data.error()));
    packet.data = *data;
    packet.has_data = true;
  }
  if (const auto fits = check_data(packet, limits, arguments); !fits) return unexpected(fits.error());
  return packet;
}

std::uint32_t announced_attachments(std::string_view text) {
  if (text.empty() || (text.front() != '5' && text.front() != '6')) return 0;
  Packet packet;
  text.remove_prefix(1);
  return read_attachment_count(text, {}, packet) ? packet.attachments : 0;
}

std::string_view announced_event(std::string_view text) {
  const std::size_t open = text.substr(0, kLongestHead + 1).find("[\"");
  if (open == std::string_view::npos) return {};
  const std::string_view name = text.substr(open + 2, kMaxAnnouncedName);
  return name.substr(0, name.find('"'));
}

std::optional<std::uint64_t> announced_ack(std::string_view text) {
  if (text.empty() || (text.front() != '2' && text.front() != '5')) return std::nullopt;
  const bool binary = text.front() == '5';
  text.remove_prefix(1);
  Packet packet;
  if (binary && !read_attachment_count(text, {}, packet)) return std::nullopt;
  if (!read_namespace(text, {}, packet) || packet.name_space != "/") return std::nullopt;
  return take_number(text, packet.ack_id) ? packet.ack_id : std::nullopt;
}

void append_head(std::string& out, PacketType type, std::string_view name_space, std::optional<std::uint64_t> ack_id,
                 std::uint32_t attachments) {
  out.push_back(static_cast<char>('0' + static_cast<int>(type)));
  if (has_attachments(type)) out.append(std::to_string(attachments)).push_back('-');
  if (name_space != "/") out.append(name_space).push_back(',');
  if (ack_id) out.append(std::to_string(*ack_id));
}

}  // namespace belfry::socketio

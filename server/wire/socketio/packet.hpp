// Socket.IO packets, protocol 5 (and 4, which socket.io-client 2.x speaks), in the default parser's text form:
//   <type>[<attachments>-][<namespace>,][<ack id>][JSON]
// Specification: socket.io-protocol v5 "Packet encoding". Attachments of binary packets follow as separate Engine.IO
// binary messages. Not here: waiting for them, connecting, acknowledging, rooms (protocol/).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/expected.hpp"
#include "wire/json/json.hpp"

namespace belfry::socketio {

/// v5 "Packet types". Protocol 4 calls type 4 ERROR and sends its CONNECT without a payload.
enum class PacketType : std::uint8_t {
  connect = 0,
  disconnect = 1,
  event = 2,
  ack = 3,
  connect_error = 4,
  binary_event = 5,
  binary_ack = 6
};

struct Limits {
  std::size_t max_attachments = 16;  // Node allows 10 by default since 4.8; one offer needs none
  std::size_t max_arguments = 64;    // ours: far more than clients send; each is a slice to keep
  std::size_t max_namespace = 128;   // bytes; ours: echoed in answers and errors
};

/// Views into the input text; `arguments` views the vector lent to decode().
struct Packet {
  PacketType type = PacketType::event;
  std::string_view name_space = "/";  // without query: `/admin?token=1` of protocol 4 is cut at `?`
  std::string_view name_space_query;  // what stood behind `?`, for protocol 4 clients
  std::optional<std::uint64_t> ack_id;
  std::uint32_t attachments = 0;
  json::Slice data;  // kind null and empty raw when the packet has no data
  bool has_data = false;
};

/// too_many_arguments, too_deep, bad_text and bad_number: the frame is right, but its JSON is not taken. The packet is refused
/// and the connection stays (R-003-37: a malformed payload never costs the offender its connection). Every other one closes the
/// connection, as the official suite wants.
enum class DecodeError : std::uint8_t {
  empty_packet,           // v5 "Packet encoding": a packet has a type
  unknown_type,           // v5 "Packet types": 0 to 6
  bad_attachment_count,   // v5 "Packet encoding": digits and `-`, in the two binary types
  too_many_attachments,   // Limits
  bad_namespace,          // Limits
  bad_ack_id,             // beyond 64 bits; v5 says a number, JavaScript's are exact up to 2^53
  bad_json,               // RFC 8259
  data_not_fitting_type,  // v5 "Packet types"
  too_many_arguments,     // Limits
  too_deep,               // json::kMaxDepth
  bad_text,               // RFC 8259 8.1, 8.2
  bad_number,             // RFC 8259 6
};
[[nodiscard]] std::string_view explain(DecodeError error);
/// Does the Engine.IO session survive it?
[[nodiscard]] bool is_refusal_only(DecodeError error);

/// Decodes one text packet. For event and ack (and their binary forms) `arguments` is filled with the array's elements:
/// an event's first is its name and is a string (Node also lets numbers pass; we follow the specification's text).
[[nodiscard]] Expected<Packet, DecodeError> decode(std::string_view text, json::Reader& reader, const Limits& limits,
                                                   std::vector<json::Slice>& arguments);

/// How many attachments follow a packet, also one that decode() refused for what is behind its head; 0 if it says none or
/// nonsense.
[[nodiscard]] std::uint32_t announced_attachments(std::string_view text);

/// The name of the event in `text`, also in one that decode() refused for what stands behind the name; empty if there is none. As
/// it was written, so escapes stand in it, and cut after kMaxAnnouncedName bytes: good for comparing with names that are known.
[[nodiscard]] std::string_view announced_event(std::string_view text);
// Longer than the name of any event that we serve; the rest of the text may be anything.
constexpr std::size_t kMaxAnnouncedName = 64;

/// The ack id of the event in `text`, also in one that decode() refused for what is behind its head. nullopt: the event asks for
/// no acknowledgement, `text` is no event, or its namespace is not "/".
[[nodiscard]] std::optional<std::uint64_t> announced_ack(std::string_view text);

/// Every object in a binary packet's data with a key `_placeholder` must be `{"_placeholder":true,"num":N}`, in either order,
/// with N below the count. A lie would not harm us but those it is relayed to: socket.io-client drops its connection over an
/// index out of range, the Swift client crashes.
[[nodiscard]] bool placeholders_are_valid(json::Slice data, std::uint32_t attachments);

/// Appends `<type>[<attachments>-][<namespace>,][<ack id>]`; the caller appends the JSON.
void append_head(std::string& out, PacketType type, std::string_view name_space, std::optional<std::uint64_t> ack_id = {},
                 std::uint32_t attachments = 0);

}  // namespace belfry::socketio

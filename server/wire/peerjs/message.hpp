// PeerJS messages. There is no standard: the source of npm `peer` 1.0.2 (dist/module.mjs) and `peerjs` 1.5.5 is the reference. A
// message is one JSON object {type, src, dst, payload}. The server fills in `src`, drops members that it does not know and never
// looks into `payload`, which travels as the raw slice that its sender wrote.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/expected.hpp"
#include "wire/json/json.hpp"

namespace belfry::peerjs {

/// Ours: npm `peer` has no limit. Ids are UUIDs or names that people share; a longer one only costs memory, for each peer.
constexpr std::size_t kMaxId = 128;

/// What a client may send. `heartbeat` is for the server; the others are passed on to the peer `dst`.
enum class Type : std::uint8_t { heartbeat, offer, answer, candidate, leave, expire };

/// As a client sent it. `payload` views the text.
struct Message {
  Type type = Type::heartbeat;
  std::string dst{};           // decoded; empty: none, or no text
  std::string_view payload{};  // JSON; empty: none
};

/// Messages that reach nobody. npm `peer` passes over them too, but for what is no JSON: that ends its process, unless the
/// program around it listens for errors.
enum class DecodeError : std::uint8_t {
  not_json,  // or JSON that wire/json refuses
  not_an_object,
  unknown_type,          // none, or one that only a server sends
  destination_too_long,  // there can be no such peer
};

[[nodiscard]] Expected<Message, DecodeError> decode(std::string_view text, json::Reader& reader);

/// May a peer have this id? It must be UTF-8, or the JSON which names it would name another.
[[nodiscard]] bool is_valid_id(std::string_view id);

/// Appends {"type":…,"src":…,"dst":…,"payload":…}, in the order that npm `peer` has. `payload` is JSON, or empty: then there is
/// none.
void append_message(std::string& out, Type type, std::string_view src, std::string_view dst, std::string_view payload);

/// Appends {"type":"ERROR","payload":{"msg":…}}: stock clients show the text and give up.
void append_error(std::string& out, std::string_view text);

// The first message to a client whose id is registered, and the answer to one that wants an id of another (`peer`, "ID_TAKEN").
constexpr std::string_view kOpen = R"({"type":"OPEN"})";
constexpr std::string_view kIdTaken = R"({"type":"ID-TAKEN","payload":{"msg":"ID is taken"}})";

// The texts of `peer`, enum Errors: programs compare them.
constexpr std::string_view kInvalidKey = "Invalid key provided";
constexpr std::string_view kParametersMissing = "No id, token, or key supplied to websocket server";
constexpr std::string_view kLimitReached = "Server has reached its concurrent user limit";

}  // namespace belfry::peerjs

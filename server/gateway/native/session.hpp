// NativeSession: what the native dialect keeps of one socket beyond its context: the number of its last event, its rate limits,
// and the calls whose ends it has been sent.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/presence/watches.hpp"
#include "base/token_bucket.hpp"
#include "domain/call/ids.hpp"
#include "gateway/dialects/dialect.hpp"

namespace belfry::gateway {

/// What has passed between a web session and the server about one call.
enum class WebMark : std::uint8_t { accept_sent = 1, end_sent = 2, offered = 4 };  // offered: by a signal of the session
struct WebCall {
  call::CallId id{};
  std::uint8_t marks = 0;
};

/// The part that moves with the socket to another shard, as its bytes.
struct SessionMemory {
  std::uint64_t seq = 0;  // of the last event emitted
  TokenBucket signals{};
  TokenBucket reports{};
  bool online = false;           // app/calls knows the session
  bool warned_of_limit = false;  // rate.warning was sent
  bool warned_of_expiry = false;
  bool web = false;            // it also speaks as clients of seed 001 do (web_notices.hpp)
  bool speaks_native = false;  // the handshake named this dialect, or the client has sent an event of it
  bool hears_people = false;   // the client has asked for users.changed
  // A user is in one call at a time, so an end more than four calls back cannot be sent again.
  std::array<call::CallId, 4> ended{};
  std::uint8_t next_ended = 0;
  std::array<WebCall, 4> web_calls{};  // of a web session
  std::uint8_t next_web_call = 0;

  /// This session has been sent the call's end.
  [[nodiscard]] bool knows_end(const call::CallId& id) const { return std::find(ended.begin(), ended.end(), id) != ended.end(); }
  /// False: this session has already been sent the call's end (SPEC 0: each terminal event exactly once).
  [[nodiscard]] bool first_end(const call::CallId& id) {
    if (knows_end(id)) return false;
    ended[next_ended] = id;
    next_ended = static_cast<std::uint8_t>((next_ended + 1) % ended.size());
    return true;
  }

  [[nodiscard]] bool has(const call::CallId& id, WebMark mark) const {
    const auto known = std::find_if(web_calls.begin(), web_calls.end(), [&](const WebCall& each) { return each.id == id; });
    return known != web_calls.end() && (known->marks & static_cast<std::uint8_t>(mark)) != 0;
  }
  void set(const call::CallId& id, WebMark mark) {
    auto known = std::find_if(web_calls.begin(), web_calls.end(), [&](const WebCall& each) { return each.id == id; });
    if (known == web_calls.end()) {
      known = web_calls.begin() + next_web_call;
      *known = {.id = id};
      next_web_call = static_cast<std::uint8_t>((next_web_call + 1) % web_calls.size());
    }
    known->marks |= static_cast<std::uint8_t>(mark);
  }
};

struct NativeSession {
  SocketContext* context = nullptr;  // owned by the router, valid until on_gone or on_detached
  SessionMemory memory{};
  bool greeted = false;                                     // session.ready has been sent; no event may come before it
  std::vector<std::pair<std::string, std::string>> held{};  // events that wait for session.ready, with their members
  std::vector<call::CallId> unread_ends{};                  // of a snapshot, while nothing says that the client speaks native
};

/// What moves with the socket to another shard.
struct PackedSession {
  SessionMemory memory{};
  std::optional<presence::Watches::Subscription> watches{};  // none: it watches nobody
};
[[nodiscard]] std::string pack(const PackedSession& session);
[[nodiscard]] PackedSession unpack_session(std::string_view text);

}  // namespace belfry::gateway

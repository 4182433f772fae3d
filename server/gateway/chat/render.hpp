// The server events of the chat dialect about calls (SPEC K20 to K25, W-004-07): pure functions from a notice to what a session
// is sent. What a session is not sent, because it knows it already, is decided by ChatDialect.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/calls/result.hpp"
#include "app/notices/notice.hpp"
#include "gateway/json/errors.hpp"

namespace belfry::gateway::chat_clients {

struct ServerEvent {
  std::string_view name;
  std::string payload;
};
using ServerEvents = std::vector<ServerEvent>;

constexpr std::string_view kCallTimeout = "call-timeout";

/// Under which names the end of a call is sent (C-20). Never without `end-call`, which is the only one that stock clients hear
/// (W-004-07).
enum class EndEvents : std::uint8_t { both, end_call };

/// What a notice means for the call that it is about. taken_elsewhere: for this session the call is over, for others it goes on.
struct News {
  enum class What : std::uint8_t { other, taken_elsewhere, over };
  std::optional<call::CallId> call{};
  What what = What::other;
};
[[nodiscard]] News news_in(const Notice& notice);

struct Viewer {
  account::UserId user{};
  EndEvents ends = EndEvents::both;
  bool by_peer = false;  // their page has a PeerJS connection: the callee's answer comes there, not on the socket as well (K58)
};

/// What a session of this viewer is sent; nothing for notices without an event in this dialect, and for group calls. Not
/// IncomingCall, which needs the caller's account.
[[nodiscard]] ServerEvents render(const Notice& notice, const Viewer& viewer);

/// `offer`: whether to show the caller's, if there is one. `name`: of the caller; empty: the username.
enum class Offer : bool { left_out, shown };
[[nodiscard]] ServerEvents ring(const calls::CallView& call, std::string_view name, Offer offer);

/// Of a start that was refused: `to` is whom it called, as the client wrote it (K25).
[[nodiscard]] ServerEvent start_refused(std::string_view to, std::string_view reason);
[[nodiscard]] std::string_view reason_of(calls::Refusal why);

/// `chat-error`: `{event, code, message, details}` (K26).
[[nodiscard]] std::string error_json(std::string_view event, const Failure& failure);

[[nodiscard]] ServerEvent candidate(const account::UserId& from, std::string_view candidate);

}  // namespace belfry::gateway::chat_clients

// SignalingSession: what the signaling dialect keeps of one socket: the name it registered, and its calls by the name of the
// peer, because clients of this dialect name a call that way (SPEC 2.5).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/calls/calls.hpp"
#include "base/token_bucket.hpp"
#include "gateway/signaling/peer_call.hpp"

namespace belfry::gateway {

/// Exists only while there is something to keep; most sockets are idle.
struct PendingWork {
  std::vector<PeerCall> peer_calls;
  TokenBucket signals{};
  bool registering = false;  // waits for the store to identify the user
};

/// How a client writes descriptions, as far as it has shown (SPEC W-003-03).
enum class DescriptionForm : std::uint8_t { not_shown, object, sdp_text };

struct SignalingSession {
  std::uint32_t generation = 0;
  DescriptionForm form = DescriptionForm::not_shown;
  calls::UserId user{};
  std::string name;  // empty: not registered
  std::unique_ptr<PendingWork> pending;

  [[nodiscard]] PendingWork& at_work() {
    if (!pending) pending = std::make_unique<PendingWork>();
    return *pending;
  }
  /// C-12: whether `who` names this user, by name or by id.
  [[nodiscard]] bool is(std::string_view who) const;
  /// Forgets the registration and all pending work; how the client writes stays as it is.
  void clear();
  /// Frees what an idle socket does not need.
  void rest();
  [[nodiscard]] PeerCall* call_with(std::string_view peer);
  [[nodiscard]] PeerCall* peer_call_of(const calls::CallId& call);
  /// This socket has sent an event about a call that is not over.
  [[nodiscard]] bool speaks_of_a_call() const;
  PeerCall& begin_call(std::string_view peer, const calls::CallId& call);
  void end_call(const calls::CallId& call);
  /// Removes a call that was never made, because its start was refused or was a repeat, so that no event with its peer refers to
  /// it.
  void forget_call(const calls::CallId& call);
};

/// User, name and form of a session that has a name, for a socket that moves to another shard.
[[nodiscard]] std::string pack_registration(const SignalingSession& session);
/// `text` is what pack_registration() made.
void unpack_registration(std::string_view text, SignalingSession& session);

}  // namespace belfry::gateway

#include "gateway/signaling/signaling_session.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"
#include "base/uuid.hpp"
#include "gateway/dialects/packing.hpp"

namespace belfry::gateway {
namespace {

// A call that is over is remembered for events that cross its end, until so many other calls have come: more than a user
// can leave within a round trip. Each costs memory until another takes its place. Calls that are not over are never forgotten.
constexpr std::size_t kRememberedCalls = 4;

}  // namespace

bool SignalingSession::is(std::string_view who) const { return who == name || parse_uuid(who) == user.value(); }

void SignalingSession::clear() {
  const auto [same, shown] = std::pair(generation, form);
  *this = {};
  generation = same;
  form = shown;
}

void SignalingSession::rest() {
  if (!pending) return;
  const bool idle = pending->peer_calls.empty() && !pending->registering;
  if (idle) pending.reset();
}

PeerCall* SignalingSession::call_with(std::string_view peer) {
  if (!pending) return nullptr;
  // Search from the back: a call that starts again is behind the one that ends.
  const auto found = std::find_if(pending->peer_calls.rbegin(), pending->peer_calls.rend(),
                                  [&](const PeerCall& peer_call) { return peer_call.peer == peer; });
  return found == pending->peer_calls.rend() ? nullptr : &*found;
}

PeerCall* SignalingSession::peer_call_of(const calls::CallId& call) {
  if (!pending) return nullptr;
  auto& peer_calls = pending->peer_calls;
  const auto found =
      std::find_if(peer_calls.begin(), peer_calls.end(), [&](const PeerCall& peer_call) { return peer_call.call == call; });
  return found == peer_calls.end() ? nullptr : &*found;
}

bool SignalingSession::speaks_of_a_call() const {
  return pending && std::any_of(pending->peer_calls.begin(), pending->peer_calls.end(),
                                [](const PeerCall& peer_call) { return peer_call.spoken_of && !peer_call.is_over(); });
}

PeerCall& SignalingSession::begin_call(std::string_view peer, const calls::CallId& call) {
  if (PeerCall* known = peer_call_of(call)) return *known;
  auto& peer_calls = at_work().peer_calls;
  std::erase_if(peer_calls, [&](const PeerCall& peer_call) { return peer_call.is_over() && peer_call.peer == peer; });
  if (peer_calls.size() >= kRememberedCalls)
    if (const auto old =
            std::find_if(peer_calls.begin(), peer_calls.end(), [](const PeerCall& peer_call) { return peer_call.is_over(); });
        old != peer_calls.end())
      peer_calls.erase(old);
  return peer_calls.emplace_back(peer, call);
}

void SignalingSession::end_call(const calls::CallId& call) {
  if (PeerCall* peer_call = peer_call_of(call)) peer_call->end();
}

void SignalingSession::forget_call(const calls::CallId& call) {
  if (pending) std::erase_if(pending->peer_calls, [&](const PeerCall& peer_call) { return peer_call.call == call; });
}

std::string pack_registration(const SignalingSession& session) {
  Packer packer;
  packer.put(session.user);
  packer.put(session.form);
  packer.put_text(session.name);
  return packer.take();
}

void unpack_registration(std::string_view text, SignalingSession& session) {
  Unpacker unpacker(text);
  unpacker.get(session.user);
  unpacker.get(session.form);
  unpacker.get_text(session.name);
  CHECK(unpacker.whole(), "a registration is unpacked from what pack_registration() made");
}

}  // namespace belfry::gateway

#include "gateway/signaling/signaling.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "gateway/json/errors.hpp"
#include "gateway/signaling/reasons.hpp"

namespace belfry::gateway {
const Signaling::Row Signaling::kEvents[7] = {
    {"ice_candidate", &Signaling::ice_candidate},  // by far the most frequent
    {"register_user", &Signaling::register_user}, {"make_call", &Signaling::make_call}, {"answer_call", &Signaling::answer_call},
    {"decline_call", &Signaling::decline_call},   {"end_call", &Signaling::end_call},   {"logout_user", &Signaling::logout_user},
};

// --- sockets ---

std::span<const std::string_view> Signaling::opening_events() {
  static const auto names = [] {
    std::array<std::string_view, std::size(kEvents)> all;
    std::transform(std::begin(kEvents), std::end(kEvents), all.begin(), [](const Row& row) { return row.name; });
    return all;
  }();
  return names;
}

void Signaling::on_socket(SocketContext& context) { open_session(context.at); }

void Signaling::on_suspended(SocketContext& context) {
  const SignalingSession& session = session_of(context.at);
  if (!session.name.empty()) ports_.calls.session_suspended(session.user, context.at);
}

std::string Signaling::on_detached(SocketContext& context, ShardIndex to) {
  SignalingSession& session = session_of(context.at);
  if (!session.name.empty()) ports_.calls.session_moves(context.at, to);
  std::string state = session.name.empty() ? std::string{} : pack_registration(session);
  strays_.forget(context.at);
  session.clear();
  return state;
}

void Signaling::on_recovered(SocketContext& context, SessionAddress before, std::string state) {
  SignalingSession& session = session_of(context.at);
  if (!state.empty()) unpack_registration(state, session);
  if (!session.name.empty()) ports_.calls.session_recovered(session.user, before, context.at);
}

void Signaling::on_gone(SocketContext& context, sessions::Departure how) {
  SignalingSession& session = session_of(context.at);
  const auto [user, named] = std::pair(session.user, !session.name.empty());
  session = SignalingSession{};
  strays_.forget(context.at);
  if (named) ports_.calls.session_gone(user, context.at, how);
}

// --- client events ---

void Signaling::on_event(SocketContext& context, const Event& event) {
  ++counts_.events;
  const auto known = std::find_if(std::begin(kEvents), std::end(kEvents), [&](const Row& row) { return row.name == event.name; });
  if (known == std::end(kEvents)) return acknowledge(context.at, event.ack_id, Handled(unexpected(BadPayload{"Unknown event"})));
  const Handled handled = (this->*known->act)(context, event);
  if (!handled) report(context.at, event.name, handled.error());
  if (!handled || *handled == Acked::now) return acknowledge(context.at, event.ack_id, handled);
  if (*handled == Acked::no_call) acknowledge(context.at, event.ack_id, no_call());
}

void Signaling::report(SessionAddress socket, std::string_view event, const BadPayload& refusal) {
  ++counts_.refused;
  if (refusal.report == BadPayload::Report::by_acknowledgement) return;
  if (event == "register_user") return say_registered(socket, refusal.target, refusal.error);
  fail(socket, refusal.error, refusal.target);
}

/// An event with attachments is refused in any state, so refuse it now.
void Signaling::on_not_kept(SocketContext& context, const Event& event, NotKept why) {
  if (why == NotKept::binary) return on_event(context, event);
  const SignalingSession& session = session_of(context.at);
  const bool registering = session.pending && session.pending->registering;
  const std::string error = registering ? "Too many events before user_registered" : "Too many events before your call is over";
  acknowledge(context.at, event.ack_id, Handled(unexpected(BadPayload{error})));
  fail(context.at, error, "");
}

void Signaling::on_unreadable_event(SocketContext& context, const protocol::UnreadableEvent& event) {
  ++counts_.events;
  const BadPayload refusal{"The payload cannot be read: it is too deep, too long or not Unicode"};
  report(context.at, event.name, refusal);
  acknowledge(context.at, event.ack_id, Handled(unexpected(refusal)));
}

calls::Result Signaling::no_call() { return unexpected(calls::Refused{.why = calls::Refusal::not_active}); }

/// Seed 003's clients do not ask for acknowledgements; a client that does gets the form of SPEC section 0.
void Signaling::acknowledge(SessionAddress socket, Ack ack, const Handled& handled) {
  if (!ack) return;
  if (handled) return ports_.out.acknowledge(socket, *ack, R"({"success":true})");
  ports_.out.acknowledge(socket, *ack, brief_failure_json(ApiError::validation_failed, handled.error().error));
}

void Signaling::acknowledge(SessionAddress socket, Ack ack, const calls::Result& result) {
  if (!ack) return;
  if (result) return ports_.out.acknowledge(socket, *ack, R"({"success":true})");
  ports_.out.acknowledge(socket, *ack, brief_failure_json(failure_of(result.error()).error, explain(result.error().why)));
}

// --- sessions ---

void Signaling::open_session(SessionAddress socket) {
  own_thread_.check();
  if (socket.slot >= sessions_.size()) sessions_.resize(socket.slot + 1);
  SignalingSession& session = sessions_[socket.slot];
  if (session.generation == socket.generation) return;
  session = {};
  session.generation = socket.generation;
}

SignalingSession& Signaling::session_of(SessionAddress socket) {
  open_session(socket);
  return sessions_[socket.slot];
}

SignalingSession* Signaling::find_session(SessionAddress socket) {
  own_thread_.check();
  if (socket.slot >= sessions_.size() || sessions_[socket.slot].generation != socket.generation) return nullptr;
  return &sessions_[socket.slot];
}

}  // namespace belfry::gateway

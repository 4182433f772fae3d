#include "gateway/signaling/signaling.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace belfry::gateway {

const Signaling::Row Signaling::kEvents[7] = {
    {"ice_candidate", by<&Signaling::candidates_, &signaling::Candidates::ice_candidate>},  // by far the most frequent
    {"register_user", by<&Signaling::registration_, &signaling::Registration::register_user>},
    {"make_call", by<&Signaling::call_commands_, &signaling::CallCommands::make_call>},
    {"answer_call", by<&Signaling::call_commands_, &signaling::CallCommands::answer_call>},
    {"decline_call", by<&Signaling::hang_ups_, &signaling::HangUps::decline_call>},
    {"end_call", by<&Signaling::hang_ups_, &signaling::HangUps::end_call>},
    {"logout_user", by<&Signaling::registration_, &signaling::Registration::logout_user>},
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

void Signaling::on_socket(SocketContext& context) { sessions_.open(context.at); }

void Signaling::on_suspended(SocketContext& context) {
  const SignalingSession& session = sessions_.of(context.at);
  if (!session.name.empty()) ports_.calls.session_suspended(session.user, context.at);
}

std::string Signaling::on_detached(SocketContext& context, ShardIndex to) {
  SignalingSession& session = sessions_.of(context.at);
  if (!session.name.empty()) ports_.calls.session_moves(context.at, to);
  std::string state = session.name.empty() ? std::string{} : pack_registration(session);
  candidates_.forget(context.at);
  session.clear();
  return state;
}

void Signaling::on_recovered(SocketContext& context, SessionAddress before, std::string state) {
  SignalingSession& session = sessions_.of(context.at);
  if (!state.empty()) unpack_registration(state, session);
  if (!session.name.empty()) ports_.calls.session_recovered(session.user, before, context.at);
}

void Signaling::on_gone(SocketContext& context, sessions::Departure how) {
  SignalingSession& session = sessions_.of(context.at);
  const auto [user, named] = std::pair(session.user, !session.name.empty());
  session = SignalingSession{};
  candidates_.forget(context.at);
  if (named) ports_.calls.session_gone(user, context.at, how);
}

// --- client events ---

void Signaling::on_event(SocketContext& context, const signaling::Event& event) {
  ++counts_.events;
  const auto known = std::find_if(std::begin(kEvents), std::end(kEvents), [&](const Row& row) { return row.name == event.name; });
  if (known == std::end(kEvents))
    return events_.acknowledge(context.at, event.ack_id, signaling::Handled(unexpected(EventRefusal{"Unknown event"})));
  const signaling::Handled handled = known->act(*this, context, event);
  if (!handled) report(context.at, event.name, handled.error());
  if (!handled || *handled == signaling::Acked::now) return events_.acknowledge(context.at, event.ack_id, handled);
  if (*handled == signaling::Acked::no_call) events_.acknowledge_no_call(context.at, event.ack_id);
}

void Signaling::report(SessionAddress socket, std::string_view event, const EventRefusal& refusal) {
  ++counts_.refused;
  if (refusal.report == EventRefusal::Report::by_acknowledgement) return;
  if (event == "register_user") return events_.user_registered(socket, refusal.target, refusal.error);
  events_.call_failed(socket, refusal.error, refusal.target);
}

/// An event with attachments is refused in any state, so refuse it now.
void Signaling::on_not_queued(SocketContext& context, const signaling::Event& event, NotQueued why) {
  if (why == NotQueued::binary) return on_event(context, event);
  const SignalingSession& session = sessions_.of(context.at);
  const bool registering = session.pending && session.pending->registering;
  const std::string error = registering ? "Too many events before user_registered" : "Too many events before your call is over";
  events_.acknowledge(context.at, event.ack_id, signaling::Handled(unexpected(EventRefusal{error})));
  events_.call_failed(context.at, error, "");
}

void Signaling::on_unreadable_event(SocketContext& context, const protocol::UnreadableEvent& event) {
  ++counts_.events;
  const EventRefusal refusal{"The payload cannot be read: it is too deep, too long or not Unicode"};
  report(context.at, event.name, refusal);
  events_.acknowledge(context.at, event.ack_id, signaling::Handled(unexpected(refusal)));
}

// --- notices and time ---

void Signaling::notify(SocketContext& context, const Notice& notice) { notices_.notify(context, notice); }

void Signaling::pass_signal(SocketContext& context, const calls::SignalArrived& signal) { notices_.pass_signal(context, signal); }

TimePoint Signaling::next_deadline() const { return std::min(notices_.next_deadline(), candidates_.next_deadline()); }

void Signaling::on_time(TimePoint now) {
  notices_.on_time(now);
  candidates_.on_time(now);
}

}  // namespace belfry::gateway

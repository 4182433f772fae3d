#include "gateway/chat/chat_dialect.hpp"

#include <algorithm>
#include <utility>

#include "gateway/dialects/actor_of.hpp"
#include "wire/json/json.hpp"

namespace belfry::gateway {

using chat_clients::CallEvents;
using chat_clients::HeldSignal;
using chat_clients::HiddenUsers;
using chat_clients::KnownCall;
using chat_clients::MessageEvents;
using chat_clients::ServerEvent;

ChatDialect::ChatDialect(const ChatSettings& settings, Ports ports)
    : settings_(settings),
      ports_(std::move(ports)),
      answers_(ports_.in, ports_.out),
      users_(ports_.calls, ports_.accounts),
      hidden_(ports_.blocks, ports_.clock, [this](SessionAddress at) { show_online_again(at); }),
      calls_(sessions_, answers_, users_,
             {.calls = ports_.calls, .blocks = ports_.blocks, .clock = ports_.clock, .timeouts = ports_.timeouts}) {
  if (ports_.messages) messages_.emplace(sessions_, answers_, users_, *ports_.messages);
}

// --- connecting ---

void ChatDialect::on_socket(SocketContext& context) { begin(sessions_.place(context)); }

/// Stock clients name the socket that they had before (protocol 5, connection state recovery), also when it cannot be recovered.
void ChatDialect::on_hello(SocketContext& context, const Hello& hello) {
  Session& session = sessions_.place(context);
  const auto before = hello.auth.kind == json::Kind::object ? json::member(hello.auth, "pid") : std::nullopt;
  session.returning = before && before->kind == json::Kind::string;
  begin(session);
}

/// A socket without a credential (open mode) may connect, and all its events are refused. Events of the others wait until the
/// store knows the user, and has said who is hidden from them (K45).
void ChatDialect::begin(Session& session) {
  SocketContext& context = *session.context;
  if (!context.identity) return;
  ports_.in.hold(context.at);
  if (!context.identity->external || !ports_.ensure_known) return find_hidden(session, context.identity->username);
  ports_.ensure_known(*context.identity, [this, at = context.at](const accounts::KnownUser& user) {
    Session* still = sessions_.find(at);
    if (still == nullptr) return;
    if (!user) return ports_.out.close(at);
    find_hidden(*still, user->username);
  });
}

/// Until a store that is away has answered, they see themselves alone: they might be shown somebody who blocks them.
void ChatDialect::find_hidden(const Session& session, std::string username) {
  const SessionAddress at = session.context->at;
  hidden_.ask(at, session.context->identity->user, [this, at, username = std::move(username)] {
    if (Session* still = sessions_.find(at)) enter(*still, username);
  });
}

/// K14: the ring that waits for this session comes behind the list.
void ChatDialect::enter(Session& session, std::string_view username) {
  const SocketContext& context = *session.context;
  const SessionAddress at = context.at;
  session.memory.online = true;
  ports_.calls.session_online(context.identity->user, username,
                              {.id = context.session,
                               .at = at,
                               .dialect = call::Dialect::chat,
                               .blank = !session.returning,
                               .login = context.identity->login,
                               .device = device_of(context)});
  Session* still = sessions_.find(at);  // again: app/sessions closes sessions within this call
  if (still == nullptr) return;
  if (!ports_.out.is_suspended(at)) show_online(*still);  // who comes back is shown who is online then
  still->greeted = true;
  flush(*still);
  ports_.in.release(at);
}

void ChatDialect::show_online(const Session& session) {
  const SessionAddress at = session.context->at;
  const HiddenUsers::Hidden hidden = hidden_.of(at);
  ports_.online.show({.at = at, .user = session.context->identity->user, .hidden = hidden.users, .alone = !hidden.known});
}

/// A session that is lost is shown it when it is back.
void ChatDialect::show_online_again(SessionAddress at) {
  const Session* const session = sessions_.find(at);
  if (session != nullptr && session->greeted && !session->suspended) show_online(*session);
}

// --- client events ---

template <auto kHandler>
void ChatDialect::about_a_call(const PendingEvent& pending, const Event& event) {
  (calls_.*kHandler)(pending, event);
}

template <auto kHandler>
void ChatDialect::about_a_message(const PendingEvent& pending, const Event& event) {
  if (!messages_) return answers_.refuse(pending, {.error = ApiError::not_found, .message = "not supported"});
  ((*messages_).*kHandler)(pending, event);
}

const ChatDialect::Row ChatDialect::kEvents[7] = {
    {"ice-candidate", &ChatDialect::about_a_call<&CallEvents::ice_candidate>, false},  // by far the most frequent
    {chat_clients::kCallUser, &ChatDialect::about_a_call<&CallEvents::call_user>},
    {"answer-call", &ChatDialect::about_a_call<&CallEvents::answer_call>},
    {"call-rejected", &ChatDialect::about_a_call<&CallEvents::call_rejected>},
    {"end-call", &ChatDialect::about_a_call<&CallEvents::end_call>},
    {"newMessage", &ChatDialect::about_a_message<&MessageEvents::new_message>},
    {"typing", &ChatDialect::about_a_message<&MessageEvents::typing>},
};

void ChatDialect::on_event(SocketContext& context, const Event& event) {
  Session* session = sessions_.find(context.at);
  if (session == nullptr) return;
  if (!session->memory.online)
    return answers_.say_refused(context.at, event.name, event.ack_id, {.error = ApiError::unauthenticated});
  const auto row = std::find_if(std::begin(kEvents), std::end(kEvents), [&](const Row& each) { return each.name == event.name; });
  if (row == std::end(kEvents))
    return answers_.say_refused(context.at, event.name, event.ack_id, {.error = ApiError::not_found, .message = "Unknown event"});
  if (const auto wait = session->memory.events.take(settings_.events, ports_.clock.now()))
    return answers_.refuse_unhandled(context.at, chat_clients::unhandled(event), "rate_limited",
                                     {.error = ApiError::rate_limited, .message = "Too many events", .retry_after = *wait});
  calls::Actor actor = actor_of(context, call::Dialect::chat);
  if (row->holds) ports_.in.hold(context.at);
  (this->*row->handler)({row->name, std::move(actor), event.ack_id, row->holds}, event);
}

void ChatDialect::on_not_queued(SocketContext& context, const Event& event, NotQueued why) {
  if (why == NotQueued::too_many)
    return answers_.refuse_unhandled(context.at, chat_clients::unhandled(event), "unavailable", store_unavailable());
  answers_.refuse_unhandled(context.at, chat_clients::unhandled(event), "invalid",
                            {.error = ApiError::validation_failed, .details = {{"body", "binary"}}});
}

void ChatDialect::on_unreadable_event(SocketContext& context, const protocol::UnreadableEvent& event) {
  answers_.refuse_unhandled(
      context.at, {.name = event.name, .ack_id = event.ack_id}, "invalid",
      {.error = ApiError::validation_failed, .message = "The payload cannot be read: it is too deep, too long or not Unicode"});
}

// --- suspension, recovery, the end ---

void ChatDialect::on_suspended(SocketContext& context) {
  Session* session = sessions_.find(context.at);
  if (session == nullptr) return;
  session->suspended = true;
  send_held_timeout(context.at);
  ports_.online.forget(context.at);  // a list that is kept would be old when it arrives
  if (session->memory.online) ports_.calls.session_suspended(context.identity->user, context.at);
}

std::string ChatDialect::on_detached(SocketContext& context, ShardIndex to) {
  Session* session = sessions_.find(context.at);
  if (session == nullptr) return {};
  while (session->ringing) send_ring(*session, {});  // what waits does not move; it may be another ring
  send_held_timeout(context.at);
  if (session->memory.online) ports_.calls.session_moves(context.at, to);
  std::string state = pack(session->memory);
  ports_.online.forget(context.at);
  hidden_.forget(context.at);
  sessions_.erase(context.at);
  return state;
}

void ChatDialect::on_recovered(SocketContext& context, SessionAddress before, std::string state) {
  Session& session = sessions_.place(context);
  session.memory = chat_clients::unpack_memory(state);
  session.returning = true;
  if (!session.memory.online) return begin(session);
  session.greeted = true;
  ports_.calls.session_recovered(context.identity->user, before, context.at);
  Session* still = sessions_.find(context.at);
  if (still == nullptr) return;
  if (messages_) messages_->note_kept_delivered(*still);
  hidden_.ask(context.at, context.identity->user, [this, at = context.at] { show_online_again(at); });
}

void ChatDialect::on_gone(SocketContext& context, sessions::Departure how) {
  const Session* session = sessions_.find(context.at);
  if (session == nullptr) return;
  const bool online = session->memory.online;
  ports_.online.forget(context.at);
  hidden_.forget(context.at);
  sessions_.erase(context.at);
  if (online) ports_.calls.session_gone(context.identity->user, context.at, how);
}

// --- notices ---

void ChatDialect::notify(SocketContext& context, const Notice& notice) {
  Session* session = sessions_.find(context.at);
  if (session == nullptr || !context.identity) return;
  if (std::holds_alternative<sessions::LoginEnded>(notice)) {
    answers_.say_refused(context.at, "session", std::nullopt, {.error = ApiError::token_revoked});
    return ports_.out.close(context.at);
  }
  if (!session->holds_notices()) return deliver(*session, notice);
  session->held.put(notice);
  // Somebody's name is not worth more than that: the ring shows the username.
  if (session->ringing && session->held.full()) send_ring(*session, {});
}

void ChatDialect::pass_signal(SocketContext& context, const calls::SignalArrived& signal) {
  Session* session = sessions_.find(context.at);
  const bool is_candidate = signal.kind == calls::SignalKind::candidate || signal.kind == calls::SignalKind::candidates_end;
  if (session == nullptr || !is_candidate) return;  // this dialect has events for the first offer and answer only
  const KnownCall* known = session->find_known(signal.call->row.id);
  if (known != nullptr && known->done) return;
  if (!session->holds_notices()) {
    const bool last = signal.kind == calls::SignalKind::candidates_end;
    return answers_.emit(context.at, chat_clients::candidate(signal.from.id, last ? "null" : signal.payload));
  }
  session->held.put(signal);
  if (session->ringing && session->held.full()) send_ring(*session, {});
}

/// What waited, in order; a ring among it makes the rest wait again.
void ChatDialect::flush(Session& session) {
  const SessionAddress at = session.context->at;
  auto held = session.held.take();
  for (auto& each : held) {
    Session* still = sessions_.find(at);
    if (still == nullptr) return;
    if (const auto* notice = std::get_if<Notice>(&each)) {
      notify(*still->context, *notice);
      continue;
    }
    const auto& signal = std::get<HeldSignal>(each);
    pass_signal(
        *still->context,
        {.call = signal.call, .from = person_of(*signal.call, signal.from), .kind = signal.kind, .payload = signal.payload});
  }
}

void ChatDialect::deliver(Session& session, const Notice& notice) {
  if (const auto* incoming = std::get_if<calls::IncomingCall>(&notice)) return ring(session, incoming->call);
  if (const auto* message = std::get_if<chat::ChatNotice>(&notice)) {
    if (messages_) messages_->deliver(session, *message);
    return;
  }
  if (is_of_own_page(session, notice)) return;
  const SessionAddress at = session.context->at;
  const chat_clients::News news = chat_clients::news_in(notice);
  const bool told = news.call && session.find_known(*news.call) != nullptr && session.find_known(*news.call)->done;
  if (news.call && news.what == chat_clients::News::What::over) session.forget(*news.call);
  if (news.call && news.what == chat_clients::News::What::taken_elsewhere) session.known(*news.call).done = true;
  if (told) return;
  const account::UserId user = session.context->identity->user;
  const bool by_peer = ports_.peers != nullptr && ports_.peers->has_open_peer(user);
  for (const ServerEvent& event : chat_clients::render(notice, {user, settings_.ends, by_peer})) {
    if (ports_.timeouts != nullptr && event.name == chat_clients::kCallTimeout)
      ports_.timeouts->hold(at, user, event);
    else
      answers_.emit(at, event);
  }
}

/// On a slow link seed 004's page opens several sockets, and takes the end of a call from each: it would hang up the call that it
/// has just answered. It is told the end of the call by all of them, since the one that answered may be lost.
bool ChatDialect::is_of_own_page(const Session& session, const Notice& notice) const {
  const auto* taken = std::get_if<calls::AnsweredElsewhere>(&notice);
  return taken != nullptr && taken->by_sibling && ports_.peers != nullptr &&
         ports_.peers->has_one_page(session.context->identity->user);
}

void ChatDialect::send_held_timeout(SessionAddress at) {
  if (ports_.timeouts != nullptr) ports_.timeouts->send(at);
}

/// The caller's name stands in their account, not in the call.
void ChatDialect::ring(Session& session, const calls::CallView& call) {
  if (is_group(call->row)) return;
  KnownCall& known = session.known(call->row.id);
  if (std::exchange(known.rung, true) || known.done) return;
  session.ringing = call;
  const SessionAddress at = session.context->at;
  send_held_timeout(at);
  ports_.accounts.find(call->row.caller, [this, at, id = call->row.id](const auto& caller) {
    Session* still = sessions_.find(at);
    if (still == nullptr || !still->ringing || still->ringing->row.id != id) return;
    send_ring(*still, caller && *caller ? std::string_view((*caller)->display_name) : std::string_view{});
  });
}

void ChatDialect::send_ring(Session& session, std::string_view name) {
  const calls::CallView call = std::exchange(session.ringing, nullptr);
  const SessionAddress at = session.context->at;
  const bool by_peer = ports_.peers != nullptr && ports_.peers->has_open_peer(session.context->identity->user);
  const auto offer = by_peer ? chat_clients::Offer::left_out : chat_clients::Offer::shown;
  for (const ServerEvent& event : chat_clients::ring(call, name, offer)) answers_.emit(at, event);
  if (ports_.peers != nullptr) ports_.peers->rung(at, call);
  if (Session* still = sessions_.find(at)) flush(*still);
}

}  // namespace belfry::gateway

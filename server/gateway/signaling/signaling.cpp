#include "gateway/signaling/signaling.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/must_have.hpp"
#include "gateway/render/errors.hpp"

namespace belfry::gateway {
namespace {

SignalingSession vacant(SessionAddress at) {
  SignalingSession session;
  session.generation = at.generation;
  return session;
}

std::string_view explain(store::GuestFault why) {
  switch (why) {
    case store::GuestFault::has_account:
      return "This name belongs to an account; connect with its token";
    case store::GuestFault::not_active:
      return "This user is not active";
    case store::GuestFault::unavailable:
      return "The store is unavailable; try again";
  }
  return "The name cannot be used";
}

/// C-12: by name or by id.
bool is_own(const SignalingSession& session, std::string_view who) {
  return who == session.name || parse_uuid(who) == session.user.value();
}

std::string refusal_json(std::string_view code, std::string_view message) {
  std::string text = R"({"success":false,"error":{"code":")" + std::string(code) + R"(","message":)";
  json::append_quoted(text, message);
  return text + "}}";
}

}  // namespace

const Signaling::Row Signaling::kEvents[7] = {
    {"ice_candidate", &Signaling::ice_candidate},  // by far the most frequent
    {"register_user", &Signaling::register_user}, {"make_call", &Signaling::make_call}, {"answer_call", &Signaling::answer_call},
    {"decline_call", &Signaling::decline_call},   {"end_call", &Signaling::end_call},   {"logout_user", &Signaling::logout_user},
};

// --- sockets --------------------------------------------------------------------------------------------------------

std::span<const std::string_view> Signaling::opening_events() {
  static const auto names = [] {
    std::array<std::string_view, std::size(kEvents)> all;
    std::transform(std::begin(kEvents), std::end(kEvents), all.begin(), [](const Row& row) { return row.name; });
    return all;
  }();
  return names;
}

void Signaling::on_socket(SocketContext& context) { static_cast<void>(session_of(context.at)); }

void Signaling::on_suspended(SocketContext& context) {
  const SignalingSession& session = session_of(context.at);
  if (!session.name.empty()) ports_.calls.session_suspended(session.user, context.at);
}

std::string Signaling::on_detached(SocketContext& context, ShardIndex to) {
  SignalingSession& session = session_of(context.at);
  if (!session.name.empty()) ports_.calls.session_moves(context.at, to);
  std::string state = session.name.empty() ? std::string{} : to_text(session.user.value()) + session.name;
  session = vacant(context.at);
  return state;
}

void Signaling::on_recovered(SocketContext& context, SessionAddress before, std::string state) {
  SignalingSession& session = session_of(context.at);
  if (state.size() > 36) {
    session.user = calls::UserId(parse_uuid(std::string_view(state).substr(0, 36)).value_or(Uuid{}));
    session.name = state.substr(36);
  }
  if (!session.name.empty()) ports_.calls.session_recovered(session.user, before, context.at);
}

void Signaling::on_gone(SocketContext& context, sessions::Departure how) {
  SignalingSession& session = session_of(context.at);
  const auto [user, named] = std::pair(session.user, !session.name.empty());
  session = SignalingSession{};
  if (named) ports_.calls.session_gone(user, context.at, how);
}

// --- client events --------------------------------------------------------------------------------------------------

void Signaling::on_event(SocketContext& context, const Event& event) {
  ++counts_.events;
  const auto known = std::find_if(std::begin(kEvents), std::end(kEvents), [&](const Row& row) { return row.name == event.name; });
  if (known == std::end(kEvents)) return acknowledge(context.at, event.ack_id, Handled(unexpected(BadPayload{"Unknown event"})));
  const Handled handled = (this->*known->act)(context, event);
  if (!handled) {
    ++counts_.refused;
    if (event.name == "register_user") {
      say_registered(context.at, handled.error().target, handled.error().error);
    } else {
      fail(context.at, handled.error().error, handled.error().target);
    }
  }
  if (!handled || *handled == Acked::now) acknowledge(context.at, event.ack_id, handled);
}

/// What bears something binary is refused whoever says it, so that need not wait.
void Signaling::on_not_kept(SocketContext& context, const Event& event, NotKept why) {
  if (why == NotKept::binary) return on_event(context, event);
  const SignalingSession& session = session_of(context.at);
  const bool registering = session.pending && session.pending->registering;
  const std::string error = registering ? "Too many events before user_registered" : "Too many events before your call is over";
  acknowledge(context.at, event.ack_id, Handled(unexpected(BadPayload{error})));
  fail(context.at, error, "");
}

void Signaling::on_unreadable_event(SocketContext& context, std::string_view name) {
  ++counts_.events;
  ++counts_.refused;
  constexpr std::string_view kError = "The payload cannot be read: it is too deep, too long or not Unicode";
  if (name == "register_user") return say_registered(context.at, "", kError);
  fail(context.at, kError, "");
}

namespace {

/// SPEC C-14: the name is a claim which the credential must bear out. C-12: the id will do as well.
std::optional<BadPayload> claims(const std::string& name, std::string_view username, calls::UserId user) {
  if (name == username || parse_uuid(name) == user.value()) return std::nullopt;
  return BadPayload{"Field 'userId' is not the user of your token", name};
}

/// The socket can close or change shards while the store is asked, so keep a copy.
std::shared_ptr<SocketContext> copy_of(const SocketContext& context) {
  auto copy = std::make_shared<SocketContext>();
  copy->at = context.at;
  copy->session = context.session;
  copy->device = RareText(std::string(context.device));
  if (context.identity) copy->identity = std::make_unique<accounts::Identity>(*context.identity);
  return copy;
}

}  // namespace

Signaling::Handled Signaling::register_user(SocketContext& context, const Event& event) {
  auto name = read_user(event);
  if (!name) return unexpected(name.error());
  if (!context.identity) return register_guest(context, *name, event.ack_id);
  if (context.identity->external && ports_.ensure_known) return register_external(context, *name, event.ack_id);
  if (auto refusal = claims(*name, context.identity->username, context.identity->user)) return unexpected(std::move(*refusal));
  registered(context, context.identity->username, context.identity->user);
  return {};
}

Signaling::Handled Signaling::register_guest(const SocketContext& context, const std::string& name, Ack ack) {
  begin_registration(context.at);
  ports_.names.look_up(name, [this, mine = copy_of(context), name, ack](const auto& found) {
    if (!found) return register_with(*mine, ack, name, BadPayload{std::string(explain(found.error())), name}, {});
    register_with(*mine, ack, name, std::nullopt, *found);
  });
  return Acked::later;
}

/// The store has to say who that is: another tool's token need not know our names.
Signaling::Handled Signaling::register_external(const SocketContext& context, const std::string& name, Ack ack) {
  begin_registration(context.at);
  ports_.ensure_known(*context.identity, [this, mine = copy_of(context), name, ack](const accounts::KnownUser& user) {
    if (!user && user.error() == accounts::WelcomeFault::not_theirs)
      return register_with(*mine, ack, name, BadPayload{"Your token does not speak for this user", name}, {});
    if (!user) return register_with(*mine, ack, name, BadPayload{"The store is unavailable; try again", name}, {});
    register_with(*mine, ack, user->username, claims(name, user->username, user->id), user->id);
  });
  return Acked::later;
}

/// Until the store has answered, whatever the client says may be meant for the name it asks for.
void Signaling::begin_registration(SessionAddress at) {
  session_of(at).at_work().registering = true;
  ports_.in.hold(at);
}

/// What was asked of the store is answered; the socket may have gone meanwhile, and its context with it.
void Signaling::register_with(SocketContext& context, Ack ack, const std::string& name, const std::optional<BadPayload>& refusal,
                              calls::UserId user) {
  SignalingSession* session = find_session(context.at);
  if (session == nullptr || !session->pending) return;
  session->pending->registering = false;
  acknowledge(context.at, ack, refusal ? Handled(unexpected(*refusal)) : Handled{});
  if (refusal)
    say_registered(context.at, refusal->target, refusal->error);
  else
    registered(context, name, user);
  if (SignalingSession* still = find_session(context.at)) still->rest();
  ports_.in.release(context.at);
}

void Signaling::registered(const SocketContext& context, const std::string& name, calls::UserId user) {
  SignalingSession& session = session_of(context.at);
  if (!session.name.empty() && session.user != user)
    ports_.calls.session_gone(session.user, context.at, sessions::Departure::left);
  session.name = name;
  session.user = user;
  const auto login = context.identity ? context.identity->login : account::LoginId{};
  say_registered(context.at, name, "");
  ports_.calls.session_online(
      user, name,
      {.id = context.session, .at = context.at, .dialect = call::Dialect::signaling, .login = login, .device = context.device});
}

Signaling::Handled Signaling::logout_user(SocketContext& context, const Event& event) {
  const auto name = read_user(event);
  if (!name) return unexpected(name.error());
  SignalingSession& session = session_of(context.at);
  if (session.name.empty()) return unexpected(BadPayload{"Register with register_user first", *name});
  if (!is_own(session, *name))
    return unexpected(BadPayload{"Field 'userId' is not the user registered on this connection", *name});
  const auto user = session.user;
  session = vacant(context.at);
  ports_.calls.session_gone(user, context.at, sessions::Departure::left);
  return {};
}

/// C-12: `to` may be a user id; whoever has a session is known by it.
std::string Signaling::name_of(std::string to) const {
  const auto id = parse_uuid(to);
  return id ? ports_.calls.name_of(calls::UserId(*id)).value_or(std::move(to)) : std::move(to);
}

Expected<Addressed, BadPayload> Signaling::read_line(SignalingSession& session, const Event& event, std::string_view body,
                                                     BodyKind kind) {
  auto line = read_addressed(event, body, kind);
  if (!line) return line;
  line->to = name_of(std::move(line->to));
  if (session.name.empty()) return unexpected(BadPayload{"Register with register_user first", line->to});
  if (!is_own(session, line->from))
    return unexpected(BadPayload{"Field 'from' is not the user registered on this connection", line->to});
  return line;
}

calls::Actor Signaling::actor_of(const SocketContext& context, const SignalingSession& session) const {
  return {.user = session.user,
          .session = context.session,
          .at = context.at,
          .device = context.device,
          .dialect = call::Dialect::signaling};
}

std::optional<calls::CallId> Signaling::call_of(SignalingSession& session, std::string_view peer) {
  if (const PeerCall* peer_call = session.call_with(peer)) return peer_call->call;
  const auto call = ports_.calls.call_between(session.user, peer);  // X-17: a new device of somebody who is in a call
  if (call) session.begin_call(peer, *call);
  return call;
}

/// SPEC X-30: joining a call needs a credential that is still valid; what has been joined goes on without one.
Expected<Addressed, BadPayload> Signaling::read_join(const SocketContext& context, SignalingSession& session, const Event& event,
                                                     std::string_view body) {
  auto line = read_line(session, event, body, BodyKind::description);
  if (!line || !context.identity) return line;
  const WallTime expires = context.identity->expires;
  if (expires == WallTime{} || ports_.clock.wall() < expires) return line;
  return unexpected(BadPayload{"Your session has expired; log in again and connect anew", line->to});
}

Signaling::Handled Signaling::make_call(SocketContext& context, const Event& event) {
  SignalingSession& session = session_of(context.at);
  const auto line = read_join(context, session, event, "offer");
  if (!line) return unexpected(line.error());
  calls::StartCall call{.caller = actor_of(context, session), .media = media_of(line->body), .offer = std::string(line->body)};
  call.callee = line->to == session.name ? session.user : ports_.calls.user_named(line->to).value_or(calls::UserId{});
  call.id = ports_.calls.new_call_id();
  session.begin_call(line->to, *call.id);
  start(std::move(call), line->to, event.ack_id);
  return Acked::later;
}

void Signaling::start(calls::StartCall call, const std::string& peer, Ack ack) {
  const SessionAddress at = call.caller.at;
  const calls::CallId id = must_have(call.id, "a dialled call has its id from here");
  const bool known = call.callee != calls::UserId{};
  const auto caller = call.caller.user;
  const auto media = call.media;
  ports_.calls.start(std::move(call), [this, at, id, peer, ack, known, caller, media](const calls::Result& result) {
    acknowledge(at, ack, result);
    if (!result && result.error().why == calls::Refusal::unreachable && !known) note_attempt(caller, peer, media);
    if (!result) return start_refused(at, id, peer, result.error());
    SignalingSession* session = find_session(at);
    if (session == nullptr || result->call->row.id == id) return;
    session->forget_call(id);  // it was a repeat: the call there is goes on
    session->begin_call(peer, result->call->row.id);
  });
}

/// T-04, C-09: who is not here may be somebody all the same.
void Signaling::note_attempt(calls::UserId caller, const std::string& peer, call::CallType media) {
  ports_.names.find(peer, [this, caller, media](std::optional<calls::UserId> callee) {
    if (callee) ports_.calls.note_attempt(caller, *callee, media);
  });
}

void Signaling::start_refused(SessionAddress at, const calls::CallId& call, const std::string& peer,
                              const calls::Refused& refused) {
  SignalingSession* session = find_session(at);
  if (session == nullptr) return;
  session->forget_call(call);
  const bool with_each_other =
      refused.call && (refused.call->caller().username == peer || refused.call->callee().username == peer);
  if (refused.why == calls::Refusal::recipient_busy || (refused.why == calls::Refusal::caller_busy && with_each_other))
    return emit(at, "call_busy", {R"({"targetUser":")", peer, R"("})"});
  ++counts_.refused;
  fail(at, explain(refused.why), peer);
}

Signaling::Handled Signaling::answer_call(SocketContext& context, const Event& event) {
  SignalingSession& session = session_of(context.at);
  const auto line = read_join(context, session, event, "answer");
  if (!line) return unexpected(line.error());
  const auto call = call_of(session, line->to);
  if (!call) return unexpected(BadPayload{"There is no call between you two", line->to});
  ports_.calls.accept(actor_of(context, session), *call, std::string(line->body),
                      [this, at = context.at, peer = line->to, ack = event.ack_id](const calls::Result& result) {
                        acknowledge(at, ack, result);
                        if (!result) fail(at, explain(result.error().why), peer);
                      });
  return Acked::later;
}

Signaling::Handled Signaling::decline_call(SocketContext& context, const Event& event) {
  const auto line = read_line(session_of(context.at), event, "", BodyKind::none);
  if (!line) return unexpected(line.error());
  return leave(context, *line, event.ack_id, &CallsPort::reject);
}

Signaling::Handled Signaling::end_call(SocketContext& context, const Event& event) {
  const auto line = read_line(session_of(context.at), event, "", BodyKind::none);
  if (!line) return unexpected(line.error());
  return leave(context, *line, event.ack_id, &CallsPort::cancel);
}

Signaling::Handled Signaling::leave(SocketContext& context, const Addressed& line, Ack ack,
                                    void (CallsPort::*how)(const calls::Actor&, const calls::CallId&, calls::Reply)) {
  SignalingSession& session = session_of(context.at);
  const auto call = call_of(session, line.to);
  if (!call) return unexpected(BadPayload{"There is no call between you two", line.to});
  ports_.in.hang_up_begins(context.at);
  (ports_.calls.*how)(
      actor_of(context, session), *call, [this, at = context.at, peer = line.to, ack, id = *call](const calls::Result& result) {
        if (SignalingSession* leaver = find_session(at); leaver != nullptr && result)
          leaver->end_call(id);  // no event will say so to a decliner
        // X-18: both hang up at once; the second got what it wanted.
        const bool crossed = !result && (result.error().why == calls::Refusal::not_active ||
                                         (result.error().call && call::is_final(result.error().call->row.status)));
        if (crossed)
          acknowledge(at, ack, Handled{});
        else
          acknowledge(at, ack, result);
        if (!result && !crossed) fail(at, explain(result.error().why), peer);
        ports_.in.hang_up_decided(at);
      });
  return Acked::later;
}

Signaling::Handled Signaling::ice_candidate(SocketContext& context, const Event& event) {
  SignalingSession& session = session_of(context.at);
  const auto line = read_line(session, event, "candidate", BodyKind::candidate);
  if (!line) return unexpected(line.error());
  const auto call = call_of(session, line->to);
  if (!call) return unexpected(BadPayload{"There is no call between you two", line->to});
  if (const PeerCall* peer_call = session.call_with(line->to); peer_call != nullptr && peer_call->over)
    return {};  // it crossed the end
  if (signals_.max != 0 && session.at_work().signals.refuse(signals_, ports_.clock.now()))
    return unexpected(BadPayload{"Rate limit: too many candidates; try again in a few seconds", line->to});
  ports_.calls.signal(actor_of(context, session), *call, {"candidate", line->body},
                      [this, at = context.at, peer = line->to, ack = event.ack_id](const calls::Result& result) {
                        acknowledge(at, ack, result);
                        if (!result && result.error().why == calls::Refusal::too_many_signals)
                          fail(at, explain(result.error().why), peer);
                      });
  return Acked::later;
}

/// Seed 003's clients ask for no acknowledgement; one that does gets the house's form (SPEC section 0).
void Signaling::acknowledge(SessionAddress socket, Ack ack, const Handled& handled) {
  if (!ack) return;
  if (handled) return ports_.out.acknowledge(socket, *ack, R"({"success":true})");
  ports_.out.acknowledge(socket, *ack, refusal_json("VALIDATION_FAILED", handled.error().error));
}

void Signaling::acknowledge(SessionAddress socket, Ack ack, const calls::Result& result) {
  if (!ack) return;
  if (result) return ports_.out.acknowledge(socket, *ack, R"({"success":true})");
  ports_.out.acknowledge(socket, *ack,
                         refusal_json(words_of(failure_of(result.error()).error).code, explain(result.error().why)));
}

// --- sessions ---------------------------------------------------------------------------------------------------------

SignalingSession& Signaling::session_of(SessionAddress socket) {
  if (socket.slot >= sessions_.size()) sessions_.resize(socket.slot + 1);
  SignalingSession& session = sessions_[socket.slot];
  if (session.generation != socket.generation) session = vacant(socket);
  return session;
}

SignalingSession* Signaling::find_session(SessionAddress socket) {
  if (socket.slot >= sessions_.size() || sessions_[socket.slot].generation != socket.generation) return nullptr;
  return &sessions_[socket.slot];
}

}  // namespace belfry::gateway

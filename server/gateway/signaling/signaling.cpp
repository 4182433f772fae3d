#include "gateway/signaling/signaling.hpp"

#include <algorithm>
#include <utility>

#include "gateway/render/errors.hpp"

namespace belfry::gateway {
namespace {

// Starts kept while the session's hang-up is being committed. A person needs one.
constexpr std::size_t kMaxWaitingStarts = 4;

Chair vacant(SessionAddress at) {
  Chair chair;
  chair.generation = at.generation;
  return chair;
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
bool is_own(const Chair& chair, std::string_view who) { return who == chair.name || parse_uuid(who) == chair.user.value(); }

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

void Signaling::on_socket(SocketSeat& seat) { static_cast<void>(chair_of(seat.at)); }

void Signaling::on_suspended(SocketSeat& seat) {
  const Chair& chair = chair_of(seat.at);
  if (!chair.name.empty()) calls_.session_suspended(chair.user, seat.at);
}

std::string Signaling::on_detached(SocketSeat& seat, ShardIndex to) {
  Chair& chair = chair_of(seat.at);
  if (!chair.name.empty()) calls_.session_moves(seat.at, to);
  std::string state = chair.name.empty() ? std::string{} : to_text(chair.user.value()) + chair.name;
  chair = vacant(seat.at);
  return state;
}

void Signaling::on_recovered(SocketSeat& seat, SessionAddress before, std::string state) {
  Chair& chair = chair_of(seat.at);
  if (state.size() > 36) {
    chair.user = calls::UserId(parse_uuid(std::string_view(state).substr(0, 36)).value_or(Uuid{}));
    chair.name = state.substr(36);
  }
  if (!chair.name.empty()) calls_.session_recovered(chair.user, before, seat.at);
}

void Signaling::on_gone(SocketSeat& seat, calls::Departure how) {
  Chair& chair = chair_of(seat.at);
  const auto [user, named] = std::pair(chair.user, !chair.name.empty());
  chair = Chair{};
  if (named) calls_.session_gone(user, seat.at, how);
}

// --- client events --------------------------------------------------------------------------------------------------

void Signaling::on_event(SocketSeat& seat, const Event& event) {
  // What bears something binary is refused whoever says it, so that need not wait.
  if (Chair& chair = chair_of(seat.at); chair.business && chair.business->registering && event.attachments.empty()) {
    if (chair.business->deferred.keep(event)) return;
    acknowledge(seat.at, event.ack_id, Handled(unexpected(BadPayload{"Too many events before user_registered"})));
    return fail(seat.at, "Too many events before user_registered", "");
  }
  ++counts_.events;
  const auto known = std::find_if(std::begin(kEvents), std::end(kEvents), [&](const Row& row) { return row.name == event.name; });
  if (known == std::end(kEvents)) return acknowledge(seat.at, event.ack_id, Handled(unexpected(BadPayload{"Unknown event"})));
  const Handled handled = (this->*known->act)(seat, event);
  if (!handled) {
    ++counts_.refused;
    if (event.name == "register_user") {
      say_registered(seat.at, handled.error().target, handled.error().error);
    } else {
      fail(seat.at, handled.error().error, handled.error().target);
    }
  }
  if (!handled || *handled == Acked::now) acknowledge(seat.at, event.ack_id, handled);
}

void Signaling::on_unreadable_event(SocketSeat& seat, std::string_view name) {
  ++counts_.events;
  ++counts_.refused;
  constexpr std::string_view kError = "The payload cannot be read: it is too deep, too long or not Unicode";
  if (name == "register_user") return say_registered(seat.at, "", kError);
  fail(seat.at, kError, "");
}

namespace {

/// SPEC C-14: the name is a claim which the credential must bear out. C-12: the id will do as well.
std::optional<BadPayload> claims(const std::string& name, std::string_view username, calls::UserId user) {
  if (name == username || parse_uuid(name) == user.value()) return std::nullopt;
  return BadPayload{"Field 'userId' is not the user of your token", name};
}

/// The desk may move or give away the seat while the store is asked.
std::shared_ptr<SocketSeat> copy_of(const SocketSeat& seat) {
  auto copy = std::make_shared<SocketSeat>();
  copy->at = seat.at;
  copy->session = seat.session;
  copy->device = RareText(std::string(seat.device));
  if (seat.identity) copy->identity = std::make_unique<accounts::Identity>(*seat.identity);
  return copy;
}

}  // namespace

Signaling::Handled Signaling::register_user(SocketSeat& seat, const Event& event) {
  auto name = read_user(event);
  if (!name) return unexpected(name.error());
  if (!seat.identity) return register_guest(seat, *name, event.ack_id);
  if (seat.identity->external && welcome_) return register_external(seat, *name, event.ack_id);
  if (auto refusal = claims(*name, seat.identity->username, seat.identity->user)) return unexpected(std::move(*refusal));
  registered(seat, seat.identity->username, seat.identity->user);
  return {};
}

Signaling::Handled Signaling::register_guest(const SocketSeat& seat, const std::string& name, Ack ack) {
  chair_of(seat.at).at_work().registering = true;
  guests_.look_up(name, [this, mine = copy_of(seat), name, ack](const auto& found) {
    if (!found) return register_with(*mine, ack, name, BadPayload{std::string(explain(found.error())), name}, {});
    register_with(*mine, ack, name, std::nullopt, *found);
  });
  return Acked::later;
}

/// The store has to say who that is: another tool's token need not know our names.
Signaling::Handled Signaling::register_external(const SocketSeat& seat, const std::string& name, Ack ack) {
  chair_of(seat.at).at_work().registering = true;
  welcome_(*seat.identity, [this, mine = copy_of(seat), name, ack](const accounts::Welcomed& user) {
    if (!user && user.error() == accounts::WelcomeFault::not_theirs)
      return register_with(*mine, ack, name, BadPayload{"Your token does not speak for this user", name}, {});
    if (!user) return register_with(*mine, ack, name, BadPayload{"The store is unavailable; try again", name}, {});
    register_with(*mine, ack, user->username, claims(name, user->username, user->id), user->id);
  });
  return Acked::later;
}

/// What was asked of the store is answered; the socket may have gone meanwhile, and its seat with it.
void Signaling::register_with(SocketSeat& seat, Ack ack, const std::string& name, const std::optional<BadPayload>& refusal,
                              calls::UserId user) {
  Chair* chair = find_chair(seat.at);
  if (chair == nullptr || !chair->business) return;
  chair->business->registering = false;
  acknowledge(seat.at, ack, refusal ? Handled(unexpected(*refusal)) : Handled{});
  if (refusal)
    say_registered(seat.at, refusal->target, refusal->error);
  else
    registered(seat, name, user);
  run_deferred(seat);
}

void Signaling::registered(const SocketSeat& seat, const std::string& name, calls::UserId user) {
  Chair& chair = chair_of(seat.at);
  if (!chair.name.empty() && chair.user != user) calls_.session_gone(chair.user, seat.at, calls::Departure::left);
  chair.name = name;
  chair.user = user;
  const auto login = seat.identity ? seat.identity->login : account::LoginId{};
  say_registered(seat.at, name, "");
  calls_.session_online(
      user, name,
      {.id = seat.session, .at = seat.at, .dialect = call::Dialect::signaling, .login = login, .device = seat.device});
}

void Signaling::run_deferred(SocketSeat& seat) {
  Chair* chair = find_chair(seat.at);
  if (chair == nullptr || !chair->business) return;
  const auto events = chair->business->deferred.take();
  chair->rest();
  for (const auto& later : events) {
    if (find_chair(seat.at) == nullptr) return;
    const std::vector<json::Slice> arguments = later.slices();
    on_event(seat, {.name = later.name, .arguments = arguments, .ack_id = later.ack_id, .attachments = {}});
  }
}

Signaling::Handled Signaling::logout_user(SocketSeat& seat, const Event& event) {
  const auto name = read_user(event);
  if (!name) return unexpected(name.error());
  Chair& chair = chair_of(seat.at);
  if (chair.name.empty()) return unexpected(BadPayload{"Register with register_user first", *name});
  if (!is_own(chair, *name)) return unexpected(BadPayload{"Field 'userId' is not the user registered on this connection", *name});
  const auto user = chair.user;
  chair = vacant(seat.at);
  calls_.session_gone(user, seat.at, calls::Departure::left);
  return {};
}

/// C-12: `to` may be a user id; whoever has a session is known by it.
std::string Signaling::name_of(std::string to) const {
  const auto id = parse_uuid(to);
  return id ? directory_.name_of(calls::UserId(*id)).value_or(std::move(to)) : std::move(to);
}

Expected<Addressed, BadPayload> Signaling::read_line(Chair& chair, const Event& event, std::string_view body, BodyKind kind) {
  auto line = read_addressed(event, body, kind);
  if (!line) return line;
  line->to = name_of(std::move(line->to));
  if (chair.name.empty()) return unexpected(BadPayload{"Register with register_user first", line->to});
  if (!is_own(chair, line->from))
    return unexpected(BadPayload{"Field 'from' is not the user registered on this connection", line->to});
  return line;
}

calls::Actor Signaling::actor_of(const SocketSeat& seat, const Chair& chair) const {
  return {.user = chair.user, .session = seat.session, .at = seat.at, .device = seat.device, .dialect = call::Dialect::signaling};
}

std::optional<calls::CallId> Signaling::call_of(Chair& chair, std::string_view peer) {
  if (const Talk* talk = chair.talk_with(peer)) return talk->call;
  const auto call = calls_.call_between(chair.user, peer);  // X-17: a new device of somebody who is in a call
  if (call) chair.begin_talk(peer, *call);
  return call;
}

/// SPEC X-30: joining a call needs a credential that is still valid; what has been joined goes on without one.
Expected<Addressed, BadPayload> Signaling::read_join(const SocketSeat& seat, Chair& chair, const Event& event,
                                                     std::string_view body) {
  auto line = read_line(chair, event, body, BodyKind::description);
  if (!line || !seat.identity) return line;
  const WallTime expires = seat.identity->expires;
  if (expires == WallTime{} || clock_.wall() < expires) return line;
  return unexpected(BadPayload{"Your session has expired; log in again and connect anew", line->to});
}

Signaling::Handled Signaling::make_call(SocketSeat& seat, const Event& event) {
  Chair& chair = chair_of(seat.at);
  const auto line = read_join(seat, chair, event, "offer");
  if (!line) return unexpected(line.error());
  calls::StartCall call{.caller = actor_of(seat, chair), .media = media_of(line->body), .offer = std::string(line->body)};
  call.callee = line->to == chair.name ? chair.user : directory_.find(line->to).value_or(calls::UserId{});
  call.id = calls_.new_call_id();
  const bool waits = chair.at_work().leaving != 0;
  if (waits && chair.business->waiting.size() == kMaxWaitingStarts)
    return unexpected(BadPayload{"Too many calls started at once", line->to});
  chair.begin_talk(line->to, *call.id);
  if (waits)
    chair.business->waiting.push_back({std::move(call), event.ack_id});
  else
    start(std::move(call), line->to, event.ack_id);
  return Acked::later;
}

void Signaling::start(calls::StartCall call, const std::string& peer, Ack ack) {
  const SessionAddress at = call.caller.at;
  const calls::CallId id = must_have(call.id, "a dialled call has its id from here");
  const bool known = call.callee != calls::UserId{};
  const auto caller = call.caller.user;
  const auto media = call.media;
  calls_.start(std::move(call), [this, at, id, peer, ack, known, caller, media](const calls::Result& result) {
    acknowledge(at, ack, result);
    if (!result && result.error().why == calls::Refusal::unreachable && !known) note_attempt(caller, peer, media);
    if (!result) return start_refused(at, id, peer, result.error());
    Chair* chair = find_chair(at);
    if (chair == nullptr || result->call->row.id == id) return;
    chair->end_talk(id);  // it was a repeat: the call there is goes on
    chair->begin_talk(peer, result->call->row.id);
  });
}

/// T-04, C-09: who is not here may be somebody all the same.
void Signaling::note_attempt(calls::UserId caller, const std::string& peer, call::CallType media) {
  guests_.find(peer, [this, caller, media](std::optional<calls::UserId> callee) {
    if (callee) calls_.note_attempt(caller, *callee, media);
  });
}

void Signaling::start_refused(SessionAddress at, const calls::CallId& call, const std::string& peer,
                              const calls::Refused& refused) {
  Chair* chair = find_chair(at);
  if (chair == nullptr) return;
  if (chair->business) std::erase_if(chair->business->talks, [&](const Talk& talk) { return talk.call == call; });
  const bool with_each_other = refused.call && (refused.call->caller.username == peer || refused.call->callee.username == peer);
  if (refused.why == calls::Refusal::recipient_busy || (refused.why == calls::Refusal::caller_busy && with_each_other))
    return emit(at, "call_busy", {R"({"targetUser":")", peer, R"("})"});
  ++counts_.refused;
  fail(at, explain(refused.why), peer);
}

Signaling::Handled Signaling::answer_call(SocketSeat& seat, const Event& event) {
  Chair& chair = chair_of(seat.at);
  const auto line = read_join(seat, chair, event, "answer");
  if (!line) return unexpected(line.error());
  const auto call = call_of(chair, line->to);
  if (!call) return unexpected(BadPayload{"There is no call between you two", line->to});
  calls_.accept(actor_of(seat, chair), *call, std::string(line->body),
                [this, at = seat.at, peer = line->to, ack = event.ack_id](const calls::Result& result) {
                  acknowledge(at, ack, result);
                  if (!result) fail(at, explain(result.error().why), peer);
                });
  return Acked::later;
}

Signaling::Handled Signaling::decline_call(SocketSeat& seat, const Event& event) {
  const auto line = read_line(chair_of(seat.at), event, "", BodyKind::none);
  if (!line) return unexpected(line.error());
  return leave(seat, *line, event.ack_id, &calls::Calls::reject);
}

Signaling::Handled Signaling::end_call(SocketSeat& seat, const Event& event) {
  const auto line = read_line(chair_of(seat.at), event, "", BodyKind::none);
  if (!line) return unexpected(line.error());
  return leave(seat, *line, event.ack_id, &calls::Calls::cancel);
}

Signaling::Handled Signaling::leave(SocketSeat& seat, const Addressed& line, Ack ack,
                                    void (calls::Calls::*how)(const calls::Actor&, const calls::CallId&, calls::Reply)) {
  Chair& chair = chair_of(seat.at);
  const auto call = call_of(chair, line.to);
  if (!call) return unexpected(BadPayload{"There is no call between you two", line.to});
  ++chair.at_work().leaving;
  (calls_.*how)(actor_of(seat, chair), *call, [this, at = seat.at, peer = line.to, ack, id = *call](const calls::Result& result) {
    if (Chair* leaver = find_chair(at); leaver != nullptr && result) leaver->end_talk(id);  // no event will say so to a decliner
    // X-18: both hang up at once; the second got what it wanted.
    const bool crossed = !result && (result.error().why == calls::Refusal::not_active ||
                                     (result.error().call && call::is_final(result.error().call->row.status)));
    if (crossed)
      acknowledge(at, ack, Handled{});
    else
      acknowledge(at, ack, result);
    if (!result && !crossed) fail(at, explain(result.error().why), peer);
    left(at);
  });
  return Acked::later;
}

/// A session that hung up may start its next call now.
void Signaling::left(SessionAddress at) {
  Chair* chair = find_chair(at);
  if (chair == nullptr || !chair->business || chair->business->leaving == 0 || --chair->business->leaving != 0) return;
  for (auto& [call, ack] : std::exchange(chair->business->waiting, {})) {
    chair = find_chair(at);
    const Talk* talk = chair == nullptr ? nullptr : chair->talk_of(must_have(call.id, "a call that waits has its id"));
    if (talk == nullptr) return;
    const std::string peer = talk->peer;
    start(std::move(call), peer, ack);
  }
}

Signaling::Handled Signaling::ice_candidate(SocketSeat& seat, const Event& event) {
  Chair& chair = chair_of(seat.at);
  const auto line = read_line(chair, event, "candidate", BodyKind::candidate);
  if (!line) return unexpected(line.error());
  const auto call = call_of(chair, line->to);
  if (!call) return unexpected(BadPayload{"There is no call between you two", line->to});
  if (const Talk* talk = chair.talk_with(line->to); talk != nullptr && talk->over) return {};  // it crossed the end
  if (signals_.max != 0 && chair.at_work().signals.refuse(signals_, clock_.now()))
    return unexpected(BadPayload{"Rate limit: too many candidates; try again in a few seconds", line->to});
  calls_.signal(actor_of(seat, chair), *call, {"candidate", line->body},
                [this, at = seat.at, peer = line->to, ack = event.ack_id](const calls::Result& result) {
                  acknowledge(at, ack, result);
                  if (!result && result.error().why == calls::Refusal::too_many_signals)
                    fail(at, explain(result.error().why), peer);
                });
  return Acked::later;
}

/// Seed 003's clients ask for no acknowledgement; one that does gets the house's form (SPEC section 0).
void Signaling::acknowledge(SessionAddress socket, Ack ack, const Handled& handled) {
  if (!ack) return;
  if (handled) return sockets_.acknowledge(socket, *ack, R"({"success":true})");
  sockets_.acknowledge(socket, *ack, refusal_json("VALIDATION_FAILED", handled.error().error));
}

void Signaling::acknowledge(SessionAddress socket, Ack ack, const calls::Result& result) {
  if (!ack) return;
  if (result) return sockets_.acknowledge(socket, *ack, R"({"success":true})");
  sockets_.acknowledge(socket, *ack, refusal_json(words_of(failure_of(result.error()).error).code, explain(result.error().why)));
}

// --- chairs ---------------------------------------------------------------------------------------------------------

Chair& Signaling::chair_of(SessionAddress socket) {
  if (socket.slot >= chairs_.size()) chairs_.resize(socket.slot + 1);
  Chair& chair = chairs_[socket.slot];
  if (chair.generation != socket.generation) chair = vacant(socket);
  return chair;
}

Chair* Signaling::find_chair(SessionAddress socket) {
  if (socket.slot >= chairs_.size() || chairs_[socket.slot].generation != socket.generation) return nullptr;
  return &chairs_[socket.slot];
}

}  // namespace belfry::gateway

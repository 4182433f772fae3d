#include "gateway/signaling.hpp"

#include <algorithm>
#include <utility>

namespace belfry::gateway {

using session::IncomingEvent;

const Signaling::Event Signaling::kEvents[7] = {
    {"ice_candidate", &Signaling::ice_candidate},  // by far the most frequent
    {"register_user", &Signaling::register_user}, {"make_call", &Signaling::make_call}, {"answer_call", &Signaling::answer_call},
    {"decline_call", &Signaling::decline_call},   {"end_call", &Signaling::end_call},   {"logout_user", &Signaling::logout_user},
};

// --- sockets --------------------------------------------------------------------------------------------------------

std::optional<session::ConnectRefusal> Signaling::on_connecting(const session::ConnectRequest& request) {
  // A credential that is presented must be good, in open mode too (SPEC 2.8.17); accounts come later, so none is good yet.
  const bool presents_token = request.auth.kind == json::Kind::object && json::member(request.auth, "token").has_value();
  if (settings_.auth == AuthMode::open && !presents_token) return std::nullopt;
  return session::ConnectRefusal{.message = "Authentication error"};
}

void Signaling::on_connected(SessionAddress socket, const session::ConnectRequest&) { set_name(socket, {}); }

void Signaling::on_suspended(SessionAddress socket) {
  if (const auto name = name_of(socket); !name.empty()) board_->sign_out(name, socket, app::Departure::lost);
}

std::string Signaling::on_detached(SessionAddress socket) {
  std::string name(name_of(socket));
  set_name(socket, {});
  return name;
}

void Signaling::on_recovered(SessionAddress socket, SessionAddress, std::string state) {
  set_name(socket, std::move(state));
  if (const auto name = name_of(socket); !name.empty()) board_->returned(name, socket);
}

void Signaling::on_disconnected(SessionAddress socket, session::DisconnectReason reason) {
  const std::string name(name_of(socket));
  set_name(socket, {});
  if (name.empty()) return;
  switch (reason) {
    case session::DisconnectReason::client_left:
      return board_->sign_out(name, socket, app::Departure::left);
    case session::DisconnectReason::transport_lost:
      return board_->sign_out(name, socket, app::Departure::lost);
    case session::DisconnectReason::server_left:
      return board_->sign_out(name, socket, app::Departure::replaced);
    case session::DisconnectReason::window_expired:
      return;  // it was signed out when it was suspended
  }
}

// --- client events --------------------------------------------------------------------------------------------------

void Signaling::on_event(SessionAddress socket, const IncomingEvent& event) {
  ++counts_.events;
  const auto known =
      std::find_if(std::begin(kEvents), std::end(kEvents), [&](const Event& entry) { return entry.name == event.name; });
  if (known == std::end(kEvents)) {
    const Outcome unknown = unexpected(BadPayload{"Unknown event"});
    return acknowledge(socket, event, unknown);
  }
  const Outcome outcome = (this->*known->act)(socket, event);
  if (!outcome) {
    ++counts_.refused;
    if (event.name == "register_user") {
      say_registered(socket, outcome.error().target, outcome.error().error);
    } else {
      fail(socket, outcome.error().error, outcome.error().target);
    }
  }
  acknowledge(socket, event, outcome);
}

void Signaling::on_unreadable_event(SessionAddress socket, std::string_view name, socketio::DecodeError why) {
  ++counts_.events;
  ++counts_.refused;
  const std::string error = "The payload cannot be read: " + std::string(socketio::explain(why));
  if (name == "register_user") return say_registered(socket, "", error);
  fail(socket, error, "");
}

Signaling::Outcome Signaling::register_user(SessionAddress socket, const IncomingEvent& event) {
  auto name = read_user(event.arguments);
  if (!name) return unexpected(name.error());
  if (const std::string before(name_of(socket)); !before.empty() && before != *name)
    board_->sign_out(before, socket, app::Departure::left);
  set_name(socket, *name);
  board_->sign_in(*name, socket);
  say_registered(socket, *name, "");
  return {};
}

Signaling::Outcome Signaling::logout_user(SessionAddress socket, const IncomingEvent& event) {
  const auto name = read_user(event.arguments);
  if (!name) return unexpected(name.error());
  const std::string mine(name_of(socket));
  if (mine.empty()) return unexpected(BadPayload{"Register with register_user first", *name});
  if (*name != mine) return unexpected(BadPayload{"Field 'userId' is not the user registered on this connection", *name});
  set_name(socket, {});
  board_->sign_out(mine, socket, app::Departure::left);
  return {};
}

Expected<Addressed, BadPayload> Signaling::read_line(SessionAddress socket, const IncomingEvent& event, std::string_view body,
                                                     BodyKind kind) {
  auto line = read_addressed(event.arguments, body, kind);
  if (!line) return line;
  const std::string_view me = name_of(socket);
  if (me.empty()) return unexpected(BadPayload{"Register with register_user first", line->to});
  if (line->from != me) return unexpected(BadPayload{"Field 'from' is not the user registered on this connection", line->to});
  return line;
}

Signaling::Outcome Signaling::make_call(SessionAddress socket, const IncomingEvent& event) {
  const auto line = read_line(socket, event, "offer", BodyKind::description);
  if (!line) return unexpected(line.error());
  board_->start(
      {.caller = line->from, .caller_at = socket, .callee = line->to, .media = media_of(line->body), .offer = line->body});
  return {};
}

Signaling::Outcome Signaling::answer_call(SessionAddress socket, const IncomingEvent& event) {
  const auto line = read_line(socket, event, "answer", BodyKind::description);
  if (!line) return unexpected(line.error());
  board_->answer({line->from, socket, line->to}, line->body);
  return {};
}

Signaling::Outcome Signaling::decline_call(SessionAddress socket, const IncomingEvent& event) {
  const auto line = read_line(socket, event, "", BodyKind::none);
  if (!line) return unexpected(line.error());
  board_->decline({line->from, socket, line->to});
  return {};
}

Signaling::Outcome Signaling::end_call(SessionAddress socket, const IncomingEvent& event) {
  const auto line = read_line(socket, event, "", BodyKind::none);
  if (!line) return unexpected(line.error());
  board_->hang_up({line->from, socket, line->to});
  return {};
}

Signaling::Outcome Signaling::ice_candidate(SessionAddress socket, const IncomingEvent& event) {
  const auto line = read_line(socket, event, "candidate", BodyKind::candidate);
  if (!line) return unexpected(line.error());
  board_->relay({line->from, socket, line->to}, line->body);
  return {};
}

/// The dialect's events take no acknowledgement; a client that asks for one gets the house's form (SPEC section 0).
void Signaling::acknowledge(SessionAddress socket, const IncomingEvent& event, const Outcome& outcome) {
  if (!event.ack_id) return;
  if (outcome) return sockets_->acknowledge(socket, *event.ack_id, R"({"success":true})");
  std::string text = R"({"success":false,"error":{"code":"VALIDATION_FAILED","message":)";
  json::append_quoted(text, outcome.error().error);
  text += "}}";
  sockets_->acknowledge(socket, *event.ack_id, text);
}

// --- seats ----------------------------------------------------------------------------------------------------------

std::string_view Signaling::name_of(SessionAddress socket) const {
  if (socket.slot >= seats_.size() || seats_[socket.slot].generation != socket.generation) return {};
  return seats_[socket.slot].name;
}

void Signaling::set_name(SessionAddress socket, std::string name) {
  if (socket.slot >= seats_.size()) seats_.resize(socket.slot + 1);
  seats_[socket.slot] = {socket.generation, std::move(name)};
}

}  // namespace belfry::gateway

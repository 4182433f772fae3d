// What becomes of what a peer sends.
#include <utility>

#include "app/peers/peers.hpp"

namespace belfry::peers {

using peerjs::Type;

namespace {

Owner owner_of(const std::string& src, const std::optional<account::UserId>& user) {
  return {user ? to_text(user->value()) : src, !user};
}

}  // namespace

Relay Peers::receive(PeerSocket from, const Incoming& incoming) {
  own_thread_.check();
  Socket* socket = find(from);
  if (socket == nullptr) return Relay::done;
  const TimePoint now = ports_.clock.now();
  if (floods(*socket, incoming ? incoming->payload.size() : 0U, now)) return Relay::too_many;
  if (!incoming) return Relay::done;
  const peerjs::Message& message = *incoming;
  if (message.type == Type::heartbeat) {
    socket->heard = now;
    by_silence_.splice(by_silence_.end(), by_silence_, socket->place);
    return Relay::done;
  }
  if (!owns_its_id(*socket)) return Relay::done;
  const std::string& src = socket->registration.id;
  if (message.dst.empty()) {
    // npm `peer`: a LEAVE to nobody gives the id up, and the socket stays. An older socket has no id to give up.
    if (message.type != Type::leave || *holder_of(src) != from) return Relay::done;
    if (const auto next = give_up_id(src)) greet(*next);
    return Relay::done;
  }
  if (!socket->logged_out)
    relay(from, *socket, message);
  else if (message.type == Type::offer)  // of the rest of a connection its sender is told nothing either
    refuse(src, socket->registration.user, message.dst);
  return Relay::done;
}

bool Peers::floods(Socket& socket, std::size_t payload, TimePoint now) const {
  const PeerSettings& settings = shared_.settings();
  for (std::size_t counts = 1 + payload / settings.bytes_per_count; counts != 0; --counts)
    if (socket.messages.take(settings.messages, now)) return true;
  return false;
}

// --- whom it may reach ---

/// K45: a connection to a user begins with an offer, and one of the two may block the other.
void Peers::relay(PeerSocket from, Socket& socket, const peerjs::Message& message) {
  const auto& user = socket.registration.user;
  const std::string& src = socket.registration.id;
  std::optional<account::UserId> other;
  if (message.type == Type::offer && user && ports_.are_blocked) other = possible_owner(message.dst);
  switch (socket.checks.course_of(message.dst, other && *other != *user)) {
    case OfferChecks::Course::drop:
      return;
    case OfferChecks::Course::pass:
      return pass(user, message.type, src, message.dst, message.payload);
    case OfferChecks::Course::wait:
      return socket.checks.hold(relayed(message.type, src, message.dst, message.payload, user));
    case OfferChecks::Course::ask:
      return ask(from, relayed(message.type, src, message.dst, message.payload, user), *other);
  }
}

void Peers::ask(PeerSocket from, Relayed offer, const account::UserId& other) {
  const account::UserId user = *offer.from;
  const std::string dst = offer.dst;
  find(from)->checks.hold(std::move(offer));
  ports_.are_blocked(user, other, [this, from, dst](bool blocked) { on_answer(from, dst, blocked); });
}

void Peers::on_answer(PeerSocket from, const std::string& dst, bool blocked) {
  own_thread_.check();
  Socket* const socket = find(from);
  if (socket == nullptr) return;
  const auto waiting = socket->checks.settle(dst, blocked ? OfferChecks::Answer::refused : OfferChecks::Answer::allowed);
  // Of another who has got the id meanwhile nothing may be said.
  if (!owns_its_id(*socket)) return;
  const Registration registration = socket->registration;
  if (blocked) return refuse(registration.id, registration.user, dst);
  for (const Relayed& each : waiting) pass(registration.user, each.type, each.src, each.dst, each.payload());
}

/// The sender is told what they would be told if nobody came.
void Peers::refuse(const std::string& src, const std::optional<account::UserId>& from, const std::string& dst) {
  const auto held = refused_.hold(src, owner_of(src, from), dst, "", ports_.clock.now());
  if (held == HeldMessages::Held::no_room) send_expire(src, dst);
}

/// Values: the socket may be closed by what its own call is sent of this.
void Peers::pass(std::optional<account::UserId> user, Type type, std::string src, const std::string& dst,
                 std::string_view payload) {
  if (calls_ != nullptr && user && calls_->take_from(*user, type, src, dst, payload)) return;
  pass_on(relayed(type, src, dst, payload, user));
}

// --- how it gets there ---

void Peers::pass_on(Relayed message) {
  own_thread_.check();
  const ShardIndex home = shared_.home_of(message.dst);
  if (home == shard_) return deliver_here(std::move(message));
  shared_.on_shards().post(ports_.mailboxes, home,
                           [message = std::move(message)](Peers& there) mutable { there.deliver_here(std::move(message)); });
}

void Peers::deliver_here(Relayed message) {
  own_thread_.check();
  if (calls_ != nullptr && message.from && calls_->take_to(message)) return;
  hold(std::move(message));
}

void Peers::send_if_open(Relayed message) {
  own_thread_.check();
  const ShardIndex home = shared_.home_of(message.dst);
  const auto send = [message = std::move(message)](Peers& there) {
    if (const PeerSocket* listener = there.listener_of(message.dst)) there.ports_.output.send(*listener, message.text);
  };
  if (home == shard_) return send(*this);
  shared_.on_shards().post(ports_.mailboxes, home, send);
}

/// Unless its receiver is here.
void Peers::hold(Relayed message) {
  if (message.type == Type::expire)  // the server's, so also to one that is muted
    if (const PeerSocket* holder = holder_of(message.dst)) return ports_.output.send(*holder, message.text);
  if (const PeerSocket* listener = listener_of(message.dst)) return ports_.output.send(*listener, message.text);
  if (message.type == Type::leave || message.type == Type::expire) return;  // of no use to one who comes later
  const auto held =
      held_.hold(message.src, owner_of(message.src, message.from), message.dst, std::move(message.text), ports_.clock.now());
  if (held == HeldMessages::Held::no_room) send_expire(message.src, message.dst);
}

void Peers::take_held(const std::string& src, const std::string& dst, std::function<void(std::vector<std::string>)> done) {
  own_thread_.check();
  const auto answer = [asker = shard_, done = std::move(done)](Peers& there, std::vector<std::string> texts) {
    there.shared_.on_shards().post(there.ports_.mailboxes, asker, [done, texts = std::move(texts)](Peers&) { done(texts); });
  };
  shared_.on_shards().post(ports_.mailboxes, shared_.home_of(dst),
                           [src, dst, answer](Peers& there) { answer(there, there.held_.take(src, dst)); });
}

/// `dst` did not come: stock clients then give the connection to it up.
void Peers::send_expire(const std::string& src, const std::string& dst) {
  pass_on(relayed(Type::expire, dst, src, "", std::nullopt));
}

}  // namespace belfry::peers

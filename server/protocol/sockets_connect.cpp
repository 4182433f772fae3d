// Joining a namespace (socket.io-protocol v5 "Connection to a namespace"), and recovery of a lost socket ("Connection state
// recovery"). The pid names the shard where the socket was created; if it has moved since, SharedSockets says where to. The
// socket's state moves to the shard of the client's new connection, so that the connection can stay where it is.
#include <algorithm>
#include <charconv>

#include "base/check.hpp"
#include "protocol/sockets.hpp"
#include "protocol/sockets_state.hpp"

namespace belfry::protocol {

using socketio::PacketType;

namespace {

// From shard to shard behind a socket that other attempts keep taking along. More is no client's network.
constexpr int kMostHops = 16;

}  // namespace

void Sockets::on_connect(EngineRef engine, std::string_view name_space, json::Slice auth) {
  const auto found = std::find(settings_.namespaces.begin(), settings_.namespaces.end(), name_space);
  if (found == settings_.namespaces.end()) return refuse(engine, name_space, {.message = "Invalid namespace"});
  if (joined(engine, name_space) != kNoSlot || recovering_.contains(engine.slot) || awaits_cookie_.contains(engine.slot))
    return engine_.close(engine, EngineClose::parse_error);
  const auto index = static_cast<std::uint8_t>(found - settings_.namespaces.begin());
  if (!try_recovery(engine, index, auth)) connect(engine, index, auth);
}

void Sockets::connect(EngineRef engine, std::uint8_t name_space, json::Slice auth) {
  const auto handshake = handshakes_.find(engine.slot);
  if (handshake == handshakes_.end()) return engine_.close(engine, EngineClose::parse_error);
  const ConnectRequest request{settings_.namespaces[name_space], auth, handshake->second};
  if (const auto allowed = handler_.on_connecting(request); !allowed)
    return refuse_or_wait(engine, name_space, auth, allowed.error());
  const std::uint32_t slot = place(engine, name_space);
  Socket& socket = sockets_[slot];
  socket.life.take(SocketLifeStep::admitted);
  random_.fill(as_mutable_bytes({reinterpret_cast<char*>(&socket.public_id), sizeof socket.public_id}));
  random_.fill(as_mutable_bytes({reinterpret_cast<char*>(&socket.private_id), sizeof socket.private_id}));
  socket.birth_slot = slot;
  socket.birth_shard = static_cast<std::uint8_t>(shard_);
  send_connected(slot);
  handler_.on_connected(address_of(slot), request);
  if (joined_count(engine) == settings_.namespaces.size()) handshakes_.erase(engine.slot);
}

void Sockets::send_connected(std::uint32_t slot) {
  const Socket& socket = sockets_[slot];
  if (engine_.version(socket.engine) == engineio::Version::v3)
    return send(socket.engine, PacketType::connect, socket.name_space, {}, {});
  const std::string sid = to_text({socket.birth_shard, socket.birth_slot, socket.public_id});
  const std::string pid = to_text({socket.birth_shard, socket.birth_slot, socket.private_id});
  if (settings_.recovery_window > Duration::zero()) {
    const std::string json = R"({"sid":")" + sid + R"(","pid":")" + pid + R"("})";
    const std::string_view whole[] = {json};
    return send(socket.engine, PacketType::connect, socket.name_space, {}, whole);
  }
  const std::string json = R"({"sid":")" + sid + R"("})";
  const std::string_view whole[] = {json};
  send(socket.engine, PacketType::connect, socket.name_space, {}, whole);
}

void Sockets::refuse(EngineRef engine, std::string_view name_space, const ConnectRefusal& refusal) {
  std::string reason;
  if (engine_.version(engine) == engineio::Version::v3) {
    json::append_quoted(reason, refusal.message);
  } else {
    reason += R"({"message":)";
    json::append_quoted(reason, refusal.message);
    if (!refusal.data.empty()) reason += R"(,"data":)" + refusal.data;
    reason += '}';
  }
  if (const std::string_view whole[] = {reason}; is_packed(engine))
    return send_msgpack(engine, PacketType::connect_error, name_space, {}, whole, {});
  std::string head;
  socketio::append_head(head, PacketType::connect_error, name_space);
  const std::string_view pieces[] = {head, reason};
  engine_.send_text(engine, pieces);
}

void Sockets::refuse_or_wait(EngineRef engine, std::uint8_t name_space, json::Slice auth, ConnectRefusal refusal) {
  if (!refusal.awaits_cookie || !engine_.may_upgrade(engine)) return refuse(engine, settings_.namespaces[name_space], refusal);
  awaits_cookie_[engine.slot] = {engine, name_space, std::string(auth.raw), std::move(refusal)};
  cookie_waits_.add(engine, clock_.now());
}

/// It was not brought in time.
void Sockets::refuse_without_cookie(EngineRef engine) {
  const auto waiting = awaits_cookie_.find(engine.slot);
  if (waiting == awaits_cookie_.end() || waiting->second.engine != engine) return;
  const AwaitsCookie request = std::move(waiting->second);
  awaits_cookie_.erase(waiting);
  refuse(engine, settings_.namespaces[request.name_space], request.refusal);
}

/// True when the client asks for its lost socket: the answer comes later, from arrive(). To know a pid is not enough: who asks
/// must bring a credential as good as that of the socket (SPEC C-14).
bool Sockets::try_recovery(EngineRef engine, std::uint8_t name_space, json::Slice auth) {
  if (settings_.recovery_window <= Duration::zero() || auth.kind != json::Kind::object) return false;
  const auto member_text = [&](std::string_view key) {
    const auto member = json::member(auth, key);
    return member ? json::string_value(*member) : std::nullopt;
  };
  const auto pid_text = member_text("pid");
  const auto pid = pid_text ? parse_session_id(*pid_text) : std::nullopt;
  if (!pid || pid->shard >= shared_.on_shards().size()) return false;
  std::uint64_t seen = 0;  // no offset: the client has seen no event yet, and can still be recovered
  if (const auto offset = member_text("offset")) {
    const auto read = std::from_chars(offset->data(), offset->data() + offset->size(), seen);
    if (read.ec != std::errc{} || read.ptr != offset->data() + offset->size()) return false;
  }
  const auto handshake = handshakes_.find(engine.slot);
  if (handshake == handshakes_.end()) return false;
  auto who = handler_.on_returning({settings_.namespaces[name_space], auth, handshake->second});
  if (!who) {
    refuse_or_wait(engine, name_space, auth, who.error());
    return true;
  }
  recovering_[engine.slot] = engine.generation;
  auto recovery = std::make_shared<const Recovery>(Recovery{.engine = engine,
                                                            .asker = shard_,
                                                            .pid = *pid,
                                                            .name_space = name_space,
                                                            .seen = seen,
                                                            .who = *std::move(who),
                                                            .auth = std::string(auth.raw),
                                                            .asked = clock_.now()});
  const ShardIndex first = whereabouts_of(*pid).at.shard;
  shared_.on_shards().post(mailboxes_, first, [recovery = std::move(recovery)](Sockets& there) { there.seek(recovery, 0); });
  return true;
}

Whereabouts Sockets::whereabouts_of(const SessionKey& pid) {
  const Whereabouts created{.at = {.shard = pid.shard, .node = 0, .slot = pid.slot, .generation = 0}};
  return shared_.whereabouts_of(pid.secret).value_or(created);
}

/// On a shard where the lost socket is, or was when somebody looked: an earlier attempt of the same client may have taken it
/// since, for a connection that is lost again. It is followed behind the message that carries it, hence found where it arrives.
/// An attempt that a later one has overtaken gives up: its connection is the older one.
void Sockets::seek(const std::shared_ptr<const Recovery>& recovery, int hops) {
  const Whereabouts where = whereabouts_of(recovery->pid);
  if (where.asked > recovery->asked || hops == kMostHops) return answer(recovery, nullptr);
  ShardIndex next = where.at.shard;
  if (next == shard_) {
    const Socket* const socket = sockets_.tenant(where.at.slot);
    if (socket != nullptr && socket->private_id == recovery->pid.secret)
      return answer(recovery, depart(where.at.slot, *recovery));
    if (!where.going_to) return answer(recovery, nullptr);
    next = *where.going_to;
  }
  shared_.on_shards().post(mailboxes_, next, [recovery, hops](Sockets& there) { there.seek(recovery, hops + 1); });
}

/// To the shard that asked. `departed` is null if the client gets a new socket.
void Sockets::answer(const std::shared_ptr<const Recovery>& recovery, std::shared_ptr<Departed> departed) {
  shared_.on_shards().post(mailboxes_, recovery->asker, [recovery, departed = std::move(departed)](Sockets& asker) {
    asker.recovery_answered(*recovery, departed.get());
  });
}

void Sockets::recovery_answered(const Recovery& recovery, Departed* departed) {
  const EngineRef engine = recovery.engine;
  const auto asked = recovering_.find(engine.slot);
  const bool still_here = asked != recovering_.end() && asked->second == engine.generation && engine_.is_open(engine);
  if (still_here) recovering_.erase(asked);
  if (departed != nullptr) return arrive(still_here ? engine : EngineRef{}, *departed, recovery.seen);
  if (!still_here) return;
  const auto auth = reader_.validate(recovery.auth);
  CHECK(auth.has_value(), "the client's auth was validated with its CONNECT packet");
  connect(engine, recovery.name_space, *auth);
}

/// Takes the lost socket out, if the owner is right and its log reaches back to what the client has seen.
std::shared_ptr<Sockets::Departed> Sockets::depart(std::uint32_t slot, const Recovery& recovery) {
  Socket* const socket = &sockets_[slot];
  if (socket->name_space != recovery.name_space) return nullptr;
  if (!handler_.owns(address_of(slot), recovery.who)) return nullptr;
  if (recovery.seen > 0 && !socket->extras) return nullptr;
  if (socket->extras && !socket->extras->log.reaches_back_to(recovery.seen)) {
    if (socket->life.is_suspended()) remove(slot, DisconnectReason::window_expired);
    return nullptr;
  }
  const auto departed = std::make_shared<Departed>();
  departed->before = address_of(slot);
  departed->public_id = socket->public_id;
  departed->private_id = socket->private_id;
  departed->birth_slot = socket->birth_slot;
  departed->birth_shard = socket->birth_shard;
  departed->name_space = recovery.name_space;
  departed->life = socket->life;
  departed->life.take(SocketLifeStep::taken_along);
  if (socket->extras) departed->log = std::move(socket->extras->log);
  departed->state = handler_.on_detached(departed->before, recovery.asker, recovery.who);
  shared_.set_departed(departed->private_id, {.at = departed->before, .going_to = recovery.asker, .asked = recovery.asked});
  // The client can be back before its old transport is seen to fail (SPEC X-16): close that one.
  const EngineRef stale = socket->engine;
  unlink(slot);
  rooms_.leave_all(slot);
  sockets_.erase(slot);
  if (stale) engine_.close(stale, EngineClose::server_closed);
  return departed;
}

void Sockets::arrive(EngineRef engine, Departed& departed, std::uint64_t seen) {
  const std::uint32_t slot = engine ? place(engine, departed.name_space) : sockets_.insert().slot;
  Socket& socket = sockets_[slot];
  const SessionAddress address = address_of(slot);
  socket.name_space = departed.name_space;
  socket.public_id = departed.public_id;
  socket.private_id = departed.private_id;
  socket.birth_slot = departed.birth_slot;
  socket.birth_shard = departed.birth_shard;
  socket.moved = true;
  socket.life = departed.life;
  socket.life.take(engine ? SocketLifeStep::back : SocketLifeStep::back_too_late);
  shared_.set_arrived(departed.private_id, address);
  if (departed.log.next_offset() > 1) extras_of(socket).log = std::move(departed.log);
  if (engine) {
    ++recovered_;
    send_connected(slot);
    if (socket.extras) {
      socket.extras->log.each_after(seen, [&](std::string_view event) {
        const std::string_view whole[] = {event};
        send(engine, PacketType::event, socket.name_space, {}, whole);
      });
    }
    if (joined_count(engine) == settings_.namespaces.size()) handshakes_.erase(engine.slot);
  }
  handler_.on_recovered(address, departed.before, std::move(departed.state));
  if (!engine) {  // lost again while its state was under way
    suspensions_.add(address, clock_.now());
    handler_.on_suspended(address);
  }
}

std::size_t Sockets::joined_count(EngineRef engine) {
  std::size_t count = 0;
  for (std::uint32_t slot = engine_.app_slot(engine); slot != kNoSlot; slot = sockets_[slot].next) ++count;
  return count;
}

}  // namespace belfry::protocol

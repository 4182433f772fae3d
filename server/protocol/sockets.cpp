#include "protocol/sockets.hpp"

#include <algorithm>
#include <utility>

#include "protocol/sockets_state.hpp"

namespace belfry::protocol {

using socketio::PacketType;

namespace {

// Logs of quiet sockets are given back by a sweep: once a second over a sixty-fourth of the table, so each is looked at about
// once a minute, and no second costs more than another.
constexpr Duration kSweepEvery = std::chrono::seconds(1);
constexpr std::uint32_t kSweepShare = 64;

// Stock clients open their WebSocket right behind the first poll; W-004-17 allows five seconds.
constexpr Duration kCookieWait = std::chrono::seconds(5);

}  // namespace

Sockets::Sockets(ShardIndex shard, Engine& engine, SocketHandler& handler, Mailboxes& mailboxes, const Clock& clock,
                 Random& random, const SocketSettings& settings, SharedSockets& shared)
    : shard_(shard),
      engine_(engine),
      handler_(handler),
      mailboxes_(mailboxes),
      clock_(clock),
      random_(random),
      settings_(settings),
      shared_(shared),
      connect_waits_(settings.connect_timeout),
      cookie_waits_(kCookieWait),
      suspensions_(settings.recovery_window) {}

Sockets::~Sockets() = default;

Sockets::Socket* Sockets::find(SessionAddress address) {
  own_thread_.check();
  return sockets_.find({address.slot, address.generation});
}

SessionAddress Sockets::address_of(std::uint32_t slot) {
  return {.shard = shard_, .node = 0, .slot = slot, .generation = sockets_.ref(slot).generation};
}

Sockets::Extras& Sockets::extras_of(Socket& socket) {
  if (!socket.extras) {
    socket.extras = std::make_unique<Extras>();
    if (next_sweep_ == kNever) next_sweep_ = clock_.now() + kSweepEvery;
  }
  return *socket.extras;
}

/// The Engine.IO session's socket in a namespace, or kNoSlot.
std::uint32_t Sockets::joined(EngineRef engine, std::string_view name_space) {
  std::uint32_t slot = engine_.app_slot(engine);
  while (slot != kNoSlot && settings_.namespaces[sockets_[slot].name_space] != name_space) slot = sockets_[slot].next;
  return slot;
}

/// A new socket at the head of its Engine.IO session's list.
std::uint32_t Sockets::place(EngineRef engine, std::uint8_t name_space) {
  const std::uint32_t slot = sockets_.insert().slot;
  Socket& socket = sockets_[slot];
  socket.engine = engine;
  socket.name_space = name_space;
  socket.next = engine_.app_slot(engine);
  engine_.set_app_slot(engine, slot);
  return slot;
}

void Sockets::unlink(std::uint32_t slot) {
  Socket& socket = sockets_[slot];
  if (!socket.engine) return;
  if (engine_.app_slot(socket.engine) == slot) {
    engine_.set_app_slot(socket.engine, socket.next);
  } else {
    std::uint32_t before = engine_.app_slot(socket.engine);
    while (before != kNoSlot && sockets_[before].next != slot) before = sockets_[before].next;
    if (before != kNoSlot) sockets_[before].next = socket.next;
  }
  socket.engine = {};
  socket.next = kNoSlot;
}

void Sockets::remove(std::uint32_t slot, DisconnectReason reason) {
  const SessionAddress address = address_of(slot);
  unlink(slot);
  rooms_.leave_all(slot);
  Socket& socket = sockets_[slot];
  socket.life.take(reason == DisconnectReason::window_expired ? SocketLifeStep::window_over : SocketLifeStep::ended);
  if (socket.moved) shared_.forget_moved(socket.private_id);
  std::unordered_map<std::uint64_t, AckCallback> unanswered;
  if (socket.extras) unanswered = std::move(socket.extras->awaited_acks);
  sockets_.erase(slot);
  for (const auto& [id, callback] : unanswered) callback(std::nullopt);
  handler_.on_disconnected(address, reason);
}

void Sockets::on_engine_open(EngineRef engine, engineio::Version version, const Handshake& handshake) {
  own_thread_.check();
  handshakes_[engine.slot] = handshake;
  connect_waits_.add(engine, clock_.now());
  // In protocol 4 the client sends no CONNECT for "/": the server joins it unasked.
  if (version == engineio::Version::v3) on_connect(engine, "/", {});
}

/// SPEC W-004-17: a page whose polls go to another origin sends no cookie with them, but with its WebSocket it does. What counts
/// is then where that one comes from.
void Sockets::on_engine_probe(EngineRef engine, const Handshake& upgrade) {
  own_thread_.check();
  const auto handshake = handshakes_.find(engine.slot);
  if (handshake == handshakes_.end() || upgrade.cookie.empty()) return;
  if (!handshake->second.cookie.empty() || !handshake->second.authorization.empty()) return;
  handshake->second.cookie = upgrade.cookie;
  handshake->second.origin = upgrade.origin;
  handshake->second.host = upgrade.host;
  handshake->second.scheme = upgrade.scheme;
  auto waiting = awaits_cookie_.extract(engine.slot);
  if (!waiting || waiting.mapped().engine != engine) return;
  const AwaitsCookie& request = waiting.mapped();
  json::Reader reader;
  const auto auth = reader.validate(request.auth);  // it was valid when it came
  on_connect(engine, settings_.namespaces[request.name_space], request.auth.empty() || !auth ? json::Slice{} : *auth);
}

void Sockets::on_engine_close(EngineRef engine, EngineClose reason) {
  own_thread_.check();
  handshakes_.erase(engine.slot);
  awaits_cookie_.erase(engine.slot);
  assemblies_.erase(engine.slot);
  recovering_.erase(engine.slot);
  if (!packed_.empty()) packed_.erase(engine.slot);
  const bool may_return = settings_.recovery_window > Duration::zero() && engine_.version(engine) == engineio::Version::v4 &&
                          reason != EngineClose::draining;
  for (std::uint32_t slot = engine_.app_slot(engine); slot != kNoSlot;) {
    const std::uint32_t next = sockets_[slot].next;
    if (may_return) {
      const SessionAddress address = address_of(slot);
      unlink(slot);
      sockets_[slot].life.take(SocketLifeStep::lost);
      suspensions_.add(address, clock_.now());
      handler_.on_suspended(address);
    } else {
      remove(slot, DisconnectReason::transport_lost);
    }
    slot = next;
  }
}

void Sockets::disconnect(SessionAddress address, DisconnectScope scope) {
  Socket* socket = find(address);
  if (socket == nullptr) return;
  const EngineRef engine = socket->engine;
  if (engine) send(engine, PacketType::disconnect, socket->name_space, {}, {});
  remove(address.slot, DisconnectReason::server_left);
  if (engine && scope == DisconnectScope::connection) engine_.close(engine, EngineClose::server_closed);
}

bool Sockets::has_room(SessionAddress address) {
  const Socket* socket = find(address);
  return socket != nullptr && socket->engine && engine_.has_room(socket->engine);
}

bool Sockets::is_suspended(SessionAddress address) {
  const Socket* socket = find(address);
  return socket != nullptr && socket->life.is_suspended();
}

void Sockets::join(SessionAddress address, std::string_view room) {
  if (find(address) != nullptr) rooms_.join(room, address.slot);
}
void Sockets::leave(SessionAddress address, std::string_view room) {
  if (find(address) != nullptr) rooms_.leave(room, address.slot);
}

void Sockets::broadcast(std::string_view room, std::string_view event, std::span<const std::string_view> pieces,
                        SessionAddress except) {
  own_thread_.check();
  for (const std::uint32_t slot : rooms_.members(room)) {
    const SessionAddress address = address_of(slot);
    if (address != except) emit(address, event, pieces);
  }
}

TimePoint Sockets::next_deadline() const {
  own_thread_.check();
  const TimePoint acks = ack_waits_.empty() ? kNever : ack_waits_.begin()->first;
  return std::min({connect_waits_.next(), cookie_waits_.next(), suspensions_.next(), acks, next_sweep_});
}

void Sockets::on_time(TimePoint now) {
  own_thread_.check();
  connect_waits_.run(now, [this](EngineRef engine) {
    if (engine_.is_open(engine) && engine_.app_slot(engine) == kNoSlot) engine_.close(engine, EngineClose::server_closed);
  });
  cookie_waits_.run(now, [this](EngineRef engine) { refuse_without_cookie(engine); });
  suspensions_.run(now, [this](SessionAddress address) {
    const Socket* socket = find(address);
    if (socket != nullptr && socket->life.is_suspended()) remove(address.slot, DisconnectReason::window_expired);
  });
  while (!ack_waits_.empty() && ack_waits_.begin()->first <= now) {
    const auto [address, id] = ack_waits_.begin()->second;
    ack_waits_.erase(ack_waits_.begin());
    Socket* socket = find(address);
    if (socket == nullptr || !socket->extras) continue;
    if (auto callback = socket->extras->awaited_acks.extract(id)) callback.mapped()(std::nullopt);
  }
  if (now < next_sweep_) return;
  next_sweep_ = now + kSweepEvery;
  const auto slots = static_cast<std::uint32_t>(sockets_.capacity());
  for (std::uint32_t i = 0; i < slots / kSweepShare + 1 && slots > 0; ++i) {
    Socket* socket = sockets_.tenant(sweep_at_++ % slots);
    if (socket != nullptr && socket->extras) socket->extras->log.forget_if_older(now - settings_.recovery_window);
  }
}

}  // namespace belfry::protocol

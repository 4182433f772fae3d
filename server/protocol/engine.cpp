#include "protocol/engine.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "protocol/engine_session.hpp"

namespace belfry::protocol {

using engineio::PacketType;
using engineio::Version;

Beat& Engine::BeatOf::operator()(std::uint32_t slot) const { return (*sessions)[slot].beat; }

Engine::Engine(ShardIndex shard, Link& link, HttpResponder& responder, Mailboxes& mailboxes, const Clock& clock, Random& random,
               const EngineSettings& settings)
    : shard_(shard),
      link_(link),
      responder_(responder),
      mailboxes_(mailboxes),
      clock_(clock),
      random_(random),
      settings_(settings),
      pings_(settings.ping_interval, settings.ping_timeout, BeatOf{&sessions_}),
      client_pings_(settings.ping_interval + settings.ping_timeout, settings.ping_timeout, BeatOf{&sessions_}),
      probes_(settings.upgrade_timeout) {}

Engine::~Engine() = default;

EngineSession* Engine::find_open(EngineRef engine) {
  own_thread_.check();
  EngineSession* session = sessions_.find({engine.slot, engine.generation});
  return session != nullptr && !session->state.is_closed() ? session : nullptr;
}

EngineSession* Engine::find(EngineRef engine) {
  EngineSession* session = find_open(engine);
  return session != nullptr && !session->overflowed ? session : nullptr;
}

EngineRef Engine::open(EngineApp& app, Version version, Transport transport, const Handshake& handshake) {
  const auto ref = sessions_.insert();
  EngineSession& session = sessions_[ref.slot];
  random_.fill(as_mutable_bytes({reinterpret_cast<char*>(&session.secret), sizeof session.secret}));
  session.app = &app;
  session.version = version;
  session.state = TransportState::begun_on(transport);
  if (transport == Transport::polling) {
    session.polling = std::make_unique<PollSide>();
    const bool base64_only = http::query_value(handshake.query, "b64").has_value();
    session.polling->binary_as = base64_only ? engineio::BinaryAs::base64 : engineio::BinaryAs::octets;
  }
  (version == Version::v4 ? pings_ : client_pings_).add(ref.slot, clock_.now());
  return {ref.slot, ref.generation};
}

void Engine::send_open_packet(EngineRef engine) {
  const EngineSession& session = sessions_[engine.slot];
  const auto ms = [](Duration duration) {
    return static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
  };
  const std::string sid = to_text({shard_, engine.slot, session.secret});
  std::string json;
  engineio::append_handshake(json,
                             {.sid = sid,
                              .offer_websocket = session.state.transport() == Transport::polling,
                              .ping_interval_ms = ms(settings_.ping_interval),
                              .ping_timeout_ms = ms(settings_.ping_timeout),
                              .max_payload = settings_.max_payload},
                             session.version);
  send_packet(engine, PacketType::open, json);
}

void Engine::on_packet(EngineRef engine, const engineio::Packet& packet, MutableBytes data) {
  EngineSession* session = find(engine);
  if (session == nullptr) return;
  switch (packet.type) {
    case PacketType::message:
      session->app->on_engine_message(engine, packet.encoding, data);
      return;
    case PacketType::pong:
      if (session->version == Version::v4) session->awaits_pong = false;
      return;
    case PacketType::ping:
      // v4 "Heartbeat": only the server pings. v3: only the client does, and any ping proves it alive.
      if (session->version == Version::v4) return finish(engine, EngineClose::parse_error, "protocol 4 clients must not ping");
      client_pings_.remove(engine.slot);
      client_pings_.add(engine.slot, clock_.now());
      return send_packet(engine, PacketType::pong, as_text(packet.data));
    case PacketType::close:
      return finish(engine, EngineClose::client_closed, "");
    case PacketType::open:
    case PacketType::upgrade:
    case PacketType::noop:
      return;
  }
}

void Engine::send_packet(EngineRef engine, PacketType type, std::string_view text) {
  EngineSession* session = find(engine);
  if (session == nullptr) return;
  const std::string_view pieces[] = {text};
  if (session->state.transport() == Transport::websocket) {
    write_text(session->websocket, session->compression, type, pieces);
  } else {
    buffer(engine, type, engineio::Encoding::text, pieces);
  }
}

void Engine::send_text(EngineRef engine, std::span<const std::string_view> pieces) {
  EngineSession* session = find(engine);
  if (session == nullptr) return;
  if (session->state.transport() == Transport::websocket) {
    write_text(session->websocket, session->compression, PacketType::message, pieces);
  } else {
    buffer(engine, PacketType::message, engineio::Encoding::text, pieces);
  }
}

void Engine::send_binary(EngineRef engine, Bytes data) {
  EngineSession* session = find(engine);
  if (session == nullptr) return;
  const std::string_view pieces[] = {as_text(data)};
  if (session->state.transport() == Transport::websocket) {
    write_binary(session->websocket, session->version, data);
  } else {
    buffer(engine, PacketType::message, engineio::Encoding::binary, pieces);
  }
}

void Engine::close(EngineRef engine, EngineClose reason) {
  if (find_open(engine) != nullptr) finish(engine, reason, "");
}

void Engine::finish(EngineRef engine, EngineClose reason, std::string_view text) {
  EngineSession& session = sessions_[engine.slot];
  const TransportAction ending = session.state.on(TransportEvent::session_ended);
  (session.version == Version::v4 ? pings_ : client_pings_).remove(engine.slot);
  session.app->on_engine_close(engine, reason);
  end_transport(session, ending, reason, text);
  sessions_.erase(engine.slot);
}

TimePoint Engine::next_deadline() const {
  own_thread_.check();
  return std::min({pings_.next_deadline(), client_pings_.next_deadline(), probes_.next()});
}

void Engine::on_time(TimePoint now) {
  own_thread_.check();
  pings_.run(
      now,
      [this](std::uint32_t slot) {
        if (sessions_[slot].awaits_pong) finish(ref(slot), EngineClose::ping_timeout, "no pong in time");
      },
      [this](std::uint32_t slot) {
        sessions_[slot].awaits_pong = true;
        send_packet(ref(slot), PacketType::ping, "");
      });
  client_pings_.run(
      now, [](std::uint32_t) {}, [this](std::uint32_t slot) { finish(ref(slot), EngineClose::ping_timeout, "no ping in time"); });
  probes_.run(now, [this](const std::pair<EngineRef, ConnectionId>& probe) {
    if (!serves(probe.second, probe.first)) return;
    EngineSession& session = sessions_[probe.first.slot];
    if (session.state.on(TransportEvent::probe_expired) == TransportAction::drop_probe) drop_probe(session);
  });
}

void Engine::close_all(EngineClose reason) {
  own_thread_.check();
  std::vector<EngineRef> all;
  sessions_.for_each([&](auto ref, EngineSession&) { all.push_back({ref.slot, ref.generation}); });
  for (const EngineRef engine : all) close(engine, reason);
}

EngineRef Engine::ref(std::uint32_t slot) { return {slot, sessions_.ref(slot).generation}; }
bool Engine::is_open(EngineRef engine) { return find(engine) != nullptr; }
bool Engine::has_room(EngineRef engine) {
  constexpr std::size_t kMuch = 64 * 1024;  // as of a connection (net::ServerConfig::enough_unsent)
  const EngineSession* session = find(engine);
  if (session == nullptr) return false;
  return session->polling ? session->polling->waiting_bytes <= kMuch : link_.has_room(session->websocket);
}
bool Engine::may_upgrade(EngineRef engine) {
  const EngineSession* session = find(engine);
  return session != nullptr && session->polling && !session->polling->probe;
}
std::size_t Engine::count() const { return sessions_.count(); }

Version Engine::version(EngineRef engine) {
  own_thread_.check();
  const EngineSession* session = sessions_.find({engine.slot, engine.generation});
  return session == nullptr ? Version::v4 : session->version;
}

std::uint32_t Engine::app_slot(EngineRef engine) {
  own_thread_.check();
  const EngineSession* session = sessions_.find({engine.slot, engine.generation});
  return session == nullptr ? kNoSlot : session->app_slot;
}

void Engine::set_app_slot(EngineRef engine, std::uint32_t slot) {
  own_thread_.check();
  if (EngineSession* session = sessions_.find({engine.slot, engine.generation})) session->app_slot = slot;
}

}  // namespace belfry::protocol

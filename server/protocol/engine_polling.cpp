// The long-polling transport of Engine.IO sessions (engine.io-protocol v4 "HTTP long-polling").
#include <utility>

#include "base/check.hpp"
#include "protocol/engine.hpp"
#include "protocol/engine_session.hpp"

namespace belfry::protocol {

using engineio::Encoding;
using engineio::PacketType;
using engineio::Version;

std::optional<Version> Engine::requested_version(std::string_view query) {
  const auto eio = http::query_value(query, "EIO");
  if (eio == "4") return Version::v4;
  if (eio == "3") return Version::v3;
  return std::nullopt;
}

EngineRef Engine::by_sid(std::string_view sid) {
  const auto key = parse_session_id(sid);
  if (!key || key->shard != shard_) return {};
  const EngineSession* session = sessions_.tenant(key->slot);
  if (session == nullptr || session->state.is_closed() || session->secret != key->secret) return {};
  return ref(key->slot);
}

Expected<void, EngineRefusal> Engine::check(const http::Request& request, std::optional<Transport> transport,
                                            std::string_view sid) {
  own_thread_.check();
  if (!transport) return unexpected(refusal::kUnknownTransport);
  if (!requested_version(request.query)) return unexpected(refusal::kUnsupportedVersion);
  if (sid.empty()) {
    if (request.method != http::Method::get) return unexpected(refusal::kBadHandshakeMethod);
    return {};
  }
  EngineSession* session = find(by_sid(sid));
  if (session == nullptr) return unexpected(refusal::kUnknownSid);
  // A WebSocket that the session cannot use is let in, and refused by a close frame: the official suite wants no HTTP error
  // there.
  if (*transport == Transport::websocket) return {};
  if (session->state.on(TransportEvent::polling_request) == TransportAction::refuse_request)
    return unexpected(refusal::kBadRequest);
  return {};
}

EngineRef Engine::on_request(ConnectionId connection, EngineApp& app, const http::Request& request, Bytes body,
                             std::string_view sid, const Handshake& handshake) {
  own_thread_.check();
  if (sid.empty()) {
    const auto version = requested_version(request.query);
    CHECK(version.has_value(), "check() lets no other version through");
    const EngineRef engine = open(app, *version, Transport::polling, handshake);
    send_open_packet(engine);
    app.on_engine_open(engine, *version, handshake);
    if (find_open(engine) != nullptr) poll(connection, engine);
    return {};
  }
  const EngineRef engine = by_sid(sid);
  switch (request.method) {
    case http::Method::get:
      poll(connection, engine);
      return engine;
    case http::Method::post:
      post(connection, engine, request, body);
      return {};
    case http::Method::head:
    case http::Method::put:
    case http::Method::del:
    case http::Method::patch:
    case http::Method::options:
    case http::Method::other:
      responder_.refuse(connection, refusal::kBadRequest);
      return {};
  }
  CHECK(false, "a method without an answer");
}

void Engine::poll(ConnectionId connection, EngineRef engine) {
  EngineSession& session = sessions_[engine.slot];
  if (session.polling->poll) {
    // Two polls at once: one of them would swallow packets which the client believes the other has. The protocol has no way
    // out but the end.
    responder_.refuse(connection, refusal::kOverlappingPolls);
    return finish(engine, EngineClose::parse_error, "overlapping polls");
  }
  session.polling->poll = connection;
  if (!session.polling->waiting.empty()) return answer_poll(session);
  if (session.state.on(TransportEvent::poll_unanswered) == TransportAction::release_poll)
    send_packet(engine, PacketType::noop, "");
}

void Engine::post(ConnectionId connection, EngineRef engine, const http::Request& request, Bytes body) {
  const Version version = sessions_[engine.slot].version;
  const bool octets = version == Version::v3 && request.header("content-type").value_or("") == "application/octet-stream";
  // Apps parse messages in place, and a request body belongs to the connection's buffer: work on a copy.
  std::string copy(as_text(body));
  const auto packets =
      engineio::decode_payload(as_bytes(copy), version, octets ? engineio::Framing::octets : engineio::Framing::text, decoded_);
  if (!packets) {
    responder_.refuse(connection, {EngineError::bad_request, engineio::explain(packets.error())});
    return finish(engine, EngineClose::parse_error, engineio::explain(packets.error()));
  }
  for (const engineio::Packet& packet : *packets) {
    const MutableBytes data{const_cast<std::byte*>(packet.data.data()),
                            packet.data.size()};  // views `copy` or `decoded_`, both ours
    on_packet(engine, packet, data);
  }
  responder_.respond(connection, 200, "text/html", "ok");
}

void Engine::buffer(EngineRef engine, PacketType type, Encoding encoding, std::span<const std::string_view> pieces) {
  EngineSession& session = sessions_[engine.slot];
  PollSide& polling = *session.polling;
  PollSide::Waiting packet{type, encoding, {}};
  for (const std::string_view piece : pieces) packet.data.append(piece);
  polling.waiting_bytes += packet.data.size() + sizeof(PollSide::Waiting);
  polling.waiting.push_back(std::move(packet));
  // Not closed here, because the caller still uses the session and its socket after this call.
  session.overflowed = polling.waiting_bytes > settings_.max_buffered;
  if (polling.answer_due || !(polling.poll || session.overflowed)) return;
  // Packets of one batch leave in one answer (ARCHITECTURE 3.3): a task to ourselves runs when this event is done with.
  polling.answer_due = true;
  // `this`: a shard runs no task any more when its stack is taken down (base/mailbox.hpp).
  if (due_polls_.empty()) mailboxes_.post(shard_, [this] { settle_due_polls(); });
  due_polls_.push_back(engine);
}

void Engine::settle_due_polls() {
  const std::vector<EngineRef> due = std::exchange(due_polls_, {});
  for (const EngineRef engine : due) {
    EngineSession* session = find_open(engine);
    if (session == nullptr) continue;
    if (session->overflowed) {
      finish(engine, EngineClose::server_closed, "the client stopped polling");
      continue;
    }
    if (!session->polling) continue;
    session->polling->answer_due = false;
    if (session->polling->poll && !session->polling->waiting.empty()) answer_poll(*session);
  }
}

void Engine::answer_poll(EngineSession& session) {
  PollSide& polling = *session.polling;
  engineio::PayloadWriter writer(session.version, polling.binary_as);
  for (const PollSide::Waiting& packet : polling.waiting) writer.append({packet.type, packet.encoding, as_bytes(packet.data)});
  polling.waiting.clear();
  polling.waiting_bytes = 0;
  const bool octets = writer.framing() == engineio::Framing::octets;
  const std::string body = writer.take();
  responder_.respond(std::exchange(polling.poll, {}), 200, octets ? "application/octet-stream" : "text/plain; charset=UTF-8",
                     body);
}

void Engine::on_connection_closed(ConnectionId connection, EngineRef engine) {
  own_thread_.check();
  EngineSession* session = find_open(engine);
  if (session == nullptr) return;
  if (serves(connection, engine)) return lose_websocket(engine, EngineClose::transport_closed, "");
  if (session->polling && session->polling->poll == connection) {
    // A cancelled poll may have lost packets on the way, and we cannot know which.
    session->polling->poll = {};
    finish(engine, EngineClose::transport_closed, "");
  }
}

}  // namespace belfry::protocol

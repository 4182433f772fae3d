// The WebSocket transport of Engine.IO sessions, and the actions of the way from polling to it (transport_state.hpp decides
// them).
#include <utility>

#include "base/check.hpp"
#include "protocol/engine.hpp"
#include "protocol/engine_session.hpp"
#include "wire/websocket/deflate.hpp"

namespace belfry::protocol {

using engineio::Packet;
using engineio::PacketType;
using engineio::Version;
using websocket::CloseCode;
using websocket::Incoming;

namespace {

CloseCode close_code_for(EngineClose reason) {
  switch (reason) {
    case EngineClose::parse_error:
      return CloseCode::protocol_error;
    case EngineClose::draining:
      return CloseCode::going_away;
    case EngineClose::transport_closed:
    case EngineClose::ping_timeout:
    case EngineClose::client_closed:
    case EngineClose::server_closed:
      return CloseCode::normal;
  }
  CHECK(false, "an end without a close code");
}

TransportEvent event_of(const Packet& packet) {
  if (packet.type == PacketType::ping && as_text(packet.data) == "probe") return TransportEvent::probe_packet;
  return packet.type == PacketType::upgrade ? TransportEvent::upgrade_packet : TransportEvent::other_packet;
}

}  // namespace

EngineRef Engine::on_websocket(ConnectionId connection, EngineApp& app, Version version, std::string_view sid,
                               Compression compression, const Handshake& handshake) {
  own_thread_.check();
  if (sid.empty()) {
    const EngineRef engine = open(app, version, Transport::websocket, handshake);
    EngineSession& session = sessions_[engine.slot];
    session.websocket = connection;
    session.compression = compression;
    send_open_packet(engine);
    app.on_engine_open(engine, version, handshake);
    return engine;
  }
  const EngineRef engine = by_sid(sid);
  EngineSession& session = sessions_[engine.slot];
  if (session.state.on(TransportEvent::websocket_opened) == TransportAction::refuse_websocket) {
    websocket::append_close(link_.output(connection), CloseCode::policy_violation, "the session has, or gets, another WebSocket");
    link_.close(connection, Ending::after_flush);
    return {};
  }
  session.polling->probe = connection;
  session.compression = compression;
  probes_.add({engine, connection}, clock_.now());
  app.on_engine_probe(engine, handshake);
  return engine;
}

std::size_t Engine::on_frames(ConnectionId connection, EngineRef engine, MutableBytes input,
                              std::unique_ptr<websocket::Fragments>& fragments) {
  own_thread_.check();
  std::size_t used = 0;
  while (serves(connection, engine)) {
    const EngineSession& session = sessions_[engine.slot];
    const websocket::ReadOptions options{.role = websocket::Role::server,
                                         .max_message = settings_.max_payload,
                                         .deflate = session.compression == Compression::deflate};
    const auto incoming = websocket::read(input.subspan(used), fragments, scratch_, options);
    if (!incoming) {
      fail_websocket(connection, engine, websocket::close_code(incoming.error()), websocket::explain(incoming.error()));
      break;
    }
    used += incoming->consumed;
    if (incoming->kind == Incoming::Kind::need_more) break;
    on_frame(connection, engine, *incoming);
    if (used < input.size() && serves(connection, engine) && link_.turn_is_over(connection)) break;
  }
  return used;
}

/// Is this connection still the session's WebSocket or its probe? What comes from any other is no event of the session.
bool Engine::serves(ConnectionId connection, EngineRef engine) {
  const EngineSession* session = find_open(engine);
  return session != nullptr && (session->polling ? session->polling->probe == connection : session->websocket == connection);
}

void Engine::on_frame(ConnectionId connection, EngineRef engine, const Incoming& frame) {
  switch (frame.kind) {
    case Incoming::Kind::need_more:
    case Incoming::Kind::pong:
      return;
    case Incoming::Kind::ping: {
      std::string& out = link_.output(connection);
      websocket::append_header(out, websocket::Opcode::pong, frame.payload.size());
      out.append(as_text(frame.payload));
      return;
    }
    case Incoming::Kind::close:
      // RFC 6455 5.5.1: a close frame is answered with one; which code came matters only to the peer.
      return fail_websocket(connection, engine, frame.close == CloseCode::no_status ? CloseCode::normal : frame.close, "",
                            EngineClose::transport_closed);
    case Incoming::Kind::text:
    case Incoming::Kind::binary:
      break;
  }
  const EngineSession& session = sessions_[engine.slot];
  const auto packet = frame.kind == Incoming::Kind::text ? engineio::decode_text(frame.payload)
                                                         : engineio::decode_binary(frame.payload, session.version);
  if (!packet) return fail_websocket(connection, engine, CloseCode::protocol_error, engineio::explain(packet.error()));
  if (session.polling) return on_probe_packet(connection, engine, *packet);
  // decode_* only strips a prefix, so the packet's data is the tail of the (mutable) frame payload.
  on_packet(engine, *packet, frame.payload.last(packet->data.size()));
}

void Engine::on_probe_packet(ConnectionId connection, EngineRef engine, const Packet& packet) {
  EngineSession& session = sessions_[engine.slot];
  const TransportAction action = session.state.on(event_of(packet));
  if (action == TransportAction::answer_probe) return answer_probe(connection, engine);
  if (action == TransportAction::complete_upgrade) return complete_upgrade(connection, engine);
  drop_probe(session);
}

void Engine::answer_probe(ConnectionId connection, EngineRef engine) {
  const std::string_view probe[] = {"probe"};
  write_text(connection, Compression::none, PacketType::pong, probe);
  if (sessions_[engine.slot].polling->poll) send_packet(engine, PacketType::noop, "");
}

void Engine::complete_upgrade(ConnectionId connection, EngineRef engine) {
  EngineSession& session = sessions_[engine.slot];
  std::vector<PollSide::Waiting> waiting;
  if (session.polling->poll) {  // a client that did not pause its polling: let the poll end empty, what waits goes by WebSocket
    waiting = std::exchange(session.polling->waiting, {});
    session.polling->waiting.push_back({PacketType::noop, engineio::Encoding::text, ""});
    answer_poll(session);
  } else {
    waiting = std::move(session.polling->waiting);
  }
  session.polling.reset();
  session.websocket = connection;
  for (const PollSide::Waiting& packet : waiting) {
    const std::string_view pieces[] = {packet.data};
    if (packet.encoding == engineio::Encoding::binary) {
      write_binary(connection, session.version, as_bytes(packet.data));
    } else {
      write_text(connection, session.compression, packet.type, pieces);
    }
  }
}

void Engine::drop_probe(EngineSession& session) {
  const ConnectionId probe = std::exchange(session.polling->probe, {});
  websocket::append_close(link_.output(probe), CloseCode::policy_violation, "this WebSocket did not complete its upgrade");
  link_.close(probe, Ending::after_flush);
}

void Engine::fail_websocket(ConnectionId connection, EngineRef engine, CloseCode code, std::string_view reason, EngineClose why) {
  websocket::append_close(link_.output(connection), code, reason);
  link_.close(connection, Ending::after_flush);
  lose_websocket(engine, why, reason);
}

/// Its connection is closed, or closing: the session's WebSocket, or only its probe.
void Engine::lose_websocket(EngineRef engine, EngineClose reason, std::string_view text) {
  EngineSession& session = sessions_[engine.slot];
  if (session.state.on(TransportEvent::websocket_lost) == TransportAction::forget_probe) {
    session.polling->probe = {};
    return;
  }
  session.websocket = {};
  finish(engine, reason, text);
}

void Engine::end_transport(EngineSession& session, TransportAction ending, EngineClose reason, std::string_view text) {
  if (ending == TransportAction::close_websocket) {
    if (!session.websocket) return;  // lost
    websocket::append_close(link_.output(session.websocket), close_code_for(reason), text);
    return link_.close(session.websocket, Ending::after_flush);
  }
  if (ending == TransportAction::end_polling_and_probe) drop_probe(session);
  if (session.polling->poll) {
    // The official suite wants "6" where the client itself closed, "1" where we did.
    const PacketType last = reason == EngineClose::client_closed ? PacketType::noop : PacketType::close;
    session.polling->waiting.push_back({last, engineio::Encoding::text, ""});
    answer_poll(session);
  }
}

void Engine::write_text(ConnectionId connection, Compression compression, PacketType type,
                        std::span<const std::string_view> pieces) {
  std::size_t size = 1;
  for (const std::string_view piece : pieces) size += piece.size();
  const char digit = static_cast<char>('0' + static_cast<int>(type));
  std::string& out = link_.output(connection);
  if (compression == Compression::deflate && size >= settings_.deflate_from) {
    std::string whole(1, digit);
    for (const std::string_view piece : pieces) whole.append(piece);
    std::string compressed;
    websocket::deflate_message(as_bytes(whole), compressed);
    websocket::append_compressed_header(out, websocket::Opcode::text, compressed.size());
    out.append(compressed);
    return;
  }
  websocket::append_header(out, websocket::Opcode::text, size);
  out.push_back(digit);
  for (const std::string_view piece : pieces) out.append(piece);
}

void Engine::write_binary(ConnectionId connection, Version version, Bytes data) {
  std::string& out = link_.output(connection);
  const std::size_t prefix = version == Version::v3 ? 1 : 0;
  websocket::append_header(out, websocket::Opcode::binary, data.size() + prefix);
  engineio::append_binary_prefix(out, version);
  out.append(as_text(data));
}

}  // namespace belfry::protocol

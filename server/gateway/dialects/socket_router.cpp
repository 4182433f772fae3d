#include "gateway/dialects/socket_router.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"
#include "base/must_have.hpp"
#include "base/new_uuid.hpp"
#include "gateway/dialects/packed_context.hpp"
#include "gateway/identity/credential.hpp"
#include "gateway/identity/handshake.hpp"
#include "gateway/json/device_id.hpp"
#include "wire/http/request.hpp"

namespace belfry::gateway {
namespace {

/// Sockets get only codes of status 401, so an inactive user gets UNAUTHENTICATED.
ApiError error_of(accounts::CredentialFault fault) {
  const ApiError error = failure_of(fault).error;
  return wire_error(error).status == 401 ? error : ApiError::unauthenticated;
}

/// Empty if neither the CONNECT payload nor the query names a dialect.
std::string requested_dialect(const protocol::ConnectRequest& request) {
  if (auto requested = auth_text(request, "dialect")) return requested->empty() ? "?" : std::move(*requested);
  return http::query_value(request.handshake.query, "dialect").value_or("");
}

sessions::Departure departure_of(protocol::DisconnectReason reason) {
  switch (reason) {
    case protocol::DisconnectReason::client_left:
      return sessions::Departure::left;
    case protocol::DisconnectReason::server_left:
      return sessions::Departure::replaced;
    case protocol::DisconnectReason::transport_lost:
    case protocol::DisconnectReason::window_expired:
      break;
  }
  return sessions::Departure::lost;
}

std::string device_of(const protocol::ConnectRequest& request) {
  std::string device = auth_text(request, "deviceId").value_or("");
  if (device.size() <= kMaxDeviceId) return device;
  std::size_t end = kMaxDeviceId;
  while (end > 0 && (static_cast<unsigned char>(device[end]) & 0xC0U) == 0x80U) --end;  // do not cut within a character
  device.resize(end);
  return device;
}

}  // namespace

// --- connecting ---

Expected<void, protocol::ConnectRefusal> SocketRouter::on_connecting(const protocol::ConnectRequest& request) {
  own_thread_.check();
  admitted_ = {};
  if (auto known = identify(request); !known) {
    ++counts_.refused_connects;
    return known;
  }
  const std::string requested = requested_dialect(request);
  if (requested.empty()) {
    if (!admitted_.identity) return {};
    admitted_.web = !http::query_value(request.handshake.query, "userId");
    admitted_.choice = admitted_.web ? dialects_.by_default() : dialects_.for_named_user();
    return {};
  }
  const auto named = dialects_.named(requested);
  if (!named) return unexpected(Refusal{.message = "Unsupported dialect", .data = dialects_.supported()});
  admitted_.choice = *named;
  return {};
}

Expected<void, protocol::ConnectRefusal> SocketRouter::identify(const protocol::ConnectRequest& request) {
  const protocol::Handshake& said = request.handshake;
  const auto token = auth_text(request, "token");
  const Credential credential = presented_credential({token, said.authorization, said.cookie});
  if (credential.carrier == Carrier::none) {
    const bool open = settings_.admission == Admission::open;
    if (open && !speaks_for_named_user(request)) return {};
    Refusal refusal = unauthenticated(ApiError::unauthenticated);
    refusal.awaits_cookie = http::query_value(said.query, "userId").has_value();  // K13
    return unexpected(std::move(refusal));
  }
  if (credential.carrier == Carrier::cookie && !may_use_cookie(source_of(said), settings_.origins))
    return unexpected(unauthenticated(ApiError::origin_not_allowed));
  auto identity = ports_.verifier.verify(credential.token, ports_.clock.wall());
  if (!identity) return unexpected(unauthenticated(error_of(identity.error())));
  if (!claims_match(request, *identity)) return unexpected(unauthenticated(ApiError::unauthenticated));
  admitted_.identity = std::make_unique<accounts::Identity>(std::move(*identity));
  return {};
}

/// A client of seed 004. It needs a credential in open mode too: it names an account.
bool SocketRouter::speaks_for_named_user(const protocol::ConnectRequest& request) const {
  const std::string requested = requested_dialect(request);
  if (!requested.empty()) return requested == settings_.named_user_dialect;
  return dialects_.named(settings_.named_user_dialect) && http::query_value(request.handshake.query, "userId");
}

/// R-003-46 fixes the message; `data` tells the client whether to get a new token.
protocol::ConnectRefusal SocketRouter::unauthenticated(ApiError why) {
  ports_.log.info("socket refused", {{"code", wire_error(why).code}});
  return {.message = "Authentication error", .data = code_json(why)};
}

Expected<std::string, protocol::ConnectRefusal> SocketRouter::on_returning(const protocol::ConnectRequest& request) {
  own_thread_.check();
  admitted_ = {};
  if (auto known = identify(request); !known) {
    ++counts_.refused_connects;
    return unexpected(std::move(known.error()));
  }
  const auto identity = std::move(admitted_.identity);
  return identity ? pack(*identity) : std::string{};
}

bool SocketRouter::owns(SessionAddress socket, std::string_view who) {
  const Entry* entry = find(socket);
  if (entry == nullptr) return false;
  const auto identity = unpack_identity(who);
  if (!identity || !entry->context.identity) return !identity && !entry->context.identity;
  return identity->user == entry->context.identity->user && identity->login == entry->context.identity->login;
}

void SocketRouter::on_connected(SessionAddress socket, const protocol::ConnectRequest& request) {
  Admitted admitted = std::exchange(admitted_, {});
  Entry& entry = place(socket);
  entry.context.session = store::SessionId(new_uuid(ports_.clock, ports_.random));
  entry.context.identity = std::move(admitted.identity);
  entry.context.device = RareText(device_of(request));
  set_choice(entry, admitted.choice);
  if (Dialect* dialect = dialect_of(entry)) dialect->on_hello(entry.context, {request.auth, admitted.web, admitted.choice.fixed});
}

// --- their events ---------------------------------------------------------------------------------------------------

void SocketRouter::on_event(SessionAddress socket, const protocol::IncomingEvent& event) {
  ++counts_.events;
  if (Entry* entry = choose_dialect(socket, event.name)) pass_on(*entry, event);
}

void SocketRouter::pass_on(Entry& entry, const protocol::IncomingEvent& event) {
  if (entry.state.start_must_wait() && dialects_.starts_call(entry.choice, event.name)) entry.state.receive_start();
  if (entry.state.queues_events()) return enqueue(entry, event);
  dialect_of(entry)->on_event(entry.context, event);
}

void SocketRouter::on_unreadable_event(SessionAddress socket, const protocol::UnreadableEvent& event) {
  ++counts_.events;
  if (Entry* entry = choose_dialect(socket, event.name)) dialect_of(*entry)->on_unreadable_event(entry->context, event);
}

/// An event may choose the socket's dialect, or change it. The new dialect may close the socket at once: if the store answers
/// within the call, as `memory:` does, that it does not know the user.
SocketRouter::Entry* SocketRouter::choose_dialect(SessionAddress socket, std::string_view event) {
  Entry* entry = find(socket);
  if (entry == nullptr) return nullptr;
  const DialectChoice chosen = dialects_.after(entry->choice, event);
  if (chosen == entry->choice) return entry;
  const bool changes = chosen.index != entry->choice.index;
  // `replaced`: a call that waits for this user keeps waiting for the name which is about to be registered here.
  if (Dialect* left = changes ? dialect_of(*entry) : nullptr) {
    drop_queue(*entry);
    left->on_gone(entry->context, sessions::Departure::replaced);
  }
  set_choice(*entry, chosen);
  if (!changes) return entry;
  dialect_of(*entry)->on_socket(entry->context);
  return find(socket);
}

void SocketRouter::set_choice(Entry& entry, DialectChoice choice) {
  entry.choice = choice;
  if (choice.index != DialectChoice::kNone) entry.state.choose_dialect();
}

void SocketRouter::notify(SessionAddress to, const Notice& notice) {
  Entry* entry = find(to);
  Dialect* dialect = entry == nullptr ? nullptr : dialect_of(*entry);
  if (dialect != nullptr) dialect->notify(entry->context, notice);
}

void SocketRouter::pass_signal(SessionAddress to, const calls::SignalArrived& signal) {
  Entry* entry = find(to);
  Dialect* dialect = entry == nullptr ? nullptr : dialect_of(*entry);
  if (dialect != nullptr) dialect->pass_signal(entry->context, signal);
}

// --- events that wait -----------------------------------------------------------------------------------------------

void SocketRouter::hold(SessionAddress socket) {
  if (Entry* entry = find(socket)) entry->state.hold();
}

void SocketRouter::enqueue(Entry& entry, const protocol::IncomingEvent& event) {
  const bool binary = !event.attachments.empty();
  if (!binary && queues_[entry.context.at.slot].enqueue(event)) return;
  dialect_of(entry)->on_not_queued(entry.context, event, binary ? NotQueued::binary : NotQueued::too_many);
}

void SocketRouter::release(SessionAddress socket) {
  Entry* entry = find(socket);
  if (entry != nullptr && entry->state.release() == Queue::due) replay_queue(socket);
}

void SocketRouter::hang_up_begins(SessionAddress socket) {
  if (Entry* entry = find(socket)) entry->state.begin_hang_up();
}

void SocketRouter::hang_up_decided(SessionAddress socket) {
  Entry* entry = find(socket);
  if (entry != nullptr && entry->state.decide_hang_up() == Queue::due) replay_queue(socket);
}

void SocketRouter::replay_queue(SessionAddress socket) {
  const auto queue = queues_.find(socket.slot);
  if (queue == queues_.end()) return;
  const std::vector<QueuedEvent> events = queue->second.take();
  queues_.erase(queue);
  for (const QueuedEvent& event : events) {
    Entry* entry = find(socket);  // the previous event may have closed the socket
    if (entry == nullptr) return;
    const std::vector<json::Slice> arguments = event.slices();
    pass_on(*entry, {.name = event.name, .arguments = arguments, .ack_id = event.ack_id, .attachments = {}});
  }
}

void SocketRouter::drop_queue(Entry& entry) {
  if (entry.state.queues_events()) queues_.erase(entry.context.at.slot);
  entry.state.drop_queue();
}

// --- suspension, moves, recovery, the end ---

void SocketRouter::on_suspended(SessionAddress socket) {
  Entry* entry = find(socket);
  Dialect* dialect = entry == nullptr ? nullptr : dialect_of(*entry);
  if (dialect != nullptr) dialect->on_suspended(entry->context);
}

std::string SocketRouter::on_detached(SessionAddress socket, ShardIndex to, std::string_view who) {
  Entry* entry = find(socket);
  CHECK(entry != nullptr, "a socket that moves was connected, and has not been disconnected");
  PackedContext packed;
  if (Dialect* dialect = dialect_of(*entry)) packed.dialect = dialect->on_detached(entry->context, to);
  packed.choice = entry->choice;
  drop_queue(*entry);
  packed.context = std::exchange(entry->context, {});
  if (auto fresh = unpack_identity(who)) packed.context.identity = std::move(fresh);  // it may expire later than the old one
  return pack(packed);
}

void SocketRouter::on_recovered(SessionAddress socket, SessionAddress before, std::string state) {
  Entry& entry = place(socket);
  PackedContext packed = must_have(unpack(state), "a state is what on_detached() made of a socket");
  entry.context = std::move(packed.context);
  entry.context.at = socket;
  set_choice(entry, packed.choice);
  if (Dialect* dialect = dialect_of(entry)) dialect->on_recovered(entry.context, before, std::move(packed.dialect));
}

void SocketRouter::on_disconnected(SessionAddress socket, protocol::DisconnectReason reason) {
  Entry* entry = find(socket);
  if (entry == nullptr) return;
  drop_queue(*entry);
  if (Dialect* dialect = dialect_of(*entry)) dialect->on_gone(entry->context, departure_of(reason));
  *entry = {};
}

// --- contexts ---

SocketRouter::Entry* SocketRouter::find(SessionAddress socket) {
  own_thread_.check();
  if (!socket || socket.slot >= entries_.size() || entries_[socket.slot].context.at != socket) return nullptr;
  return &entries_[socket.slot];
}

SocketRouter::Entry& SocketRouter::place(SessionAddress socket) {
  own_thread_.check();
  if (socket.slot >= entries_.size()) entries_.resize(socket.slot + 1);
  Entry& entry = entries_[socket.slot];
  drop_queue(entry);
  entry = {};
  entry.context.at = socket;
  return entry;
}

}  // namespace belfry::gateway

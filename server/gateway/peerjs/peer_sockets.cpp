#include "gateway/peerjs/peer_sockets.hpp"

#include <utility>

#include "base/uuid.hpp"
#include "gateway/identity/credential.hpp"
#include "gateway/identity/handshake.hpp"
#include "wire/http/request.hpp"
#include "wire/peerjs/message.hpp"

namespace belfry::gateway {
namespace {

// What the stock client sends before OPEN is a heartbeat, or the offers of calls made at once, with their candidates.
constexpr std::size_t kMaxEarlyTexts = 200;
constexpr std::size_t kMaxEarlyBytes = 64 * 1024;
// Stock clients make up ten characters. It is kept as long as its socket.
constexpr std::size_t kMaxToken = 256;

constexpr std::string_view kInvalidId = "Invalid id: use 1 to 128 bytes of UTF-8";
constexpr std::string_view kInvalidToken = "Invalid token provided";  // npm `peer`, Errors.INVALID_TOKEN
constexpr std::string_view kForeignPage = "This page's origin may not use your session; see CORS_ORIGINS";
constexpr std::string_view kInvalidSession = "Your session is not valid any more: log in again";
constexpr std::string_view kNotTheirs = "Your token does not speak for this user";
constexpr std::string_view kNotYourId = "With a session the id must be your user id, or begin with it and a hyphen";
constexpr std::string_view kIdOfAnAccount = "This id belongs to an account: log in to use it";
constexpr std::string_view kStoreUnavailable = "The id cannot be checked at the moment: try again";
constexpr std::string_view kTooManyMessages = "Too many messages";

peers::PeerSocket peer_socket(protocol::ConnectionId socket) { return {socket.slot, socket.generation}; }
protocol::ConnectionId connection(peers::PeerSocket socket) { return {socket.slot, socket.generation}; }

/// In the spelling of our own ids: another one would be another peer, whom nobody calls.
bool is_id_of(std::string_view id, const account::UserId& user) {
  return peers::possible_owner(id) == user && id.starts_with(to_text(user.value()));
}

}  // namespace

ShardIndex PeerSockets::shard_of(const http::Request& request) {
  return ports_.shared.home_of(http::query_value(request.query, "id").value_or(""));
}

void PeerSockets::on_websocket_open(protocol::ConnectionId socket, const protocol::Handshake& handshake) {
  own_thread_.check();
  auto registration = registration_of(handshake);
  if (!registration) return refuse(socket, registration.error());
  const auto identity = identity_of(handshake, registration->id);
  if (!identity) return refuse(socket, identity.error());
  if (const auto& known = *identity) return open_for(socket, *std::move(registration), *known);
  const auto owner = peers::possible_owner(registration->id);
  if (owner && settings_.account_ids == AccountIds::open && is_id_of(registration->id, *owner)) registration->user = owner;
  if (!owner || settings_.account_ids == AccountIds::open) return admit(socket, *std::move(registration));
  look_up(socket, *std::move(registration), *owner);
}

Expected<peers::Registration, std::string_view> PeerSockets::registration_of(const protocol::Handshake& handshake) const {
  const auto asked = [&](std::string_view name) { return http::query_value(handshake.query, name).value_or(""); };
  peers::Registration registration{.id = asked("id"), .token = asked("token")};
  const std::string key = asked("key");
  if (registration.id.empty() || registration.token.empty() || key.empty()) return unexpected(peerjs::kParametersMissing);
  if (key != settings_.key) return unexpected(peerjs::kInvalidKey);
  if (!peerjs::is_valid_id(registration.id)) return unexpected(kInvalidId);
  if (registration.token.size() > kMaxToken) return unexpected(kInvalidToken);
  return registration;
}

Expected<std::optional<PeerSockets::Known>, std::string_view> PeerSockets::identity_of(const protocol::Handshake& handshake,
                                                                                       std::string_view id) const {
  const Credential credential = presented_credential({std::nullopt, handshake.authorization, handshake.cookie});
  if (credential.carrier == Carrier::none) return std::optional<Known>{};
  if (credential.carrier == Carrier::cookie && !may_use_cookie(source_of(handshake), settings_.origins))
    return unexpected(kForeignPage);
  auto identity = ports_.verifier.verify(credential.token, ports_.clock.wall());
  if (!identity) return unexpected(kInvalidSession);
  if (!is_id_of(id, identity->user)) return unexpected(kNotYourId);
  return std::optional(Known{*std::move(identity), std::string(credential.token)});
}

/// The subject of another issuer's token may be the id of an account here, for which it does not speak.
void PeerSockets::open_for(protocol::ConnectionId socket, peers::Registration registration, const Known& known) {
  const accounts::Identity& who = known.who;
  registration.proof = peers::Proof{who.user, who.login};
  registration.user = who.user;
  if (!who.external || !ports_.ensure_known) return admit(socket, std::move(registration));
  waiting_[socket] = {.registration = std::move(registration), .credential = known.credential};
  ports_.ensure_known(who, [this, socket](const accounts::KnownUser& user) {
    if (user) return on_checked(socket, {});
    const bool not_theirs = user.error() == accounts::ExternalUserFault::not_theirs;
    on_checked(socket, unexpected(not_theirs ? kNotTheirs : kStoreUnavailable));
  });
}

void PeerSockets::look_up(protocol::ConnectionId socket, peers::Registration registration, account::UserId owner) {
  waiting_[socket] = {.registration = std::move(registration)};
  ports_.find_account(owner, [this, socket](const Found& found) {
    if (!found) return on_checked(socket, unexpected(kStoreUnavailable));
    if (*found) return on_checked(socket, unexpected(kIdOfAnAccount));
    on_checked(socket, {});
  });
}

void PeerSockets::on_checked(protocol::ConnectionId socket, const Expected<void, std::string_view>& result) {
  own_thread_.check();
  const auto entry = waiting_.find(socket);
  if (entry == waiting_.end()) return;  // closed meanwhile
  Waiting waiting = std::move(entry->second);
  waiting_.erase(entry);
  if (!result) return refuse(socket, result.error());
  // What ends a login, or a user, while the store is asked finds no peer to end.
  if (!waiting.credential.empty() && !ports_.verifier.verify(waiting.credential, ports_.clock.wall()))
    return refuse(socket, kInvalidSession);
  admit(socket, std::move(waiting.registration));
  for (const std::string& text : waiting.texts) receive(socket, text);
}

void PeerSockets::admit(protocol::ConnectionId socket, peers::Registration registration) {
  const bool of_user = registration.user.has_value();
  const auto opened = ports_.peers.open(peer_socket(socket), std::move(registration));
  if (opened) return ports_.log.info("peer opened", {{"ofUser", of_user}});
  if (opened.error() == peers::RegistrationFault::limit_reached) return refuse(socket, peerjs::kLimitReached);
  ports_.websockets.send_text(socket, peerjs::kIdTaken);
  ports_.websockets.close(socket, websocket::CloseCode::policy_violation, "ID is taken");
}

void PeerSockets::on_websocket_text(protocol::ConnectionId socket, std::string_view text) {
  own_thread_.check();
  const auto entry = waiting_.find(socket);
  if (entry == waiting_.end()) return receive(socket, text);
  keep(socket, entry->second, text);
}

void PeerSockets::keep(protocol::ConnectionId socket, Waiting& waiting, std::string_view text) {
  waiting.bytes += text.size();
  if (waiting.texts.size() >= kMaxEarlyTexts || waiting.bytes > kMaxEarlyBytes) {
    waiting_.erase(socket);
    return refuse(socket, kTooManyMessages);
  }
  waiting.texts.emplace_back(text);
}

void PeerSockets::receive(protocol::ConnectionId socket, std::string_view text) {
  if (ports_.peers.receive(peer_socket(socket), peerjs::decode(text, reader_)) == peers::Relay::done) return;
  ports_.peers.closed(peer_socket(socket));
  refuse(socket, kTooManyMessages);
}

void PeerSockets::on_websocket_closed(protocol::ConnectionId socket) {
  own_thread_.check();
  waiting_.erase(socket);
  ports_.peers.closed(peer_socket(socket));
}

void PeerSockets::send(peers::PeerSocket to, std::string_view text) { ports_.websockets.send_text(connection(to), text); }

void PeerSockets::close(peers::PeerSocket socket) {
  ports_.websockets.close(connection(socket), websocket::CloseCode::normal, "");
}

void PeerSockets::refuse(protocol::ConnectionId socket, std::string_view why) {
  ports_.log.info("peer refused", {{"why", why}});
  std::string text;
  peerjs::append_error(text, why);
  ports_.websockets.send_text(socket, text);
  ports_.websockets.close(socket, websocket::CloseCode::policy_violation, why);
}

}  // namespace belfry::gateway

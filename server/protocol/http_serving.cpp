// A request that is whole: CORS, then Engine.IO, a plain WebSocket or the HttpHandler.
#include <utility>

#include "protocol/http_side.hpp"
#include "wire/websocket/deflate.hpp"

namespace belfry::protocol {
namespace {

// WHATWG Fetch "CORS-preflight cache": for how many seconds a browser asks no more. Its own 5 s cost a round trip in front of
// nearly every request; with a longer time, pages would go by a list of origins that has changed since.
constexpr std::string_view kPreflightMaxAge = "600";

/// RFC 6455 4.2.1, but for the version.
bool is_websocket_handshake(const http::Request& request) {
  return request.method == http::Method::get && request.minor_version == 1 && request.has_token("connection", "upgrade") &&
         websocket::is_valid_key(request.header("sec-websocket-key").value_or(""));
}

}  // namespace

void HttpSide::serve(const Serving& serving) {
  HttpState& state = connections_.http_of(serving.connection);
  const http::Request& request = serving.request;
  const std::string_view host = request.header("host").value_or("");
  if (state.facts.should_be_secure) {
    state.keep_alive = false;
    HttpAnswer answer = failure(HttpFailure::https_required, "This port speaks HTTPS; use the https:// address");
    answer.headers.emplace_back("Location", "https://" + std::string(host) + std::string(request.target));
    return send(serving.connection, answer);
  }
  const auto origin = request.header("origin");
  state.scheme = scheme_of(serving);
  if (origin && settings_.cors.allows(*origin, host, state.scheme)) state.allowed_origin = *origin;
  if (serve_preflight(serving)) return;
  if (EngineApp* app = app_at(request.path)) {
    if (origin && state.allowed_origin.empty()) {
      // A WebSocket handshake is not covered by CORS: the server itself must refuse a foreign page (C-17).
      return refuse(serving.connection, refusal::kForeignOrigin);
    }
    return serve_engine(serving, *app);
  }
  if (request.has_token("upgrade", "websocket"))
    if (const auto mount = websockets_->at(request.path)) return serve_websocket(serving, *mount);
  serve_handler(serving);
}

/// A plain connection may come from a proxy that takes TLS off; only the header of a trusted one counts.
Scheme HttpSide::scheme_of(const Serving& serving) const {
  const bool by_proxy = settings_.forwarded == Forwarded::believed && serving.request.header("x-forwarded-proto") == "https";
  return by_proxy || connections_.http_of(serving.connection).facts.secure ? Scheme::https : Scheme::unknown;
}

bool HttpSide::serve_preflight(const Serving& serving) {
  const http::Request& request = serving.request;
  if (request.method != http::Method::options || !request.header("access-control-request-method")) return false;
  const HttpState& state = connections_.http_of(serving.connection);
  if (state.allowed_origin.empty()) {
    send(serving.connection, failure(HttpFailure::origin_not_allowed, "This origin is not in the server's list (CORS_ORIGINS)"));
    return true;
  }
  HttpAnswer answer{.status = 204, .content_type = "", .body = ""};
  answer.headers.emplace_back("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE");
  if (const auto headers = request.header("access-control-request-headers"))
    answer.headers.emplace_back("Access-Control-Allow-Headers", std::string(*headers));
  answer.headers.emplace_back("Access-Control-Max-Age", std::string(kPreflightMaxAge));
  send(serving.connection, answer);
  return true;
}

void HttpSide::serve_engine(const Serving& serving, EngineApp& app) {
  const http::Request& request = serving.request;
  const std::string sid = http::query_value(request.query, "sid").value_or("");
  const auto key = parse_session_id(sid);
  if (key && key->shard != shard_ && key->shard < shard_count_) {
    return connections_.hand_over(serving.connection, key->shard, serving.from_here);
  }
  const std::string name = http::query_value(request.query, "transport").value_or("");
  const bool is_upgrade = request.has_token("upgrade", "websocket");
  std::optional<Transport> transport;
  if (name == "polling") transport = Transport::polling;
  if (name == "websocket") transport = Transport::websocket;
  HttpState& state = connections_.http_of(serving.connection);
  if (is_upgrade) state.keep_alive = false;  // after a refused upgrade the client has no use for it
  if (const auto allowed = engine_->check(request, transport, sid); !allowed) return refuse(serving.connection, allowed.error());
  if (is_upgrade != (transport == Transport::websocket)) return refuse(serving.connection, refusal::kTransportAndUpgradeDiffer);
  if (is_upgrade) return upgrade(serving, app, sid);
  if (sid.empty())
    if (const Duration wait = connections_.wait_for_session(serving.connection); wait != Duration{0})
      return too_many_sessions(serving.connection, wait);

  const std::optional<Handshake> handshake = sid.empty() ? handshake_of(serving) : Handshake{};
  if (!handshake) return;
  const EngineRef waiting = engine_->on_request(serving.connection, app, request, serving.body, sid, *handshake);
  ConnectionRecord* record = connections_.find(serving.connection);
  if (record != nullptr && record->http && record->http->request.is(RequestPhase::serving)) record->engine = waiting;
}

void HttpSide::upgrade(const Serving& serving, EngineApp& app, std::string_view sid) {
  const http::Request& request = serving.request;
  if (!speaks_version_13(serving)) return;
  if (!is_websocket_handshake(request)) return refuse(serving.connection, refusal::kNoWebsocketHandshake);
  const std::optional<Handshake> handshake = handshake_of(serving);  // of an upgrade too: it may bring a cookie (W-004-17)
  if (!handshake) return;
  std::optional<std::string> extension;
  if (offered_ == Compression::deflate)
    extension = websocket::accept_deflate_offer(request.header("sec-websocket-extensions").value_or(""));
  switch_protocols(serving, extension);
  const auto version = Engine::requested_version(request.query);
  CHECK(version.has_value(), "Engine::check() lets no other version through");
  const Compression agreed = extension ? Compression::deflate : Compression::none;
  const EngineRef engine = engine_->on_websocket(serving.connection, app, *version, sid, agreed, *handshake);
  if (ConnectionRecord* still = connections_.find(serving.connection)) still->engine = engine;
}

void HttpSide::serve_websocket(const Serving& serving, WebSocketMount mount) {
  const http::Request& request = serving.request;
  HttpState& state = connections_.http_of(serving.connection);
  WebSocketApp& app = websockets_->app(mount);
  if (const ShardIndex shard = app.shard_of(request); shard != shard_)
    return connections_.hand_over(serving.connection, shard, serving.from_here);
  state.keep_alive = false;  // after a refused upgrade the client has no use for it
  if (request.header("origin") && state.allowed_origin.empty()) {
    return send(serving.connection,
                failure(HttpFailure::origin_not_allowed, "This origin is not in the server's list (CORS_ORIGINS)"));
  }
  if (!speaks_version_13(serving)) return;
  if (!is_websocket_handshake(request))
    return send(serving.connection, failure(HttpFailure::bad_request, "Not a WebSocket handshake (RFC 6455 4.2.1)"));
  const std::optional<Handshake> handshake = handshake_of(serving);
  if (!handshake) return;
  switch_protocols(serving, std::nullopt);
  websockets_->on_open(serving.connection, mount, *handshake);
}

/// If not, the client was answered which one we speak (RFC 6455 4.4).
bool HttpSide::speaks_version_13(const Serving& serving) {
  if (serving.request.header("sec-websocket-version") == "13") return true;
  HttpAnswer answer = failure(HttpFailure::upgrade_required, "WebSocket version 13 is needed (RFC 6455)");
  answer.headers.emplace_back("Sec-WebSocket-Version", "13");
  send(serving.connection, answer);
  return false;
}

void HttpSide::switch_protocols(const Serving& serving, const std::optional<std::string>& extension) {
  std::string& out = connections_.output(serving.connection);
  out += "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ";
  out += websocket::accept_key(serving.request.header("sec-websocket-key").value_or(""));
  if (extension) out += "\r\nSec-WebSocket-Extensions: " + *extension;
  out += "\r\n\r\n";
  ++counts_.websockets;
  ++counts_.by_status_class[1];
  connections_.becomes_websocket(serving.connection);
}

/// nullopt: it was refused. What is kept here waits for a CONNECT packet, as long as connect_timeout.
std::optional<Handshake> HttpSide::handshake_of(const Serving& serving) {
  const http::Request& request = serving.request;
  const auto text = [&](std::string_view name) { return std::string(request.header(name).value_or("")); };
  // W-000-04: seed 000's app sends its credential bare, in a header of its own. What names its scheme goes first.
  const auto bare = request.header("authorization") ? std::nullopt : request.header("token");
  Handshake handshake{.query = std::string(request.query),
                      .host = text("host"),
                      .origin = text("origin"),
                      .authorization = bare ? "Bearer " + std::string(*bare) : text("authorization"),
                      .cookie = {},
                      .facts = connections_.http_of(serving.connection).facts,
                      .scheme = connections_.http_of(serving.connection).scheme};
  const std::string& name = settings_.session_cookie;
  if (const auto value = http::cookie_value(request.header("cookie").value_or(""), name); value && !name.empty())
    handshake.cookie.append(name).append("=").append(*value);
  if (handshake.size() <= settings_.max_handshake) return handshake;
  connections_.http_of(serving.connection).keep_alive = false;
  send(serving.connection, failure(HttpFailure::headers_too_large, "The handshake's query and credentials are too long"));
  return std::nullopt;
}

void HttpSide::serve_handler(const Serving& serving) {
  const HttpState& state = connections_.http_of(serving.connection);
  ConnectionFacts facts = state.facts;
  facts.secure = facts.secure || state.scheme == Scheme::https;
  // `this` lives as long as the shard answers anything; the connection may be gone by then, so it is looked up by its id.
  handler_.on_request(serving.request, serving.body, facts,
                      [this, connection = serving.connection](const HttpAnswer& answer) { send(connection, answer); });
}

EngineApp* HttpSide::app_at(std::string_view path) const {
  for (const Mount& mount : mounts_) {
    const std::string_view full = mount.path;
    if (path == full || path == full.substr(0, full.size() - 1)) return mount.app;
  }
  return nullptr;
}

}  // namespace belfry::protocol

#include "session/http_side.hpp"

#include <algorithm>
#include <utility>

#include "wire/http/response.hpp"
#include "wire/json/json.hpp"
#include "wire/websocket/deflate.hpp"

namespace belfry::session {
namespace {

// While an answer is owed, what the client pipelines behind it waits unread. More than this is not pipelining but flooding.
constexpr std::size_t kMaxWaitingInput = 64 * 1024;
// Query and credentials of one handshake, which are kept until its client joins. A token is one or two KB.
constexpr std::size_t kMaxHandshake = 8 * 1024;
// R-004-68. An answer without a policy of its own is no page: nothing of it may be shown or run as one.
constexpr std::string_view kPolicy = "Content-Security-Policy";

HttpFailure failure_of(http::Refusal refusal) {
  switch (http::status(refusal)) {
    case 413:
      return HttpFailure::payload_too_large;
    case 431:
      return HttpFailure::headers_too_large;
    default:
      return HttpFailure::bad_request;
  }
}

}  // namespace

HttpSide::HttpSide(ShardIndex shard, ShardIndex shard_count, Connections& connections, const Clock& clock, HttpHandler& handler,
                   const FailureWriter& failure_writer, const HttpSettings& settings, bool offer_deflate)
    : shard_(shard),
      shard_count_(shard_count),
      connections_(connections),
      clock_(clock),
      handler_(handler),
      failure_writer_(failure_writer),
      settings_(settings),
      offer_deflate_(offer_deflate),
      head_waits_(settings.head_timeout),
      body_waits_(settings.body_timeout),
      idle_waits_(settings.idle_timeout) {}

void HttpSide::on_open(ConnectionId connection) {
  // A connection that sends nothing has as long as one that sends half a head.
  step(connection, connections_.http_of(connection), RequestEvent::head_begun);
}

std::size_t HttpSide::on_bytes(ConnectionId connection, MutableBytes input) {
  const ConnectionId outer = std::exchange(reading_, connection);
  std::size_t used = 0;
  while (used < input.size()) {
    const auto consumed = read_request(connection, input.subspan(used));
    if (!consumed) break;
    used += *consumed;
    if (used < input.size() && connections_.find(connection) != nullptr && connections_.turn_is_over(connection)) break;
  }
  reading_ = outer;
  return used;
}

/// One request from the start of `input`: the bytes it used, or nullopt when no (further) one can be read now.
std::optional<std::size_t> HttpSide::read_request(ConnectionId connection, MutableBytes input) {
  ConnectionRecord* record = connections_.find(connection);
  if (record == nullptr || !record->http) return std::nullopt;  // closed, handed over, or a WebSocket by now
  HttpState& state = *record->http;
  if (state.request.is(RequestPhase::serving)) {
    if (input.size() > kMaxWaitingInput) {
      if (record->engine) engine_->on_connection_closed(connection, record->engine);
      if (connections_.find(connection) != nullptr) connections_.close(connection, Ending::at_once);
    }
    return std::nullopt;
  }
  if (state.request.is(RequestPhase::body)) {  // read the head again only when there is a body to it
    const auto complete = http::body_is_complete(input, settings_.limits, state.progress);
    if (!complete) return refuse_request(connection, complete.error()), std::nullopt;
    if (!*complete) return std::nullopt;
  }
  http::Request request;
  const auto head = http::read_head(input, settings_.limits, request, state.progress);
  if (!head) return refuse_request(connection, head.error()), std::nullopt;
  if (!*head) {
    step(connection, state, RequestEvent::head_begun);
    return std::nullopt;
  }
  const auto body = http::read_body(input, settings_.limits, chunks_, state.progress);
  if (!body) return refuse_request(connection, body.error()), std::nullopt;
  if (!body->complete) {
    if (request.expects_continue && !state.continue_sent) {
      state.continue_sent = true;
      connections_.output(connection) += "HTTP/1.1 100 Continue\r\n\r\n";
    }
    step(connection, state, RequestEvent::body_begun);
    return std::nullopt;
  }
  state.progress = {};
  step(connection, state, RequestEvent::answer_owed);
  state.keep_alive = request.keep_alive;
  state.head_only = request.method == http::Method::head;
  state.allowed_origin.clear();
  ++counts_.requests;
  serve({connection, request, body->body, input});
  return request.head_size + body->consumed;
}

HttpAnswer HttpSide::failure(HttpFailure why, std::string_view message) {
  const std::string id = std::to_string(clock_.wall().unix_ms) + "-" + std::to_string(shard_) + "-" + std::to_string(++failures_);
  HttpAnswer answer = failure_writer_.write(why, message, id);
  answer.headers.emplace_back("X-Request-Id", id);
  return answer;
}

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
      return respond(serving.connection, 403, "application/json",
                     R"~({"code":4,"message":"Forbidden: this origin is not in the server's list (CORS_ORIGINS)"})~");
    }
    return serve_engine(serving, *app);
  }
  serve_handler(serving);
}

/// A plain connection may come from a proxy that takes TLS off; only the header of a trusted one counts.
Scheme HttpSide::scheme_of(const Serving& serving) const {
  const bool told = settings_.trust_proxy && serving.request.header("x-forwarded-proto") == "https";
  return told || connections_.http_of(serving.connection).facts.secure ? Scheme::https : Scheme::unknown;
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
  answer.headers.emplace_back("Access-Control-Max-Age", "600");
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
  if (is_upgrade != (transport == Transport::websocket))
    return refuse(serving.connection, {3, "Bad request: transport=websocket goes with a WebSocket upgrade, polling without"});
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
  if (request.header("sec-websocket-version") != "13") {
    HttpAnswer answer = failure(HttpFailure::upgrade_required, "WebSocket version 13 is needed (RFC 6455)");
    answer.headers.emplace_back("Sec-WebSocket-Version", "13");
    return send(serving.connection, answer);
  }
  const std::string_view key = request.header("sec-websocket-key").value_or("");
  if (request.method != http::Method::get || request.minor_version != 1 || !request.has_token("connection", "upgrade") ||
      !websocket::is_valid_key(key)) {
    return refuse(serving.connection, {3, "Bad request: not a WebSocket handshake (RFC 6455 4.2.1)"});
  }
  const std::optional<Handshake> handshake = sid.empty() ? handshake_of(serving) : Handshake{};
  if (!handshake) return;
  const auto extension =
      offer_deflate_ ? websocket::accept_deflate_offer(request.header("sec-websocket-extensions").value_or("")) : std::nullopt;
  std::string& out = connections_.output(serving.connection);
  out += "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ";
  out += websocket::accept_key(key);
  if (extension) out += "\r\nSec-WebSocket-Extensions: " + *extension;
  out += "\r\n\r\n";
  ++counts_.websockets;
  ++counts_.by_status_class[1];

  connections_.becomes_websocket(serving.connection);
  const auto version = Engine::requested_version(request.query);
  CHECK(version.has_value(), "Engine::check() lets no other version through");
  const EngineRef engine = engine_->on_websocket(serving.connection, app, *version, sid, extension.has_value(), *handshake);
  if (ConnectionRecord* still = connections_.find(serving.connection)) still->engine = engine;
}

void HttpSide::serve_handler(const Serving& serving) {
  const ConnectionFacts facts = connections_.http_of(serving.connection).facts;
  handler_.on_request(serving.request, serving.body, facts,
                      [this, connection = serving.connection](const HttpAnswer& answer) { send(connection, answer); });
}

void HttpSide::respond(ConnectionId connection, int status, std::string_view content_type, std::string_view body) {
  HttpAnswer answer{.status = status, .content_type = std::string(content_type), .body = std::string(body)};
  answer.headers.emplace_back("Cache-Control", "no-store");
  send(connection, answer);
}

void HttpSide::refuse(ConnectionId connection, const EngineRefusal& refusal) {
  std::string body = R"({"code":)" + std::to_string(refusal.code) + R"(,"message":)";
  json::append_quoted(body, refusal.message);
  body += '}';
  respond(connection, 400, "application/json", body);
}

void HttpSide::refuse_request(ConnectionId connection, http::Refusal refusal) {
  HttpState& state = connections_.http_of(connection);
  step(connection, state, RequestEvent::answer_owed);
  state.keep_alive = false;
  ++counts_.refused_heads;
  HttpAnswer answer = failure(failure_of(refusal), http::explain(refusal));
  answer.status = http::status(refusal);  // finer than `failure`: several statuses share one code
  send(connection, answer);
}

void HttpSide::send(ConnectionId connection, const HttpAnswer& answer) {
  ConnectionRecord* record = connections_.find(connection);
  if (record == nullptr || !record->http || !record->http->request.is(RequestPhase::serving)) return;  // gone before its answer
  HttpState& state = *record->http;
  std::vector<http::Header> headers;
  for (const auto& [name, value] : answer.headers) headers.push_back({name, value});
  if (!state.allowed_origin.empty()) {
    headers.push_back({"Access-Control-Allow-Origin", state.allowed_origin});
    headers.push_back({"Access-Control-Allow-Credentials", "true"});
  }
  headers.push_back({"Vary", "Origin"});
  headers.push_back({"X-Content-Type-Options", "nosniff"});
  headers.push_back({"Referrer-Policy", "same-origin"});
  const bool has_policy = std::ranges::any_of(answer.headers, [](const auto& each) { return each.first == kPolicy; });
  if (!has_policy) headers.push_back({kPolicy, "default-src 'none'; frame-ancestors 'none'"});
  if (state.facts.secure || state.scheme == Scheme::https)
    headers.push_back({"Strict-Transport-Security", "max-age=31536000; includeSubDomains"});
  http::append_response(
      connections_.output(connection),
      {.status = answer.status, .content_type = answer.content_type, .body = answer.body, .extra_headers = headers},
      state.keep_alive ? http::KeepAlive::yes : http::KeepAlive::no, state.head_only ? http::WithBody::no : http::WithBody::yes);
  ++counts_.by_status_class[std::min(answer.status / 100, 5)];
  record->engine = {};
  finish_request(connection, state);
}

void HttpSide::finish_request(ConnectionId connection, HttpState& state) {
  state.continue_sent = false;
  const RequestEvent event = state.keep_alive ? RequestEvent::answered : RequestEvent::answered_last;
  if (step(connection, state, event) != RequestPhase::closed && reading_ != connection) connections_.show_unread(connection);
}

/// Returns the phase that follows, and starts its time-out. Once that is closed, `state` is gone.
RequestPhase HttpSide::step(ConnectionId connection, HttpState& state, RequestEvent event) {
  const RequestPhase before = state.request.phase();
  state.request.on(event);
  const RequestPhase now = state.request.phase();
  if (now == before) return now;
  const Wait wait{connection, state.request.serial()};
  switch (now) {
    case RequestPhase::idle:
      idle_waits_.add(wait, clock_.now());
      break;
    case RequestPhase::head:
      head_waits_.add(wait, clock_.now());
      break;
    case RequestPhase::body:
      body_waits_.add(wait, clock_.now());
      break;
    case RequestPhase::serving:
      break;
    case RequestPhase::closed:
      connections_.close(connection, Ending::after_flush);
  }
  return now;
}

TimePoint HttpSide::next_deadline() const { return std::min({head_waits_.next(), body_waits_.next(), idle_waits_.next()}); }

void HttpSide::on_time(TimePoint now) {
  const auto expired = [this](const Wait& wait) { expire(wait); };
  head_waits_.run(now, expired);
  body_waits_.run(now, expired);
  idle_waits_.run(now, expired);
}

void HttpSide::expire(const Wait& wait) {
  ConnectionRecord* record = connections_.find(wait.connection);
  if (record == nullptr || !record->http || record->http->request.serial() != wait.serial) return;
  HttpState& state = *record->http;
  const bool is_head = state.request.is(RequestPhase::head);
  if (step(wait.connection, state, RequestEvent::time_over) == RequestPhase::closed) return;
  ++counts_.timeouts;
  state.keep_alive = false;
  send(wait.connection,
       failure(HttpFailure::request_timeout, is_head ? "The request head took too long" : "The request body took too long"));
}

void HttpSide::drain() {
  for (const ConnectionId connection : connections_.all_http()) {
    HttpState& state = connections_.http_of(connection);
    state.keep_alive = false;
    step(connection, state, RequestEvent::draining_begun);
  }
}

EngineApp* HttpSide::app_at(std::string_view path) const {
  for (const Mount& mount : mounts_) {
    const std::string_view full = mount.path;
    if (path == full || path == full.substr(0, full.size() - 1)) return mount.app;
  }
  return nullptr;
}

/// nullopt: it was refused. What is kept here waits for a CONNECT packet, as long as connect_timeout.
std::optional<Handshake> HttpSide::handshake_of(const Serving& serving) {
  const http::Request& request = serving.request;
  const auto text = [&](std::string_view name) { return std::string(request.header(name).value_or("")); };
  Handshake handshake{.query = std::string(request.query),
                      .host = text("host"),
                      .origin = text("origin"),
                      .authorization = text("authorization"),
                      .cookie = {},
                      .facts = connections_.http_of(serving.connection).facts,
                      .scheme = connections_.http_of(serving.connection).scheme};
  const std::string& name = settings_.session_cookie;
  if (const auto value = http::cookie_value(request.header("cookie").value_or(""), name); value && !name.empty())
    handshake.cookie.append(name).append("=").append(*value);
  if (handshake.size() <= kMaxHandshake) return handshake;
  connections_.http_of(serving.connection).keep_alive = false;
  send(serving.connection, failure(HttpFailure::headers_too_large, "The handshake's query and credentials are too long"));
  return std::nullopt;
}

void HttpSide::too_many_sessions(ConnectionId connection, Duration wait) {
  const std::string seconds = std::to_string(std::chrono::ceil<std::chrono::seconds>(wait).count());
  HttpAnswer answer =
      failure(HttpFailure::too_many_sessions, "Too many new sessions from this address; try again in " + seconds + " s");
  answer.headers.emplace_back("Retry-After", seconds);
  send(connection, answer);
}

}  // namespace belfry::session

#include "gateway/http_routes.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/check.hpp"
#include "gateway/accept.hpp"
#include "gateway/json/errors.hpp"
#include "gateway/json/iso_time.hpp"
#include "wire/json/writer.hpp"

namespace belfry::gateway {
namespace {

// People read this list to find their own name; nobody reads a hundred thousand names.
constexpr std::size_t kMaxNames = 10'000;
constexpr std::string_view kAllowed = "GET, HEAD, OPTIONS";
// Stock servers serve these beside their sockets: socket.io.js, .min.js, .esm.min.js, .msgpack.min.js and their maps (SPEC W-03).
constexpr std::string_view kClientLibrary = "/socket.io/socket.io.";
constexpr std::string_view kPeerRoutes = "/peerjs/";

protocol::HttpAnswer refused(const Failure& failure, std::string_view request_id) {
  return {.status = wire_error(failure.error).status, .body = failure_json(failure, request_id)};
}

/// The protocol versions that clients may use.
void append_protocols(json::Writer& json) { json.key("protocols").raw(R"({"engine.io":[4,3],"socket.io":[5,4]})"); }

// What answers beside the routes of this file: Socket.IO, and the ApiRouter.
constexpr std::array<std::string_view, 5> kElsewhere = {"/socket.io/", "/api/", "/user/", "/message/", "/docs"};

/// Whether this looks like a Socket.IO client with a wrong address.
bool is_stray_socket(const http::Request& request) {
  return http::query_value(request.query, "EIO") || http::query_value(request.query, "transport") ||
         request.has_token("upgrade", "websocket") || request.path.find("socket.io") != std::string_view::npos;
}

}  // namespace

// The first that matches answers; the last one always does.
const std::array<HttpRoutes::Route, 14> HttpRoutes::kRoutes = {{
    {"/", &HttpRoutes::status_page},
    {"/users", &HttpRoutes::users},
    {"/healthz", &HttpRoutes::alive},
    {"/health", &HttpRoutes::health},
    {"/readyz", &HttpRoutes::ready},
    {"/metrics", &HttpRoutes::metrics},
    {"/version", &HttpRoutes::version},
    {kClientLibrary, &HttpRoutes::client_library, Match::prefix},
    {"/ringtone.mp3", &HttpRoutes::public_file},
    {"/avatar.jpg", &HttpRoutes::public_file},
    {"/chat.png", &HttpRoutes::public_file},
    {"/avatars/", &HttpRoutes::public_file, Match::prefix},
    {kPeerRoutes, &HttpRoutes::not_found, Match::prefix},  // of what PeerRoutes does not serve
    {"other", &HttpRoutes::not_found, Match::everything_else},
}};

bool HttpRoutes::Route::matches(std::string_view asked) const {
  switch (match) {
    case Match::exactly:
      return asked == path;
    case Match::prefix:
      return asked.starts_with(path);
    case Match::everything_else:
      return true;
  }
  CHECK(false, "a match that there is not");
}

std::size_t HttpRoutes::route_of(std::string_view path) {
  const auto* const found = std::find_if(kRoutes.begin(), kRoutes.end(), [&](const Route& each) { return each.matches(path); });
  return static_cast<std::size_t>(found - kRoutes.begin());
}

void HttpRoutes::on_request(const http::Request& request, Bytes body, const protocol::ConnectionFacts& facts,
                            protocol::HttpReply reply) {
  own_thread_.check();
  if (ApiRouter::serves(request.path)) return pass_on(request, body, facts, std::move(reply));
  if (peers_ != nullptr && peers_->serves(request.path)) return pass_to_peers(request, std::move(reply));
  const TimePoint begin = server_.stopwatch();
  const PlainRequest plain{request, facts, api_.new_request_id()};
  const std::size_t route = route_of(request.path);
  Answer answered = answer(route, plain);
  answered.headers.emplace_back("X-Request-Id", plain.request_id);
  counters_.count(route, answered.status, server_.stopwatch() - begin);
  reply(std::move(answered));
}

/// Counts by the operation's path template, never by the path as sent, which could be anything.
void HttpRoutes::pass_on(const http::Request& request, Bytes body, const protocol::ConnectionFacts& facts,
                         protocol::HttpReply reply) {
  const TimePoint begin = server_.stopwatch();
  api_.serve(request, body, facts, [this, begin, reply = std::move(reply)](std::size_t operation, Answer answered) {
    const bool known = operation < api_.operations().size();
    const std::size_t route = known ? kRoutes.size() + operation : kRoutes.size() - 1;
    counters_.count(route, answered.status, server_.stopwatch() - begin);
    reply(std::move(answered));
  });
}

void HttpRoutes::pass_to_peers(const http::Request& request, protocol::HttpReply reply) {
  const TimePoint begin = server_.stopwatch();
  std::string id = api_.new_request_id();
  peers_->serve(request, id, [this, begin, id, reply = std::move(reply)](Answer answered) {
    answered.headers.emplace_back("X-Request-Id", id);
    counters_.count(route_of(kPeerRoutes), answered.status, server_.stopwatch() - begin);
    reply(std::move(answered));
  });
}

HttpRoutes::Answer HttpRoutes::answer(std::size_t route, const PlainRequest& plain) const {
  const bool exists = route + 1 < kRoutes.size() || has_file(plain.request.path);
  if (exists && plain.request.method == http::Method::options)
    return {.status = 204, .headers = {{"Allow", std::string(kAllowed)}}};
  if (exists && plain.request.method != http::Method::get && plain.request.method != http::Method::head) {
    Answer answered =
        refused({.error = ApiError::method_not_allowed, .message = "This address only answers " + std::string(kAllowed)},
                plain.request_id);
    answered.headers.emplace_back("Allow", kAllowed);
    return answered;
  }
  return (this->*kRoutes[route].answer)(plain);
}

// SPEC C-15, W-02: browsers get a page, where there is one; curl and probes get seed 003's JSON.
HttpRoutes::Answer HttpRoutes::status_page(const PlainRequest& plain) const {
  auto page = wants_a_page(plain.request) ? application(plain.request) : std::nullopt;
  if (page) {
    page->headers.emplace_back("Vary", "Accept");
    return std::move(*page);
  }
  Answer answered;
  json::Writer(answered.body)
      .open_object()
      .member("status", "WebRTC Signaling Server Running")
      .member("connectedUsers", static_cast<std::int64_t>(server_.connected_users()))
      .member("activeCalls", static_cast<std::int64_t>(server_.active_calls()))
      .member("timestamp", iso_text(server_.wall()))
      .close_object();
  answered.headers.emplace_back("Vary", "Accept");
  answered.headers.emplace_back("Cache-Control", "no-store");
  return answered;
}

HttpRoutes::Answer HttpRoutes::users(const PlainRequest& plain) const {
  const bool admitted = options_.users == UserList::open || (options_.has_session && options_.has_session(plain.request));
  if (!admitted) {
    Answer answered = refused({.error = ApiError::unauthenticated}, plain.request_id);
    answered.headers.emplace_back("WWW-Authenticate", "Bearer");
    return answered;
  }
  std::vector<std::string> names = server_.user_names(kMaxNames);
  std::sort(names.begin(), names.end());
  std::string body;
  json::Writer json(body);
  json.open_object().key("connectedUsers").open_array();
  for (const std::string& name : names) json.text(name);
  json.close_array().member("totalUsers", static_cast<std::int64_t>(std::max(names.size(), server_.connected_users())));
  json.close_object();
  return {.body = std::move(body), .headers = {{"Cache-Control", "no-store"}}};
}

HttpRoutes::Answer HttpRoutes::alive(const PlainRequest&) const { return {.body = R"({"status":"ok"})"}; }

/// The same for monitors of seed 002's server (W-002-04).
HttpRoutes::Answer HttpRoutes::health(const PlainRequest&) const {
  Answer answered;
  json::Writer json(answered.body);
  json.open_object().member("status", "ok").member("timestamp", iso_text(server_.wall())).close_object();
  return answered;
}

HttpRoutes::Answer HttpRoutes::ready(const PlainRequest&) const {
  if (server_.ready()) return {.body = R"({"status":"ready"})"};
  return {.status = 503, .body = R"({"status":"draining"})", .headers = {{"Retry-After", "5"}}};
}

HttpRoutes::Answer HttpRoutes::metrics(const PlainRequest&) const {
  ServerNumbers numbers = server_.numbers();
  std::vector<std::string_view> names;
  for (const Route& route : kRoutes) names.push_back(route.path);
  names.insert(names.end(), api_.names().begin(), api_.names().end());
  counters_.add_to(numbers, names);
  return {.content_type = "text/plain; version=0.0.4; charset=utf-8", .body = options_.render_metrics(numbers)};
}

HttpRoutes::Answer HttpRoutes::version(const PlainRequest&) const {
  Answer answered;
  json::Writer json(answered.body);
  append_protocols(json.open_object().member("name", "belfry").member("version", options_.version));
  json.close_object();
  return answered;
}

/// W-03. `max-age=0`, as stock servers have it: with a new server a page gets its new client.
HttpRoutes::Answer HttpRoutes::client_library(const PlainRequest& plain) const {
  const StaticFile* file = files_.find(plain.request.path.substr(1));
  return file == nullptr ? not_found(plain) : file_answer(plain.request, *file, "public, max-age=0");
}

/// K11, W-004-19. A file of the application comes first.
HttpRoutes::Answer HttpRoutes::public_file(const PlainRequest& plain) const {
  if (has_file(plain.request.path))
    if (auto theirs = application(plain.request)) return std::move(*theirs);
  const auto path = http::decode_path(plain.request.path);
  const StaticFile* file = path ? files_.find("public" + *path) : nullptr;
  if (file == nullptr) return refused({.error = ApiError::not_found, .message = "There is no such file"}, plain.request_id);
  return file_answer(plain.request, *file, "public, max-age=86400");
}

// R-003-57: the answer to a wrong path names the right one.
HttpRoutes::Answer HttpRoutes::not_found(const PlainRequest& plain) const {
  if (auto page = application(plain.request)) return std::move(*page);
  const std::string base = base_url(plain);
  Answer answered{.status = 404};
  json::Writer json(answered.body);
  json.open_object();
  if (is_stray_socket(plain.request)) {
    json.member("message",
                "No Socket.IO server at this path. Connect with io(url), whose default path /socket.io/ is right, or set the "
                "client's path option to it.");
    json.member("url", base).member("path", "/socket.io/").member("socketUrl", base + "/socket.io/");
    append_protocols(json);
    json.member("clients", "socket.io-client 2.x, 3.x and 4.x");
  } else {
    json.member("message", "There is nothing at this address").key("routes").open_array();
    for (const Route& route : kRoutes)
      if (route.match == Match::exactly || route.path.ends_with('/')) json.text(route.path);
    for (const std::string_view elsewhere : kElsewhere) json.text(elsewhere);
    json.close_array().member("url", base);
  }
  json.close_object();
  return answered;
}

std::optional<HttpRoutes::Answer> HttpRoutes::application(const http::Request& request) const {
  return site_.is_there() ? site_.answer(request) : client_.answer(request);
}

bool HttpRoutes::has_file(std::string_view path) const { return site_.is_there() ? site_.has(path) : client_.has(path); }

std::string HttpRoutes::base_url(const PlainRequest& plain) const {
  return (plain.facts.secure ? "https://" : "http://") + std::string(plain.request.header("host").value_or("localhost"));
}

}  // namespace belfry::gateway

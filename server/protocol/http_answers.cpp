// Answers: what every one of them carries, and those that we give ourselves.
#include <algorithm>

#include "base/check.hpp"
#include "base/new_uuid.hpp"
#include "protocol/http_side.hpp"
#include "wire/http/response.hpp"
#include "wire/json/json.hpp"

namespace belfry::protocol {
namespace {

// R-004-68. An answer without a policy of its own is no page: nothing of it may be shown or run as one.
constexpr std::string_view kPolicy = "Content-Security-Policy";
// R-004-68, RFC 6797 6.1.1. A year is the least that browsers' preload lists take.
constexpr std::string_view kTransportSecurity = "max-age=31536000; includeSubDomains";

// Of a long answer, copied at once: as much as a fast reader takes, so that such a one is not slowed down.
constexpr std::size_t kPiece = 256 * 1024;

HttpFailure failure_of(http::Refusal refusal) {
  switch (refusal) {
    case http::Refusal::body_too_large:
      return HttpFailure::payload_too_large;
    case http::Refusal::head_too_large:
    case http::Refusal::too_many_headers:
      return HttpFailure::headers_too_large;
    case http::Refusal::bad_request_line:
    case http::Refusal::bad_version:
    case http::Refusal::bad_target:
    case http::Refusal::bad_header:
    case http::Refusal::missing_host:
    case http::Refusal::ambiguous_length:
    case http::Refusal::unsupported_transfer_coding:
    case http::Refusal::target_too_long:
    case http::Refusal::bad_chunk:
      return HttpFailure::bad_request;
  }
  CHECK(false, "a refused request without a failure");
}

}  // namespace

HttpAnswer HttpSide::failure(HttpFailure why, std::string_view message) {
  const std::string id = belfry::to_text(new_uuid(clock_, random_));
  HttpAnswer answer = failure_writer_.write(why, message, id);
  answer.headers.emplace_back("X-Request-Id", id);
  return answer;
}

void HttpSide::respond(ConnectionId connection, int status, std::string_view content_type, std::string_view body) {
  HttpAnswer answer{.status = status, .content_type = std::string(content_type), .body = std::string(body)};
  answer.headers.emplace_back("Cache-Control", "no-store");
  send(connection, answer);
}

void HttpSide::refuse(ConnectionId connection, const EngineRefusal& refusal) {
  std::string body = R"({"code":)" + std::to_string(static_cast<int>(refusal.code)) + R"(,"message":)";
  json::append_quoted(body, refusal.message);
  body += '}';
  respond(connection, refusal.code == EngineError::forbidden ? 403 : 400, "application/json", body);
}

void HttpSide::refuse_request(ConnectionId connection, http::Refusal refusal) {
  HttpState& state = connections_.http_of(connection);
  step(connection, state, RequestEvent::answer_owed);
  state.keep_alive = false;
  ++counts_.refused_heads;
  const bool is_long = refusal == http::Refusal::body_too_large && !state.max_body.too_large.empty();
  HttpAnswer answer = failure(failure_of(refusal), is_long ? state.max_body.too_large : http::explain(refusal));
  answer.status = http::status(refusal);  // finer than `failure`: several statuses share one code
  send(connection, answer);
}

void HttpSide::too_many_sessions(ConnectionId connection, Duration wait) {
  const std::string seconds = std::to_string(std::chrono::ceil<std::chrono::seconds>(wait).count());
  HttpAnswer answer =
      failure(HttpFailure::too_many_sessions, "Too many new sessions from this address; try again in " + seconds + " s");
  answer.headers.emplace_back("Retry-After", seconds);
  send(connection, answer);
}

void HttpSide::send(ConnectionId connection, const HttpAnswer& answer) {
  own_thread_.check();
  ConnectionRecord* record = connections_.find(connection);
  if (record == nullptr || !record->http || !record->http->request.is(RequestPhase::serving)) return;  // gone before its answer
  HttpState& state = *record->http;
  const bool is_shared = answer.shared.bytes != nullptr;
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
  if (state.facts.secure || state.scheme == Scheme::https) headers.push_back({"Strict-Transport-Security", kTransportSecurity});
  http::append_response(connections_.output(connection),
                        {.status = answer.status,
                         .content_type = answer.content_type,
                         .body = is_shared ? answer.shared.view() : answer.body,
                         .extra_headers = headers},
                        state.keep_alive ? http::KeepAlive::yes : http::KeepAlive::no,
                        state.head_only || is_shared ? http::WithBody::no : http::WithBody::yes);
  ++counts_.by_status_class[std::min(answer.status / 100, 5)];
  record->engine = {};
  if (!is_shared || state.head_only) return finish_request(connection, state);
  state.rest = answer.shared;
  feed(connection, state);
}

/// Outputs as much of a long answer as the connection has room for. What is left follows when that has left. The answer is owed
/// until its last byte is output, so the next request waits, and a peer that reads nothing is closed for that.
void HttpSide::feed(ConnectionId connection, HttpState& state) {
  if (!state.rest.bytes) return;
  while (state.rest.size != 0 && !connections_.must_wait_for_room(connection)) {
    const std::string_view piece = state.rest.view().substr(0, kPiece);
    connections_.output(connection).append(piece);
    state.rest.from += piece.size();
    state.rest.size -= std::min(state.rest.size, std::max<std::size_t>(piece.size(), 1));
  }
  if (state.rest.size != 0) return;
  state.rest = {};
  finish_request(connection, state);
}

void HttpSide::finish_request(ConnectionId connection, HttpState& state) {
  state.continue_sent = false;
  const RequestEvent event = state.keep_alive ? RequestEvent::answered : RequestEvent::answered_last;
  if (step(connection, state, event) != RequestPhase::closed && reading_ != connection) connections_.show_unread(connection);
}

}  // namespace belfry::protocol

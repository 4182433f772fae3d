#include "protocol/http_side.hpp"

#include <algorithm>
#include <utility>

namespace belfry::protocol {

HttpSide::HttpSide(ShardIndex shard, ShardIndex shard_count, Connections& connections, const Clock& clock, Random& random,
                   HttpHandler& handler, const FailureWriter& failure_writer, const HttpSettings& settings, Compression offered)
    : shard_(shard),
      shard_count_(shard_count),
      connections_(connections),
      clock_(clock),
      random_(random),
      handler_(handler),
      failure_writer_(failure_writer),
      settings_(settings),
      offered_(offered),
      head_waits_(settings.head_timeout),
      body_waits_(settings.body_timeout),
      idle_waits_(settings.idle_timeout) {}

void HttpSide::on_open(ConnectionId connection) {
  // A connection that sends nothing has as long as one that sends half a head.
  step(connection, connections_.http_of(connection), RequestEvent::head_begun);
}

std::size_t HttpSide::on_bytes(ConnectionId connection, MutableBytes input) {
  own_thread_.check();
  const ConnectionId outer = std::exchange(reading_, connection);
  std::size_t used = 0;
  // There may be room for more of a long answer: then this is called without new bytes, too.
  if (const ConnectionRecord* record = connections_.find(connection); record != nullptr && record->http)
    feed(connection, *record->http);
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
  if (connections_.must_wait_for_room(connection)) return std::nullopt;
  HttpState& state = *record->http;
  if (state.request.is(RequestPhase::serving)) {
    if (input.size() > settings_.max_waiting_input) end_flooder(connection, *record);
    return std::nullopt;
  }
  if (state.request.is(RequestPhase::body)) {  // read the head again only when there is a body to it
    const auto complete = http::body_is_complete(input, limits_of(state), state.progress);
    if (!complete) {
      refuse_request(connection, complete.error());
      return std::nullopt;
    }
    if (!*complete) return std::nullopt;
  }
  http::Request request;
  const auto head = http::read_head(input, settings_.limits, request, state.progress);
  if (!head) {
    refuse_request(connection, head.error());
    return std::nullopt;
  }
  if (!*head) {
    step(connection, state, RequestEvent::head_begun);
    return std::nullopt;
  }
  state.max_body = handler_.max_body(request);
  const auto body = http::read_body(input, limits_of(state), chunks_, state.progress);
  if (!body) {
    refuse_request(connection, body.error());
    return std::nullopt;
  }
  if (!body->complete) {
    if (request.expects_continue && !state.continue_sent) {
      state.continue_sent = true;
      connections_.output(connection) += "HTTP/1.1 100 Continue\r\n\r\n";
    }
    step(connection, state, RequestEvent::body_begun);
    return std::nullopt;
  }
  state.progress = {};
  state.max_body = {};
  step(connection, state, RequestEvent::answer_owed);
  state.keep_alive = state.keep_alive && request.keep_alive;  // not kept once the server drains
  state.head_only = request.method == http::Method::head;
  state.allowed_origin.clear();
  ++counts_.requests;
  serve({connection, request, body->body, input});
  return request.head_size + body->consumed;
}

http::Limits HttpSide::limits_of(const HttpState& state) const {
  http::Limits limits = settings_.limits;
  limits.max_body = std::max(limits.max_body, state.max_body.bytes);
  return limits;
}

void HttpSide::end_flooder(ConnectionId connection, const ConnectionRecord& record) {
  if (record.engine) engine_->on_connection_closed(connection, record.engine);
  if (connections_.find(connection) != nullptr) connections_.close(connection, Ending::at_once);
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
  own_thread_.check();
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
  own_thread_.check();
  for (const ConnectionId connection : connections_.all_http()) {
    HttpState& state = connections_.http_of(connection);
    state.keep_alive = false;
    step(connection, state, RequestEvent::draining_begun);
  }
}

}  // namespace belfry::protocol

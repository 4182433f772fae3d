#include "main/shard_stack.hpp"

namespace belfry {

ShardStack::ShardStack(const net::ShardContext& context, const SharedParts& parts, StackCounters& counters)
    : counters_(counters),
      routes_(parts.routes, parts.view, parts.files, parts.http_counters),
      signaling_(parts.signaling, parts.log),
      store_(parts.call_table),
      board_(context.index, parts.calls,
             app::Ports{context.mailboxes, context.clock, context.random, parts.log, signaling_, store_}),
      endpoint_({context.index, context.link, context.mailboxes, context.clock, context.random}, parts.engine, parts.http,
                routes_),
      sockets_(context.index, endpoint_.engine(), signaling_, context.mailboxes, context.clock, context.random, parts.sockets,
               parts.sockets_exchange) {
  signaling_.serve(sockets_, board_);
  parts.sockets_exchange.by_shard[context.index] = &sockets_;
  endpoint_.mount("/socket.io/", sockets_);
  endpoint_.add_time_user({[this] { return sockets_.next_deadline(); }, [this](TimePoint now) { sockets_.on_time(now); }});
  endpoint_.add_time_user(
      {[this] { return board_.next_deadline().value_or(session::kNever); }, [this](TimePoint now) { board_.on_time(now); }});
}

void ShardStack::on_open(session::ConnectionId connection, const session::ConnectionFacts& facts) {
  endpoint_.on_open(connection, facts);
}

std::size_t ShardStack::on_bytes(session::ConnectionId connection, MutableBytes input) {
  const std::size_t used = endpoint_.on_bytes(connection, input);
  publish_counts();
  return used;
}

void ShardStack::on_closed(session::ConnectionId connection) {
  endpoint_.on_closed(connection);
  publish_counts();
}

TimePoint ShardStack::next_deadline() const { return endpoint_.next_deadline(); }

void ShardStack::on_time(TimePoint now) {
  endpoint_.on_time(now);
  publish_counts();
}

void ShardStack::on_drain() {
  board_.drain();
  endpoint_.on_drain();
}

void ShardStack::publish_counts() {
  counters_.engine_sessions.set(endpoint_.engine().count());
  counters_.sockets.set(sockets_.count());
  counters_.recovered.set(sockets_.recovered_count());
  counters_.events.set(signaling_.counts().events);
  counters_.refused_events.set(signaling_.counts().refused);
  counters_.relayed_candidates.set(signaling_.counts().relayed_candidates);
}

}  // namespace belfry

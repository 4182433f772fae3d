#include "main/shard_stack.hpp"

#include <utility>

namespace belfry {

ShardStack::ShardStack(const net::ShardContext& context, const SharedParts& parts, StackCounters& counters)
    : counters_(counters),
      clock_(parts.virtual_clock != nullptr ? *parts.virtual_clock : context.clock),
      shelf_(parts.backend->shelf(context.index)),
      call_store_(shelf_.calls, parts.faults),
      routes_(parts.routes, parts.view, parts.files, parts.http_counters),
      desk_(parts.desk, {parts.verifier, clock_, context.random, parts.log}),
      calls_(context.index, parts.calls, {context.mailboxes, clock_, context.random, parts.log, desk_, call_store_}),
      endpoint_({context.index, context.link, context.mailboxes, context.clock, context.random}, parts.engine, parts.http,
                routes_),
      sockets_(context.index, endpoint_.engine(), desk_, context.mailboxes, context.clock, context.random, parts.sockets,
               parts.sockets_exchange),
      guests_(parts.guests, shelf_.accounts, clock_, context.random),
      signaling_(sockets_, calls_, parts.calls.directory(), guests_, clock_) {
  desk_.serve(signaling_, signaling_);
  parts.sockets_exchange.by_shard[context.index] = &sockets_;
  endpoint_.mount("/socket.io/", sockets_);
  endpoint_.add_time_user({[this] { return sockets_.next_deadline(); }, [this](TimePoint now) { sockets_.on_time(now); }});
  add_domain_time_user(
      parts, context.index,
      {[this] { return calls_.next_deadline().value_or(session::kNever); }, [this](TimePoint now) { calls_.on_time(now); }});
  add_domain_time_user(parts, context.index,
                       {[this] { return signaling_.next_deadline(); }, [this](TimePoint now) { signaling_.on_time(now); }});
  if (context.index == 0) calls_.sweep_from_now_on();
}

void ShardStack::add_domain_time_user(const SharedParts& parts, ShardIndex shard, session::TimeUser user) {
  if (parts.time_machine != nullptr) return parts.time_machine->add(shard, std::move(user));
  endpoint_.add_time_user(std::move(user));
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
  calls_.drain();
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

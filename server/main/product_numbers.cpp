// What /metrics shows of the product.
#include <algorithm>
#include <cstdint>
#include <string_view>

#include "adapters/metrics/prometheus_text.hpp"
#include "main/product.hpp"

namespace belfry {

void Product::add_pushes(gateway::ServerNumbers& numbers) const {
  numbers.push_queue = push_counters_.open();
  for (std::size_t p = 0; p < store::kPushProviderCount; ++p) {
    const auto provider = static_cast<store::PushProvider>(p);
    if (!push_->serves(provider)) continue;
    numbers.push_attempts.push_back({to_text(provider), push_counters_.attempts(provider)});
    for (std::size_t s = 0; s < store::kPushStatusCount; ++s) {
      const auto status = static_cast<store::PushStatus>(s);
      if (status == store::PushStatus::pending) continue;
      numbers.push_deliveries.push_back({to_text(provider), to_text(status), push_counters_.ended_as(provider, status)});
    }
  }
}

gateway::ServerNumbers Product::numbers() const {
  gateway::ServerNumbers numbers;
  numbers.process = metrics::read_process_numbers();
  numbers.connected_users = connected_users();
  const calls::CallStats calls = calls_.stats();
  const auto count = [](std::int64_t value) { return static_cast<std::uint64_t>(std::max<std::int64_t>(value, 0)); };
  numbers.active_calls = count(calls.active);
  numbers.calls_started = count(calls.started);
  numbers.presence_lookups = sessions_.look_ups();
  numbers.peers = peers_.count();
  numbers.calls_ended = {{"answered", count(calls.answered)},   {"declined", count(calls.declined)},
                         {"cancelled", count(calls.cancelled)}, {"timed_out", count(calls.timed_out)},
                         {"lost", count(calls.lost)},           {"hung_up", count(calls.hung_up)},
                         {"busy", count(calls.busy)},           {"failed", count(calls.failed)}};
  add_pushes(numbers);
  token_counters_.each_issued(
      [&](std::string_view provider, std::uint64_t times) { numbers.tokens_issued.push_back({provider, times}); });
  token_counters_.each_refused(
      [&](std::string_view code, std::uint64_t times) { numbers.tokens_refused.push_back({code, times}); });
  for (const StackCounters& shard : counters_) {
    numbers.engine_sessions += shard.engine_sessions.get();
    numbers.sockets += shard.sockets.get();
    numbers.sockets_recovered += shard.recovered.get();
    numbers.events += shard.events.get();
    numbers.events_refused += shard.refused_events.get();
    numbers.candidates_relayed += shard.relayed_candidates.get();
  }
  const net::NetStats net = server_->stats();
  numbers.open_connections = net.open;
  numbers.accepted = net.accepted;
  numbers.refused_by_address = net.refused_by_address;
  numbers.handshakes_failed = net.handshakes_failed;
  numbers.slow_readers_closed = net.slow_readers_closed;
  numbers.accept_pauses = net.descriptor_pauses;
  numbers.handed_over = net.handed_over;
  numbers.handler_exceptions = net.handler_exceptions;
  numbers.bytes_in = net.bytes_in;
  numbers.bytes_out = net.bytes_out;
  numbers.receives = net.recv_calls;
  numbers.sends = net.send_calls;
  numbers.mailbox_tasks = net.mailbox_tasks;
  return numbers;
}

}  // namespace belfry

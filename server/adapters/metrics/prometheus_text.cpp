#include "adapters/metrics/prometheus_text.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <limits>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

namespace belfry::metrics {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Families = std::vector<MetricFamily>;

MetricFamily& family(Families& families, std::string_view name, std::string_view help, MetricType type) {
  MetricFamily& added = families.emplace_back();
  added.name = name;
  added.help = help;
  added.type = type;
  return added;
}

void counter(Families& families, std::string_view name, std::string_view help, double value) {
  family(families, name, help, MetricType::Counter).metric.emplace_back().counter.value = value;
}
void counter(Families& families, std::string_view name, std::string_view help, std::uint64_t value) {
  counter(families, name, help, static_cast<double>(value));
}
void gauge(Families& families, std::string_view name, std::string_view help, double value) {
  family(families, name, help, MetricType::Gauge).metric.emplace_back().gauge.value = value;
}
void gauge(Families& families, std::string_view name, std::string_view help, std::uint64_t value) {
  gauge(families, name, help, static_cast<double>(value));
}

// The names that all Prometheus client libraries use, so that ready-made dashboards work.
void add_process(Families& out, const gateway::ProcessNumbers& process) {
  counter(out, "process_cpu_seconds_total", "User and system CPU time", process.cpu_seconds);
  gauge(out, "process_resident_memory_bytes", "Resident memory", process.resident_bytes);
  if (process.open_descriptors) gauge(out, "process_open_fds", "Open descriptors", *process.open_descriptors);
  gauge(out, "process_max_fds", "Limit of open descriptors", process.max_descriptors);
  gauge(out, "process_start_time_seconds", "Start of the process, in seconds since 1970", process.start_time_seconds);
}

void add_calls(Families& out, const gateway::ServerNumbers& numbers) {
  gauge(out, "belfry_connected_users", "Names that can be called now", numbers.connected_users);
  gauge(out, "belfry_active_calls", "Calls that ring or are connected now", numbers.active_calls);
  counter(out, "belfry_calls_started_total", "Calls that were started, also those that wait for their caller",
          numbers.calls_started);
  counter(out, "belfry_presence_lookups_total",
          "Look-ups of the sessions of a call's people: one for each start, more for its later steps", numbers.presence_lookups);
  gauge(out, "belfry_peerjs_peers", "PeerJS sockets that are open now", numbers.peers);
  MetricFamily& ended =
      family(out, "belfry_calls_total", "Calls and refused starts by outcome; an answered call counts again when it ends",
             MetricType::Counter);
  for (const auto& [outcome, count] : numbers.calls_ended) {
    ClientMetric& metric = ended.metric.emplace_back();
    metric.label = {{"outcome", std::string(outcome)}};
    metric.counter.value = static_cast<double>(count);
  }
}

/// SPEC J-7.3
void add_pushes(Families& out, const gateway::ServerNumbers& numbers) {
  gauge(out, "belfry_push_queue", "Pushes that are being tried now", numbers.push_queue);
  MetricFamily& attempts = family(out, "belfry_push_attempts_total", "Requests sent to push providers", MetricType::Counter);
  for (const auto& [provider, count] : numbers.push_attempts) {
    ClientMetric& metric = attempts.metric.emplace_back();
    metric.label = {{"provider", std::string(provider)}};
    metric.counter.value = static_cast<double>(count);
  }
  MetricFamily& ended = family(out, "belfry_push_deliveries_total", "Pushes by what became of them", MetricType::Counter);
  for (const auto& [provider, status, count] : numbers.push_deliveries) {
    ClientMetric& metric = ended.metric.emplace_back();
    metric.label = {{"provider", std::string(provider)}, {"status", std::string(status)}};
    metric.counter.value = static_cast<double>(count);
  }
}

void add_tokens(Families& out, const gateway::ServerNumbers& numbers) {
  const auto add = [&out](std::string_view name, std::string_view help, const char* label, const auto& counts) {
    MetricFamily& added = family(out, name, help, MetricType::Counter);
    for (const auto& [word, count] : counts) {
      ClientMetric& metric = added.metric.emplace_back();
      metric.label = {{label, std::string(word)}};
      metric.counter.value = static_cast<double>(count);
    }
  };
  add("belfry_tokens_issued_total", "Media tokens issued", "provider", numbers.tokens_issued);
  add("belfry_tokens_refused_total", "Media tokens refused", "reason", numbers.tokens_refused);
}

void add_connections(Families& out, const gateway::ServerNumbers& numbers) {
  gauge(out, "belfry_open_connections", "Sockets open now", numbers.open_connections);
  gauge(out, "belfry_engine_sessions", "Engine.IO sessions now", numbers.engine_sessions);
  gauge(out, "belfry_sockets", "Socket.IO sockets now", numbers.sockets);
  counter(out, "belfry_sockets_recovered_total", "Lost sockets that came back as themselves", numbers.sockets_recovered);
  counter(out, "belfry_connections_accepted_total", "Connections accepted", numbers.accepted);
  counter(out, "belfry_connections_refused_total", "Connections refused by a limit per address", numbers.refused_by_address);
  counter(out, "belfry_tls_handshakes_failed_total", "TLS handshakes that failed", numbers.handshakes_failed);
  counter(out, "belfry_slow_readers_closed_total", "Connections closed for unread output", numbers.slow_readers_closed);
  counter(out, "belfry_accept_pauses_total", "Times accepting stopped for want of descriptors", numbers.accept_pauses);
  counter(out, "belfry_connections_handed_over_total", "Connections moved to their session's shard", numbers.handed_over);
  counter(out, "belfry_handler_exceptions_total", "Connections dropped by a fault of ours", numbers.handler_exceptions);
}

void add_traffic(Families& out, const gateway::ServerNumbers& numbers) {
  counter(out, "belfry_events_total", "Events received from clients", numbers.events);
  counter(out, "belfry_events_refused_total", "Events refused as malformed or forged", numbers.events_refused);
  counter(out, "belfry_candidates_relayed_total", "ICE candidates passed on", numbers.candidates_relayed);
  counter(out, "belfry_received_bytes_total", "Bytes received, without TLS", numbers.bytes_in);
  counter(out, "belfry_sent_bytes_total", "Bytes sent, without TLS", numbers.bytes_out);
  counter(out, "belfry_receives_total", "recv() calls", numbers.receives);
  counter(out, "belfry_sends_total", "send() calls", numbers.sends);
  counter(out, "belfry_mailbox_tasks_total", "Tasks posted between shards", numbers.mailbox_tasks);
}

void add_requests(Families& out, const gateway::ServerNumbers& numbers) {
  MetricFamily& requests =
      family(out, "belfry_http_requests_total", "Plain HTTP requests by route and status", MetricType::Counter);
  for (const auto& [route, status, count] : numbers.requests) {
    ClientMetric& metric = requests.metric.emplace_back();
    metric.label = {{"route", std::string(route)},
                    {"status", status == gateway::kOtherStatus ? "other" : std::to_string(status)}};
    metric.counter.value = static_cast<double>(count);
  }
  auto& times = family(out, "belfry_http_answer_seconds", "Time to answer a plain HTTP request", MetricType::Histogram)
                    .metric.emplace_back()
                    .histogram;
  for (std::size_t i = 0; i < numbers.answer_times.counts.size(); ++i) {
    times.sample_count += numbers.answer_times.counts[i];
    const double bound =
        i < gateway::kAnswerTimeBounds.size() ? gateway::kAnswerTimeBounds[i] : std::numeric_limits<double>::infinity();
    times.bucket.push_back({times.sample_count, bound});
  }
  times.sample_sum = numbers.answer_times.sum_seconds;
}

}  // namespace

std::string prometheus_text(const gateway::ServerNumbers& numbers) {
  Families families;
  add_process(families, numbers.process);
  add_calls(families, numbers);
  add_pushes(families, numbers);
  add_tokens(families, numbers);
  add_connections(families, numbers);
  add_traffic(families, numbers);
  add_requests(families, numbers);
  std::ostringstream text;
  text.imbue(std::locale::classic());
  prometheus::TextSerializer().Serialize(text, families);
  return std::move(text).str();
}

}  // namespace belfry::metrics

// ServerNumbers: the values of /metrics, as plain numbers of one moment. main/ collects them from the process, net/, protocol/
// and app/; adapters/metrics turns them into Prometheus text. Only sums and current values: the scraper computes rates.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace belfry::gateway {

/// Upper bounds in seconds of the answer-time histogram; a last bucket holds slower answers. Our own routes answer from memory,
/// so the bounds are finest at the low end.
constexpr std::array<double, 8> kAnswerTimeBounds = {0.0001, 0.00025, 0.0005, 0.001, 0.005, 0.025, 0.1, 1.0};

struct AnswerTimes {
  std::array<std::uint64_t, kAnswerTimeBounds.size() + 1> counts{};  // per bucket, not cumulative
  double sum_seconds = 0;
};

constexpr int kOtherStatus = 0;  // counts every status without a count of its own

struct RequestCount {
  std::string_view route;  // from the route table, never a client's path: the number of series stays bounded
  int status = kOtherStatus;
  std::uint64_t count = 0;
};

struct OutcomeCount {
  std::string_view outcome;  // answered, declined, cancelled, ...
  std::uint64_t count = 0;
};

struct PushCount {
  std::string_view provider;
  std::uint64_t count = 0;
};
struct DeliveryCount {
  std::string_view provider;
  std::string_view status;  // delivered, failed, ...
  std::uint64_t count = 0;
};

struct ProcessNumbers {
  double cpu_seconds = 0;
  std::uint64_t resident_bytes = 0;
  std::optional<std::uint64_t> open_descriptors;  // absent if counting them would take long
  std::uint64_t max_descriptors = 0;
  double start_time_seconds = 0;  // since 1970
};

struct ServerNumbers {
  ProcessNumbers process;

  std::uint64_t connected_users = 0;
  std::uint64_t active_calls = 0;
  std::uint64_t calls_started = 0;
  std::uint64_t presence_lookups = 0;
  std::uint64_t peers = 0;  // PeerJS ids that a socket has
  std::vector<OutcomeCount> calls_ended;
  std::vector<PushCount> push_attempts;        // requests sent, by provider
  std::vector<DeliveryCount> push_deliveries;  // pushes that have an end
  std::uint64_t push_queue = 0;
  std::vector<OutcomeCount> tokens_issued;   // by provider
  std::vector<OutcomeCount> tokens_refused;  // by error code

  std::uint64_t open_connections = 0;
  std::uint64_t engine_sessions = 0;
  std::uint64_t sockets = 0;  // Socket.IO sockets, including suspended ones
  std::uint64_t sockets_recovered = 0;
  std::uint64_t events = 0;
  std::uint64_t events_refused = 0;
  std::uint64_t candidates_relayed = 0;
  std::uint64_t accepted = 0;
  std::uint64_t refused_by_address = 0;
  std::uint64_t handshakes_failed = 0;
  std::uint64_t slow_readers_closed = 0;
  std::uint64_t accept_pauses = 0;
  std::uint64_t handed_over = 0;
  std::uint64_t handler_exceptions = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t receives = 0;
  std::uint64_t sends = 0;
  std::uint64_t mailbox_tasks = 0;

  std::vector<RequestCount> requests;
  AnswerTimes answer_times;
};

}  // namespace belfry::gateway

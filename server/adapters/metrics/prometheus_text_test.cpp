#include "adapters/metrics/prometheus_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace belfry::metrics {
namespace {

using testing::HasSubstr;

// R-003-55
TEST(PrometheusText, HasProcessSocketsRequestsAndLatencies) {
  gateway::ServerNumbers numbers;
  numbers.process = read_process_numbers();
  numbers.open_connections = 7;
  numbers.requests = {{"/users", 200, 3}, {"/calls", gateway::kOtherStatus, 1}};
  numbers.answer_times.counts[0] = 2;
  numbers.answer_times.counts.back() = 1;
  numbers.answer_times.sum_seconds = 2.5;
  const std::string text = prometheus_text(numbers);
  EXPECT_THAT(text, HasSubstr("# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total "));
  EXPECT_THAT(text, HasSubstr("process_resident_memory_bytes "));
  EXPECT_THAT(text, HasSubstr("belfry_open_connections 7\n"));
  EXPECT_THAT(text, HasSubstr("belfry_http_requests_total{route=\"/users\",status=\"200\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("belfry_http_requests_total{route=\"/calls\",status=\"other\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("belfry_http_answer_seconds_bucket{le=\"0.0001\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("belfry_http_answer_seconds_bucket{le=\"+Inf\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("belfry_http_answer_seconds_sum 2.5"));
}

// R-003-39
TEST(PrometheusText, ReportsConnectedUsersActiveCallsAndOutcomesOfCalls) {
  gateway::ServerNumbers numbers;
  numbers.connected_users = 3;
  numbers.active_calls = 1;
  numbers.peers = 2;
  numbers.calls_ended = {{"answered", 5}, {"busy", 2}};
  const std::string text = prometheus_text(numbers);
  EXPECT_THAT(text, HasSubstr("belfry_connected_users 3\n"));
  EXPECT_THAT(text, HasSubstr("belfry_active_calls 1\n"));
  EXPECT_THAT(text, HasSubstr("belfry_peerjs_peers 2\n"));
  EXPECT_THAT(text, HasSubstr("belfry_calls_total{outcome=\"busy\"} 2\n"));
}

// J-7.3
TEST(PrometheusText, ReportsPushesByProviderAndEnd) {
  gateway::ServerNumbers numbers;
  numbers.push_queue = 4;
  numbers.push_attempts = {{"fcm", 7}};
  numbers.push_deliveries = {{"fcm", "delivered", 5}, {"fcm", "failed", 1}};
  const std::string text = prometheus_text(numbers);
  EXPECT_THAT(text, HasSubstr("belfry_push_queue 4\n"));
  EXPECT_THAT(text, HasSubstr("belfry_push_attempts_total{provider=\"fcm\"} 7\n"));
  EXPECT_THAT(text, HasSubstr("belfry_push_deliveries_total{provider=\"fcm\",status=\"failed\"} 1\n"));
}

TEST(ProcessNumbers, AreThoseOfThisProcess) {
  const auto process = read_process_numbers();
  EXPECT_GT(process.resident_bytes, 1'000'000U);
  EXPECT_GT(process.max_descriptors, 0U);
  EXPECT_GT(process.start_time_seconds, 1.6e9);
}

}  // namespace
}  // namespace belfry::metrics

#include "gateway/api/trial_routes.hpp"

#include "gateway/api/api_call.hpp"
#include "gateway/json/iso_time.hpp"

namespace belfry::gateway {
namespace {

constexpr std::int64_t kLongestAdvance = 366LL * 24 * 3600 * 1000;

void tell_time(TrialControls& controls, const ApiCallPtr& call) {
  const WallTime now = controls.now();
  std::string data;
  json::Writer json(data);
  json.open_object().member("now", iso_text(now)).member("nowMs", now.unix_ms).close_object();
  call->succeed(data);
}

Operation read_test_clock_operation(TrialControls& controls) {
  return {.path = "/test/clock",
          .id = "readTestClock",
          .summary = "The virtual time",
          .auth = Auth::none,
          .data = "Clock",
          .act = [&controls](const ApiCallPtr& call) { tell_time(controls, call); }};
}

Operation advance_test_clock_operation(TrialControls& controls) {
  return {.method = http::Method::post,
          .path = "/test/clock/advance",
          .id = "advanceTestClock",
          .summary = "Move the virtual time; answers when all that was due is done",
          .auth = Auth::none,
          .body = {{"ms", FieldKind::integer, Need::required, "", {}, 0, kLongestAdvance}},
          .data = "Clock",
          .act = [&controls](const ApiCallPtr& call) {
            controls.advance(std::chrono::milliseconds(call->required_integer("ms")),
                             [&controls, call] { tell_time(controls, call); });
          }};
}

Operation inject_fault_operation(TrialControls& controls) {
  return {.method = http::Method::post,
          .path = "/test/faults",
          .id = "injectFault",
          .summary = "Make the store fail",
          .auth = Auth::none,
          .body = {{"point", FieldKind::text, Need::required, "", {"store.commit", "store.message"}},
                   {"action", FieldKind::text, Need::required, "", {"fail"}},
                   {"times", FieldKind::integer, Need::optional, "0 clears it", {}, 0}},
          .data = "Nothing",
          .act = [&controls](const ApiCallPtr& call) {
            const std::int64_t times = call->integer("times").value_or(1);
            if (call->required_text("point") == "store.message")
              controls.fail_messages(times);
            else
              controls.fail_commits(times);
            call->succeed("null");
          }};
}

Operation reset_test_operation(TrialControls& controls) {
  return {.method = http::Method::post,
          .path = "/test/reset",
          .id = "resetTest",
          .summary = "Empty state and limiters",
          .auth = Auth::none,
          .errors = {ApiError::store_unavailable},
          .data = "Nothing",
          .act = [&controls](const ApiCallPtr& call) {
            controls.reset([call](bool emptied) {
              if (!emptied) return call->fail(ApiError::store_unavailable);
              call->succeed("null");
            });
          }};
}

}  // namespace

Operations trial_operations(TrialControls& controls) {
  Operations all{read_test_clock_operation(controls), advance_test_clock_operation(controls), inject_fault_operation(controls),
                 reset_test_operation(controls)};
  for (Operation& each : all) each.documented = false;  // for tests of this server, not for its clients
  return all;
}

}  // namespace belfry::gateway

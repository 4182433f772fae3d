#include "gateway/native/limits.hpp"

#include <utility>

#include "gateway/native/answers.hpp"

namespace belfry::gateway::native {

bool Limits::admits_signal(const ClientEvent& event) {
  return admits(event, event.session.memory.signals, settings_.signals, {"signal", "signals"});
}

bool Limits::admits_report(const ClientEvent& event) {
  return admits(event, event.session.memory.reports, settings_.reports, {"report", "reports"});
}

bool Limits::admits(const ClientEvent& event, TokenBucket& used, const RateLimit& limit, Kind kind) {
  const auto wait = used.take(limit, ports_.clock.now());
  if (!wait) return true;
  event.answer()(too_many(kind.plural, *wait));
  if (!std::exchange(event.session.memory.warned_of_limit, true))
    sessions_.emit(event.session, "rate.warning", [&](json::Writer& json) {
      json.member("bucket", kind.bucket)
          .member("limit", std::int64_t{limit.max})
          .member("windowMs", whole_ms(limit.window))
          .member("retryAfterMs", whole_ms(*wait));
    });
  return false;
}

bool Limits::may_join(const ClientEvent& event) {
  if (event.context().identity->may_join(ports_.clock.wall())) return true;
  event.refuse(Failure{.error = ApiError::session_expired});
  if (!std::exchange(event.session.memory.warned_of_expiry, true))
    sessions_.emit(event.session, "session.expiring", [](json::Writer& json) { json.member("reason", "expired"); });
  return false;
}

}  // namespace belfry::gateway::native

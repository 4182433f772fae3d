#include "gateway/native/pieces.hpp"

#include "base/uuid.hpp"
#include "wire/json/json.hpp"

namespace belfry::gateway::native {

std::string quoted(std::string_view text) {
  std::string out;
  json::append_quoted(out, text);
  return out;
}
std::string quoted_or_null(std::string_view text) { return text.empty() ? "null" : quoted(text); }
std::string id_or_null(const std::optional<calls::UserId>& id) { return id ? '"' + to_text(id->value()) + '"' : "null"; }
std::string time_or_null(const std::optional<WallTime>& time) { return time ? '"' + iso_text(*time) + '"' : "null"; }

std::string whole_call(const store::StoredCall& call) { return call_json(call, People::named); }

std::int64_t whole_ms(Duration duration) { return std::chrono::ceil<std::chrono::milliseconds>(duration).count(); }

std::string rate_warning(std::string_view bucket, const RateLimit& limit, Duration retry_after) {
  return R"(,"bucket":)" + quoted(bucket) + R"(,"limit":)" + std::to_string(limit.max) + R"(,"windowMs":)" +
         std::to_string(whole_ms(limit.window)) + R"(,"retryAfterMs":)" + std::to_string(whole_ms(retry_after));
}

std::string device_of(const SocketContext& context) {
  return context.device.empty() ? to_text(context.session.value()) : std::string(context.device);
}

calls::Actor actor_of(const SocketContext& context) {
  return {.user = context.identity->user,
          .session = context.session,
          .at = context.at,
          .device = device_of(context),
          .dialect = call::Dialect::native};
}

}  // namespace belfry::gateway::native

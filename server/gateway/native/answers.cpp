#include "gateway/native/answers.hpp"

#include "base/uuid.hpp"
#include "gateway/json/entities.hpp"

namespace belfry::gateway::native {

std::string start_answer(const calls::CallResult& answer) {
  std::string call;
  json::Writer json(call);
  append_call_members(json.open_object(), *answer.call, People::named);
  json.member("reachable", answer.reachable);
  if (answer.glare) json.member("glare", true);
  json.close_object();
  return success(call);
}

std::string signal_answer(const calls::CallResult& answer) { return answer.queued ? success(R"({"queued":true})") : success(); }

Failure signal_failure(const calls::Refused& refused) {
  Failure failure = failure_of(refused);
  if (refused.why == calls::Refusal::not_active && refused.call)
    failure.message = "The call is not active: its status is " + std::string(to_text(refused.call->row.status));
  return failure;
}

std::string too_many(std::string_view what, Duration retry_after) {
  return refusal(
      Failure{.error = ApiError::rate_limited, .message = "Too many " + std::string(what), .retry_after = retry_after});
}

void append_snapshot(json::Writer& json, const std::vector<store::StoredCall>& calls) {
  append_calls(json, calls);
  json.key("callSeqs").open_object();
  for (const auto& call : calls) json.member(to_text(call.row.id.value()), static_cast<std::int64_t>(call.row.version));
  json.close_object();
}

std::string snapshot(const std::vector<store::StoredCall>& calls) {
  std::string text;
  json::Writer json(text);
  append_snapshot(json.open_object(), calls);
  json.close_object();
  return text;
}

}  // namespace belfry::gateway::native

#include "gateway/native/answers.hpp"

#include "base/uuid.hpp"
#include "gateway/json/entities.hpp"
#include "gateway/native/pieces.hpp"
#include "wire/json/writer.hpp"

namespace belfry::gateway::native {

std::string success(std::string_view data) {
  std::string text;
  json::Writer json(text);
  json.open_object().member("success", true);
  if (!data.empty()) json.key("data").raw(data);
  json.close_object();
  return text;
}

std::string call_answer(const calls::CallAnswer& answer) {
  if (!answer.call) return success();
  std::string call;
  json::Writer json(call);
  append_call_members(json.open_object(), *answer.call, People::named);
  json.close_object();
  return success(call);
}

std::string start_answer(const calls::CallAnswer& answer) {
  std::string call;
  json::Writer json(call);
  append_call_members(json.open_object(), *answer.call, People::named);
  json.member("reachable", answer.reachable);
  if (answer.glare) json.member("glare", true);
  json.close_object();
  return success(call);
}

std::string signal_answer(const calls::CallAnswer& answer) { return answer.queued ? success(R"({"queued":true})") : success(); }

Failure signal_failure(const calls::Refused& refused) {
  Failure failure = failure_of(refused);
  if (refused.why == calls::Refusal::not_active && refused.call)
    failure.message = "The call is not active: its status is " + std::string(to_text(refused.call->row.status));
  return failure;
}

std::string refusal(const Failure& failure) {
  std::string text;
  json::Writer json(text);
  json.open_object().member("success", false);
  append_error(json.key("error"), failure, {});
  if (!failure.data.empty()) json.key("data").raw(failure.data);
  json.close_object();
  return text;
}

std::string refusal(calls::Refusal why) { return refusal(failure_of(calls::Refused{.why = why})); }

std::string refusal(const Issues& issues) { return refusal(Failure{.error = ApiError::validation_failed, .details = issues}); }

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

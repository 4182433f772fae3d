#include "gateway/dialects/acknowledgements.hpp"

#include <chrono>

#include "gateway/json/entities.hpp"
#include "wire/json/writer.hpp"

namespace belfry::gateway {

std::string success(std::string_view data) {
  std::string text;
  json::Writer json(text);
  json.open_object().member("success", true);
  if (!data.empty()) json.key("data").raw(data);
  json.close_object();
  return text;
}

std::string call_answer(const calls::CallResult& answer) {
  if (!answer.call) return success();
  std::string call;
  json::Writer json(call);
  append_call_members(json.open_object(), *answer.call, People::named);
  json.close_object();
  return success(call);
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

std::int64_t whole_ms(Duration duration) { return std::chrono::ceil<std::chrono::milliseconds>(duration).count(); }

}  // namespace belfry::gateway

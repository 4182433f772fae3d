#include "gateway/native/answers.hpp"

#include "gateway/native/pieces.hpp"

namespace belfry::gateway::native {
namespace {

std::string retry_after_json(Duration wait) { return R"(,"retryAfterMs":)" + std::to_string(whole_ms(wait)); }

}  // namespace

std::string failure(std::string_view code, std::string_view message, std::string_view more, std::string_view data) {
  std::string out = R"({"success":false)";
  if (!data.empty()) out += R"(,"data":)" + std::string(data);
  out += R"(,"error":{"code":)" + quoted(code) + R"(,"message":)" + quoted(message);
  return out + std::string(more) + "}}";
}

std::string success(std::string_view data) {
  return data.empty() ? R"({"success":true})" : R"({"success":true,"data":)" + std::string(data) + '}';
}

std::string call_answer(const calls::Outcome& outcome) {
  if (!outcome.call) return success();
  std::string call = call_json(*outcome.call);
  if (outcome.glare) call.replace(call.size() - 1, 1, R"(,"glare":true})");
  return success(call);
}

std::string signal_answer(const calls::Outcome& outcome) { return outcome.queued ? success(R"({"queued":true})") : success(); }

std::string refusal(std::string_view code, std::string_view message) { return failure(code, message, {}); }

std::string refusal(const Issues& issues) {
  std::string details = R"(,"details":[)";
  for (const Issue& issue : issues) {
    if (details.back() == '}') details += ',';
    details += R"({"field":)" + quoted(issue.field) + R"(,"issue":)" + quoted(issue.issue) + '}';
  }
  return failure("VALIDATION_FAILED", "Validation failed", details + ']');
}

std::string rate_refusal(Duration retry_after) {
  return failure("RATE_LIMITED", "Too many signals", retry_after_json(retry_after));
}

std::string snapshot(const std::vector<store::StoredCall>& calls) {
  std::string list, seqs;
  for (const auto& call : calls) {
    list += (list.empty() ? "" : ",") + call_json(call);
    seqs += (seqs.empty() ? "\"" : ",\"") + to_text(call.row.id) + "\":" + std::to_string(call.row.version);
  }
  return R"({"calls":[)" + list + R"(],"callSeqs":{)" + seqs + "}}";
}

}  // namespace belfry::gateway::native

#include "gateway/signaling/events.hpp"

#include <optional>
#include <span>
#include <string>

#include "gateway/json/descriptions.hpp"
#include "gateway/json/errors.hpp"
#include "gateway/signaling/reasons.hpp"
#include "wire/json/writer.hpp"

namespace belfry::gateway::signaling {
namespace {

/// A description and the candidates beside it, as this client writes them itself (W-003-02, W-003-03).
struct Written {
  std::string_view description, key, candidates;
};

Written as_written_for(DescriptionForm form, std::string_view description, std::string_view candidates) {
  if (form == DescriptionForm::sdp_text) {
    if (const auto sdp = sdp_of(description)) description = *sdp;
    if (candidates.empty()) candidates = "[]";
  }
  return {description, candidates.empty() ? "" : R"(,"iceCandidates":)", candidates};
}

}  // namespace

// --- events ---
// Names contain only [a-zA-Z0-9_-] here, so they need no escaping: an event is written in pieces straight into the output,
// without a text of its own.

void Events::incoming_call(SessionAddress to, std::string_view from, std::string_view offer, std::string_view candidates) {
  const Written it = as_written_for(sessions_.of(to).form, offer, candidates);
  emit(to, "incoming_call", {R"({"from":")", from, R"(","offer":)", it.description, it.key, it.candidates, "}"});
}

/// Who calls with an object understands an object; a callee who has shown nothing gets what the caller sent.
void Events::call_answered(SessionAddress to, std::string_view from, std::string_view answer, std::string_view candidates) {
  const DescriptionForm form = sessions_.of(to).form;
  const Written it = as_written_for(form, answer, candidates);
  const bool wraps = form == DescriptionForm::object && answer.starts_with('"');
  emit(to, "call_answered",
       {R"({"from":")", from, R"(","answer":)", wraps ? R"({"type":"answer","sdp":)" : "", it.description, wraps ? "}" : "",
        it.key, it.candidates, "}"});
}

void Events::call_ended(SessionAddress to, std::string_view from, std::string_view reason) {
  if (reason.empty()) return emit(to, "call_ended", {R"({"from":")", from, R"("})"});
  emit(to, "call_ended", {R"({"from":")", from, R"(","reason":")", reason, R"("})"});
}

void Events::call_declined(SessionAddress to, std::string_view from) {
  emit(to, "call_declined", {R"({"from":")", from, R"("})"});
}

void Events::call_busy(SessionAddress to, std::string_view target) {
  emit(to, "call_busy", {R"({"targetUser":")", target, R"("})"});
}

void Events::call_timeout(SessionAddress to, std::string_view user) { emit(to, "call_timeout", {R"({"user":")", user, R"("})"}); }

void Events::ice_candidate(SessionAddress to, std::string_view from, std::string_view candidate) {
  emit(to, "ice_candidate", {R"({"from":")", from, R"(","candidate":)", candidate, "}"});
}

void Events::force_disconnect(SessionAddress to, std::string_view reason) {
  emit(to, "force_disconnect", {R"({"reason":")", reason, R"("})"});
  out_.close(to);
}

void Events::logout_success(SessionAddress to, std::string_view name) {
  std::string text;
  json::Writer(text).open_object().member("userId", name).close_object();
  out_.emit_unkept(to, "logout_success", text);
}

void Events::call_failed(SessionAddress to, std::string_view error, std::string_view target) {
  std::string text;
  json::Writer(text).open_object().member("error", error).member("targetUser", target).close_object();
  emit(to, "call_failed", {text});
}

/// Not kept for recovery: a client registers again on each connect, and an idle registered socket must not cost a log.
void Events::user_registered(SessionAddress to, std::string_view name, std::string_view error) {
  std::string text;
  json::Writer json(text);
  json.open_object().member("success", error.empty()).member("userId", name);
  if (!error.empty()) json.member("error", error);
  json.close_object();
  out_.emit_unkept(to, "user_registered", text);
}

void Events::emit(SessionAddress to, std::string_view event, std::initializer_list<std::string_view> pieces) {
  out_.emit(to, event, std::span<const std::string_view>(pieces.begin(), pieces.size()));
}

// --- acknowledgements ---

void Events::acknowledge_no_call(SessionAddress socket, Ack ack) {
  acknowledge(socket, ack, calls::Result(unexpected(calls::Refused{.why = calls::Refusal::not_active})));
}

/// Seed 003's clients do not ask for acknowledgements; a client that does gets the form of SPEC section 0.
void Events::acknowledge(SessionAddress socket, Ack ack, const Handled& handled) {
  if (!ack) return;
  if (handled) return out_.acknowledge(socket, *ack, R"({"success":true})");
  out_.acknowledge(socket, *ack, brief_failure_json(ApiError::validation_failed, handled.error().error));
}

void Events::acknowledge(SessionAddress socket, Ack ack, const calls::Result& result) {
  if (!ack) return;
  if (result) return out_.acknowledge(socket, *ack, R"({"success":true})");
  out_.acknowledge(socket, *ack, brief_failure_json(failure_of(result.error()).error, explain(result.error().why)));
}

}  // namespace belfry::gateway::signaling

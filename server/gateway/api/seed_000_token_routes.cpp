// The token route of seed 000's app (SPEC W-000-01): the conversation is called `channelName`, strangers get 400, and answers
// have no envelope. At Agora that app joins as user 0, so its token names nobody.
#include <utility>

#include "gateway/api/rate_limit.hpp"
#include "gateway/api/token_requests.hpp"
#include "gateway/api/token_routes.hpp"

namespace belfry::gateway {
namespace {

using Services = TokenServices;

struct Flaw {
  std::string path, message;
};

/// {success, code, message, error: [{path, message}]}
std::string refusal(int status, std::string_view message, const std::vector<Flaw>& flaws) {
  std::string body;
  json::Writer json(body);
  json.open_object().member("success", false).member("code", std::int64_t{status}).member("message", message);
  json.key("error").open_array();
  for (const auto& [path, what] : flaws) json.open_object().member("path", path).member("message", what).close_object();
  json.close_array().close_object();
  return body;
}

/// What the router refuses, which the app reads as it reads the rest.
std::string refusal_for(const Failure& failure) {
  const WireError& wire = wire_error(failure.error);
  const std::string message(failure.message.empty() ? wire.message : std::string_view(failure.message));
  std::vector<Flaw> flaws;
  for (const auto& [field, issue] : failure.details)
    flaws.push_back({field, field == "channelName" ? "channelName must be the id of a conversation" : field + " is " + issue});
  if (flaws.empty()) return refusal(wire.status, message, {{"", message}});
  return refusal(wire.status, flaws.front().message, flaws);
}

void refuse(const ApiCallPtr& call, int status, std::string_view path, std::string_view message) {
  call->answer({.status = status, .body = refusal(status, message, {{std::string(path), std::string(message)}})});
}

void answer(const ApiCallPtr& call, const call_tokens::MediaToken& token) {
  std::string body;
  json::Writer json(body);
  json.open_object().member("success", true).member("code", std::int64_t{200}).member("message", "Token generated successfully");
  json.key("data").open_object().key("attributes").open_object();
  json.member("token", token.minted.token).member("appId", token.minted.app_id).member("channelName", token.channel.name());
  json.close_object().close_object().close_object();
  call->answer({.body = std::move(body)});
}

void fetch(const Services& services, const ApiCallPtr& call) {
  const auto conversation = call->uuid("channelName");
  if (!conversation) return call->fail_field("channelName", "invalid");
  call_tokens::TokenRequest request = token_request_of(*call);
  request.holder = call_tokens::Holder::anybody_at_agora;
  const TokenSubject subject{.conversation = to_text(*conversation)};
  const auto status = services.limits.fetches.take(call->who.user, call->received);
  tell_rate_limit(status, *call);
  if (status.wait) {
    note_refused(services, *call, subject, ApiError::rate_limited);
    tell_when_to_retry(status, *call);
    return refuse(call, 429, "", wire_error(ApiError::rate_limited).message);
  }
  services.tokens.for_conversation(
      call->who.user, conversation::ConversationId(*conversation), request, [services, call, subject](const auto& token) {
        if (token) {
          note_issued(services, *call, {subject.conversation, token->channel.name()}, token->provider);
          return answer(call, *token);
        }
        const Failure failure = failure_of(token.error(), About::conversation);
        note_refused(services, *call, subject, failure.error);
        const bool stranger = failure.error == ApiError::not_in_conversation;
        refuse(call, stranger ? 400 : wire_error(failure.error).status, stranger ? "channelName" : "",
               failure.message.empty() ? wire_error(failure.error).message : failure.message);
      });
}

Operation at(const Services& services, std::string_view path, std::string_view id) {
  return {.method = http::Method::post,
          .path = path,
          .id = id,
          .summary = "As fetchCallToken, for seed 000's app",
          .body = {{"channelName", FieldKind::text}, {"role", FieldKind::text}, {"userId", FieldKind::json, Need::quiet}},
          .documented = false,  // it answers without an envelope
          .secret_answer = true,
          .act = [services](const ApiCallPtr& call) { fetch(services, call); },
          .failure_body = refusal_for};
}

}  // namespace

Operations seed_000_token_operations(const TokenServices& services) {
  return {at(services, "/api/call/token", "seed000CallToken"), at(services, "/api/v1/call/token", "seed000CallTokenV1")};
}

}  // namespace belfry::gateway

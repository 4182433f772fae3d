#include "gateway/api/token_routes.hpp"

#include <utility>

#include "gateway/api/rate_limit.hpp"
#include "gateway/api/token_answers.hpp"
#include "gateway/api/token_requests.hpp"
#include "gateway/json/iso_time.hpp"
#include "wire/jwt/jws.hpp"

namespace belfry::gateway {
namespace {

using call_tokens::MediaToken;
using Services = TokenServices;

void answer_token(const Services& services, const ApiCallPtr& call, const MediaToken& token) {
  write_token(services, call->who.user, token, [call](const std::string& data) { call->succeed(data); });
}

call_tokens::CallTokens::TokenDone answering(const Services& services, const ApiCallPtr& call, const TokenSubject& subject,
                                             About about) {
  return [services, call, subject, about](const auto& token) {
    if (!token) {
      const Failure failure = failure_of(token.error(), about);
      note_refused(services, *call, subject, failure.error);
      return call->fail(failure);
    }
    note_issued(services, *call, {subject.conversation, token->channel.name()}, token->provider);
    answer_token(services, call, *token);
  };
}

/// False: refused, and answered.
bool admit(const Services& services, const ApiCallPtr& call, const limits::RateLimitStatus& status, const TokenSubject& subject) {
  if (!status.wait) {
    tell_rate_limit(status, *call);
    return true;
  }
  note_refused(services, *call, subject, ApiError::rate_limited);
  refuse_for_now(status, *call);
  return false;
}

/// Before the limit: a request that can be served nowhere does not use it up (J-3.5). If none is named for a call, its own
/// provider is meant, which only the store knows.
bool is_configured(const Services& services, const ApiCallPtr& call, const call_tokens::TokenRequest& request) {
  if (services.tokens.is_configured(request)) return true;
  call->fail(failure_of(call_tokens::TokenFault::not_configured, About::call));
  return false;
}

void fetch(const Services& services, const ApiCallPtr& call) {
  const auto conversation = call->uuid("conversationId");
  const auto in_call = call->uuid("callId");
  if (conversation.has_value() == in_call.has_value()) {
    const std::string issue = conversation ? "invalid" : "required";
    return call->fail({.error = ApiError::validation_failed, .details = {{"conversationId", issue}, {"callId", issue}}});
  }
  const call_tokens::TokenRequest request = token_request_of(*call);
  if ((conversation || request.provider) && !is_configured(services, call, request)) return;
  const TokenSubject subject{.conversation = conversation ? to_text(*conversation) : std::string()};
  if (!admit(services, call, services.limits.fetches.take(call->who.user, call->received), subject)) return;
  if (conversation)
    return services.tokens.for_conversation(call->who.user, conversation::ConversationId(*conversation), request,
                                            answering(services, call, subject, About::conversation));
  services.tokens.for_call(call->who.user, call::CallId(*in_call), request, answering(services, call, subject, About::call));
}

void renew(const Services& services, const ApiCallPtr& call) {
  const call_tokens::TokenRequest request = token_request_of(*call);
  const call::CallId id(call->id("id"));
  if (request.provider && !is_configured(services, call, request)) return;
  if (!admit(services, call, services.limits.take_renewal(call->who.user, id, call->received), {})) return;
  services.tokens.renew(call->who.user, id, request, answering(services, call, {}, About::call));
}

void join(const Services& services, const ApiCallPtr& call) {
  const auto status = services.limits.joins.take(call->who.user, call->received);
  if (status.wait) return refuse_for_now(status, *call);
  services.tokens.join(call->who.user, call->required_text("token"), [call](const auto& joined) {
    if (!joined) return call->fail(failure_of(joined.error()));
    call->succeed(joined_json(*joined));
  });
}

}  // namespace

Operations token_operations(const TokenServices& services) {
  const Services& s = services;
  Operation fetched{.path = "/api/call/token",
                    .id = "fetchCallToken",
                    .summary = "A token to join the media of a conversation or a call; changes nothing and notifies nobody",
                    .query = {{"conversationId", FieldKind::uuid, Need::optional, "this or callId"},
                              {"callId", FieldKind::uuid, Need::optional, "this or conversationId"},
                              provider_field(),
                              uid_type_field(),
                              role_field()},
                    .errors = {ApiError::not_participant, ApiError::not_in_conversation, ApiError::rate_limited},
                    .data = "MediaToken",
                    .secret_answer = true,
                    .act = [s](const ApiCallPtr& call) { fetch(s, call); }};
  Operation renewed{.method = http::Method::post,
                    .path = "/api/calls/{id}/token",
                    .id = "renewCallToken",
                    .summary = "Another token for a call that I am in, before the last one expires",
                    .body = {provider_field(), uid_type_field(), role_field()},
                    .errors = {ApiError::not_participant, ApiError::call_not_active, ApiError::rate_limited},
                    .data = "MediaToken",
                    .secret_answer = true,
                    .act = [s](const ApiCallPtr& call) { renew(s, call); }};
  Operation joined{
      .method = http::Method::post,
      .path = "/api/call/join",
      .id = "joinWithCallToken",
      .summary = "Present a native token: what it is for, and who may be met there",
      .body =
          {{"token", FieldKind::text, Need::required, "of fetchCallToken", {}, 1, static_cast<std::int64_t>(jwt::kMaxTokenSize)}},
      .errors = {ApiError::token_invalid, ApiError::token_expired, ApiError::not_in_conversation, ApiError::rate_limited},
      .data = "JoinedMedia",
      .act = [s](const ApiCallPtr& call) { join(s, call); }};
  return {std::move(fetched), std::move(renewed), std::move(joined)};
}

}  // namespace belfry::gateway

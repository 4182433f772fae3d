#include "gateway/api/token_requests.hpp"

#include <chrono>

#include "base/check.hpp"
#include "base/logged_id.hpp"

namespace belfry::gateway {

using call_tokens::TokenFault;

call_tokens::TokenRequest token_request_of(const ApiCall& call) {
  call_tokens::TokenRequest request;
  request.provider = call_tokens::parse_provider(call.text("provider").value_or(""));
  request.uid_form = call_tokens::parse_uid_form(call.text("uidType").value_or(""));
  request.role = call_tokens::parse_media_role(call.text("role").value_or("")).value_or(request.role);
  return request;
}

Field provider_field() {
  return {"provider",
          FieldKind::text,
          Need::optional,
          "whose token; else that of the call, or for a conversation the server's MEDIA_PROVIDER",
          {"native", "agora", "livekit"}};
}
Field uid_type_field() {
  return {"uidType",
          FieldKind::text,
          Need::optional,
          "how it names its holder; else the server's MEDIA_UID_TYPE",
          {"string", "numeric"}};
}
Field role_field() {
  return {"role", FieldKind::text, Need::optional, "a subscriber sends no media; else publisher", {"publisher", "subscriber"}};
}

std::int64_t whole_seconds(Duration duration) { return std::chrono::duration_cast<std::chrono::seconds>(duration).count(); }

namespace {

LogField::Value text_or_null(std::string_view text) {
  if (text.empty()) return nullptr;
  return text;
}

}  // namespace

void note_issued(const TokenServices& services, const ApiCall& call, const TokenSubject& subject,
                 call_tokens::Provider provider) {
  log_issued(services, call.who.user, subject, provider, call.request_id);
}

// J-7.5
void log_issued(const TokenServices& services, const account::UserId& user, const TokenSubject& subject,
                call_tokens::Provider provider, std::string_view request_id) {
  services.counters.count_issued(provider);
  services.log.info("media token issued", {{"event", "token.issued"},
                                           {"userId", logged_id(user)},
                                           {"conversationId", text_or_null(subject.conversation)},
                                           {"channel", text_or_null(subject.channel)},
                                           {"provider", to_text(provider)},
                                           {"ttl", whole_seconds(services.tokens.mint().settings().life)},
                                           {"outcome", "issued"},
                                           {"requestId", text_or_null(request_id)}});
}

void note_refused(const TokenServices& services, const ApiCall& call, const TokenSubject& subject, ApiError why) {
  // J-7.4. Its id was checked before.
  if (const auto id = parse_uuid(subject.conversation); id && why == ApiError::not_in_conversation)
    services.conversations.note_refused({call.who.user, call.operation->id}, conversation::ConversationId(*id));
  log_refused(services,
              {.user = call.no_session ? std::nullopt : std::optional(call.who.user),
               .address = call.address,
               .operation = call.operation->id,
               .at = call.received,
               .request_id = call.request_id},
              subject, why);
}

void log_refused(const TokenServices& services, const RefusedAsker& asker, const TokenSubject& subject, ApiError why) {
  services.counters.count_refused(why);
  const std::string id = asker.user ? logged_id(*asker.user) : std::string();
  const std::string key = std::string(asker.operation).append(" ").append(asker.user ? id : asker.address);
  if (why == ApiError::rate_limited && services.limits.refusals_logged.take(key, asker.at).wait) return;
  services.log.warn("media token refused", {{"event", "token.refused"},
                                            {"userId", text_or_null(id)},
                                            {"conversationId", text_or_null(subject.conversation)},
                                            {"channel", text_or_null(subject.channel)},
                                            {"outcome", wire_error(why).code},
                                            {"requestId", text_or_null(asker.request_id)}});
}

Failure failure_of(TokenFault fault, About about) {
  switch (fault) {
    case TokenFault::not_configured:
      return {.error = ApiError::validation_failed, .details = {{"provider", "not_configured"}}};
    case TokenFault::not_participant:
      return {.error = about == About::call ? ApiError::not_participant : ApiError::not_in_conversation};
    case TokenFault::call_over:
      return {.error = ApiError::call_not_active, .message = "This call is over for you, so its token cannot be renewed"};
    case TokenFault::unavailable:
      return store_unavailable();
  }
  CHECK(false, "a fault of a media token without its code");
}

}  // namespace belfry::gateway

#include "gateway/api/token_routes.hpp"

#include <utility>

#include "gateway/api/rate_limit.hpp"
#include "gateway/api/token_requests.hpp"
#include "gateway/json/iso_time.hpp"
#include "wire/jwt/jws.hpp"

namespace belfry::gateway {
namespace {

using call_tokens::MediaToken;
using call_tokens::Provider;
using call_tokens::UidForm;
using Services = TokenServices;

void append_uid(json::Writer& json, UidForm form, const std::string& uid) {
  if (form == UidForm::string) return json.member("uid", uid), void();
  json.key("uid").raw(uid);  // the store's number as text
}

/// `servers`: of a native token (J-3.2).
std::string token_json(const Services& services, const MediaToken& token, const ice::IceServers::List* servers) {
  const call_tokens::MintSettings& mint = services.tokens.mint().settings();
  std::string text;
  json::Writer json(text);
  json.open_object().member("token", token.minted.token).member("provider", to_text(token.provider));
  json.member("appId", token.minted.app_id).member("channel", token.channel.name());
  append_uid(json, token.uid_form, token.uid);
  json.member("uidType", to_text(token.uid_form)).member("expiresIn", whole_seconds(mint.life));
  json.member("expiresAt", iso_text(token.minted.expires)).member("privilegeExpiresAt", iso_text(token.minted.privilege_expires));
  if (servers != nullptr) append_ice_servers(json.key("iceServers"), *servers);
  if (token.provider == Provider::livekit) json.member("sfuUrl", mint.livekit.url);
  json.close_object();
  return text;
}

void answer_token(const Services& services, const ApiCallPtr& call, const MediaToken& token) {
  if (token.provider != Provider::native) return call->succeed(token_json(services, token, nullptr));
  services.ice.list(call->who.user, [services, call, token](const ice::IceServers::List& servers) {
    call->succeed(token_json(services, token, &servers));
  });
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
  if (!status.wait) return tell_rate_limit(status, *call), true;
  note_refused(services, *call, subject, ApiError::rate_limited);
  return refuse_for_now(status, *call), false;
}

/// Before the limit: a request that can be served nowhere does not use it up (J-3.5).
bool is_configured(const Services& services, const ApiCallPtr& call, const call_tokens::TokenWish& wish) {
  if (services.tokens.is_configured(wish)) return true;
  return call->fail(failure_of(call_tokens::TokenFault::not_configured, About::call)), false;
}

void fetch(const Services& services, const ApiCallPtr& call) {
  const auto conversation = call->uuid("conversationId");
  const auto in_call = call->uuid("callId");
  if (conversation.has_value() == in_call.has_value()) {
    const std::string issue = conversation ? "invalid" : "required";
    return call->fail({.error = ApiError::validation_failed, .details = {{"conversationId", issue}, {"callId", issue}}});
  }
  const call_tokens::TokenWish wish = wish_of(*call);
  if (!is_configured(services, call, wish)) return;
  const TokenSubject subject{.conversation = conversation ? to_text(*conversation) : std::string()};
  if (!admit(services, call, services.limits.fetches.take(call->who.user, call->received), subject)) return;
  if (conversation)
    return services.tokens.for_conversation(call->who.user, conversation::ConversationId(*conversation), wish,
                                            answering(services, call, subject, About::conversation));
  services.tokens.for_call(call->who.user, call::CallId(*in_call), wish, answering(services, call, subject, About::call));
}

void renew(const Services& services, const ApiCallPtr& call) {
  const call_tokens::TokenWish wish = wish_of(*call);
  const call::CallId id(call->id("id"));
  if (!is_configured(services, call, wish)) return;
  if (!admit(services, call, services.limits.renewals.take({call->who.user, id}, call->received), {})) return;
  services.tokens.renew(call->who.user, id, wish, answering(services, call, {}, About::call));
}

Failure failure_of(call_tokens::JoinFault fault) {
  switch (fault) {
    case call_tokens::JoinFault::invalid:
      return {.error = ApiError::token_invalid};
    case call_tokens::JoinFault::expired:
      return {.error = ApiError::token_expired, .data = R"({"renew":true})"};
    case call_tokens::JoinFault::not_participant:
      return {.error = ApiError::not_in_conversation};
    case call_tokens::JoinFault::unavailable:
      return store_unavailable();
  }
  return {.error = ApiError::internal};
}

bool is_number(const std::string& uid) { return !uid.empty() && uid.find_first_not_of("0123456789") == std::string::npos; }

std::string joined_json(const call_tokens::Joined& joined) {
  const auto& [grant, participants, in_call] = joined;
  const bool of_call = grant.channel.kind == call_tokens::MediaChannel::Kind::call;
  const std::string name = grant.channel.name();
  std::string text;
  json::Writer json(text);
  json.open_object()
      .member_or_null("conversationId", of_call ? std::string() : name)
      .member_or_null("callId", of_call ? name : "");
  json.member("channel", name);
  append_uid(json, is_number(grant.uid) ? UidForm::numeric : UidForm::string, grant.uid);
  json.member("mediaMode", "p2p").key("participants").open_array();
  for (const account::UserId& user : participants) json.text(to_text(user.value()));
  json.close_array().close_object();
  return text;
}

void join(const Services& services, const ApiCallPtr& call) {
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
      .errors = {ApiError::token_invalid, ApiError::token_expired, ApiError::not_in_conversation},
      .data = "JoinedMedia",
      .act = [s](const ApiCallPtr& call) { join(s, call); }};
  return {std::move(fetched), std::move(renewed), std::move(joined)};
}

}  // namespace belfry::gateway

#include "gateway/api/token_answers.hpp"

#include "base/check.hpp"
#include "gateway/api/token_requests.hpp"
#include "gateway/json/iso_time.hpp"

namespace belfry::gateway {
namespace {

using call_tokens::MediaToken;
using call_tokens::Provider;
using call_tokens::UidForm;

void append_uid(json::Writer& json, UidForm form, const std::string& uid) {
  if (form == UidForm::string) {
    json.member("uid", uid);
    return;
  }
  json.key("uid").raw(uid);  // the store's number as text
}

/// `servers`: of a native token (J-3.2).
std::string token_json(const TokenServices& services, const MediaToken& token, const ice::IceServers::List* servers) {
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

bool is_number(const std::string& uid) { return !uid.empty() && uid.find_first_not_of("0123456789") == std::string::npos; }

}  // namespace

void write_token(const TokenServices& services, const account::UserId& user, const MediaToken& token,
                 std::function<void(const std::string&)> written) {
  if (token.provider != Provider::native) return written(token_json(services, token, nullptr));
  services.ice.list(user, [services, token, written = std::move(written)](const ice::IceServers::List& servers) {
    written(token_json(services, token, &servers));
  });
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
  CHECK(false, "a fault of a join without its code");
}

std::string joined_json(const call_tokens::Joined& joined) {
  const auto& [grant, participants, in_call, mode] = joined;
  const bool of_call = grant.channel.kind == call_tokens::MediaChannel::Kind::call;
  const std::string name = grant.channel.name();
  std::string text;
  json::Writer json(text);
  json.open_object()
      .member_or_null("conversationId", of_call ? std::string() : name)
      .member_or_null("callId", in_call   ? to_text(in_call->value())
                                : of_call ? name
                                          : std::string());
  json.member("channel", name);
  append_uid(json, is_number(grant.uid) ? UidForm::numeric : UidForm::string, grant.uid);
  json.member("mediaMode", to_text(mode)).key("participants").open_array();
  for (const account::UserId& user : participants) json.text(to_text(user.value()));
  json.close_array().close_object();
  return text;
}

}  // namespace belfry::gateway

// The token route of seed 002's client (SPEC W-002-01, W-002-02): the channel and the number of its user are the client's choice,
// the provider is Agora, and answers are bare.
#include <optional>
#include <utility>

#include "gateway/api/rate_limit.hpp"
#include "gateway/api/token_requests.hpp"
#include "gateway/api/token_routes.hpp"
#include "gateway/json/iso_time.hpp"
#include "gateway/json/safe_integer.hpp"

namespace belfry::gateway {
namespace {

using Services = TokenServices;

// The client's names have 92 bytes.
constexpr std::size_t kMaxChannel = 256;

void refuse(const ApiCallPtr& call, int status, std::string_view message) {
  std::string body;
  json::Writer(body).open_object().member("error", message).close_object();
  call->answer({.status = status, .body = std::move(body)});
}

void answer(const Services& services, const ApiCallPtr& call, const call_tokens::NamedChannelRequest& request,
            const call_tokens::Minted& minted) {
  std::string body;
  json::Writer json(body);
  json.open_object().member("appId", minted.app_id).member("token", minted.token).member("channel", request.channel);
  json.member("uid", static_cast<std::int64_t>(request.uid)).member("expiresAt", iso_text(minted.expires));
  json.member("ttl", whole_seconds(services.tokens.mint().settings().life)).close_object();
  call->answer({.body = std::move(body)});
}

/// As in the client's own server: by address, and before anything else.
bool admit(const Services& services, const ApiCallPtr& call, const TokenSubject& subject) {
  const auto status = services.limits.addresses.take(call->address, call->received);
  tell_rate_limit(status, *call);
  if (!status.wait) return true;
  note_refused(services, *call, subject, ApiError::rate_limited);
  tell_when_to_retry(status, *call);
  refuse(call, 429, "Too many requests, please try again later.");
  return false;
}

/// nullopt: refused, and answered.
std::optional<call_tokens::NamedChannelRequest> read_request(const ApiCallPtr& call) {
  const std::string channel = call->text("channel").value_or(""), uid = call->text("uid").value_or("");
  if (channel.empty() || uid.empty()) {
    refuse(call, 400, "Missing channel or uid parameter");
    return std::nullopt;
  }
  const auto number = call->integer("uid");
  // 0 stands for anybody at Agora.
  if (!number || *number <= 0 || *number > kMaxSafeInteger) {
    refuse(call, 400, "Invalid uid parameter");
    return std::nullopt;
  }
  if (channel.size() > kMaxChannel) {
    refuse(call, 400, "Invalid channel parameter");
    return std::nullopt;
  }
  const auto role = call_tokens::parse_media_role(call->text("role").value_or("publisher"));
  if (!role) {
    refuse(call, 400, "Invalid role parameter");
    return std::nullopt;
  }
  return call_tokens::NamedChannelRequest{channel, static_cast<std::uint64_t>(*number), *role};
}

void fail(const ApiCallPtr& call, call_tokens::TokenFault fault) {
  switch (fault) {
    case call_tokens::TokenFault::not_configured:
      return refuse(call, 500, "Server configuration error");
    case call_tokens::TokenFault::unavailable:
      call->add_header("Retry-After", "1");
      return refuse(call, 503, wire_error(ApiError::store_unavailable).message);
    case call_tokens::TokenFault::not_participant:
    case call_tokens::TokenFault::call_over:
      return refuse(call, 403, wire_error(ApiError::not_participant).message);
  }
}

void fetch(const Services& services, const ApiCallPtr& call) {
  const TokenSubject subject{.channel = call->text("channel").value_or("").substr(0, kMaxChannel)};
  if (!admit(services, call, subject)) return;
  if (const auto& missing = call->no_session) {
    note_refused(services, *call, subject, missing->error);
    call->add_header("WWW-Authenticate", "Bearer");
    return refuse(call, 401, call->presented ? "Invalid or expired token" : "Missing or invalid Authorization header");
  }
  const auto request = read_request(call);
  if (!request) return;
  services.tokens.for_named_channel(call->who.user, *request, [services, call, subject, request = *request](const auto& minted) {
    if (!minted) {
      note_refused(services, *call, subject, failure_of(minted.error(), About::call).error);
      return fail(call, minted.error());
    }
    note_issued(services, *call, subject, call_tokens::Provider::agora);
    answer(services, call, request, *minted);
  });
}

}  // namespace

Operations seed_002_token_operations(const TokenServices& services) {
  return {{.path = "/api/token",
           .id = "seed002Token",
           .summary = "A token of Agora for seed 002's client",
           .auth = Auth::optional,
           .query = {{"channel"}, {"uid"}, {"role"}},
           .documented = false,  // it answers without an envelope
           .secret_answer = true,
           .act = [services](const ApiCallPtr& call) { fetch(services, call); }}};
}

}  // namespace belfry::gateway

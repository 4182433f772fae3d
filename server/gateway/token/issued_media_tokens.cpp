#include "gateway/token/issued_media_tokens.hpp"

#include <utility>

#include "gateway/api/token_answers.hpp"
#include "gateway/api/token_requests.hpp"

namespace belfry::gateway::token {

namespace {

Failure too_often(Duration wait) { return {.error = ApiError::rate_limited, .retry_after = wait}; }

}  // namespace

void IssuedMediaTokens::join(const calls::UserId& user, std::string_view media_token, Answer answer) {
  if (const auto wait = services_.limits.joins.take(user, clock_.now()).wait) return answer(unexpected(too_often(*wait)));
  services_.tokens.join(user, media_token, [answer = std::move(answer)](const auto& joined) {
    if (!joined) return answer(unexpected(failure_of(joined.error())));
    answer(joined_json(*joined));
  });
}

/// J-3.6: by the limit of renewals.
void IssuedMediaTokens::renew(const calls::UserId& user, const calls::CallId& call, Answer answer) {
  const auto refuse = [services = services_, user, answer, now = clock_.now()](const Failure& failure) {
    log_refused(services, {.user = user, .operation = "call-token", .at = now}, {}, failure.error);
    answer(unexpected(failure));
  };
  if (const auto wait = services_.limits.take_renewal(user, call, clock_.now()).wait) return refuse(too_often(*wait));
  services_.tokens.renew(user, call, {}, [services = services_, user, refuse, answer = std::move(answer)](const auto& token) {
    if (!token) return refuse(failure_of(token.error(), About::call));
    log_issued(services, user, {.channel = token->channel.name()}, token->provider);
    write_token(services, user, *token, [answer](const std::string& data) { answer(data); });
  });
}

}  // namespace belfry::gateway::token

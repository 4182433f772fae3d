// IssuedMediaTokens: MediaTokens of a server that issues them: the same use cases, limits, log and answers as over HTTP
// (gateway/api/token_routes.hpp).
#pragma once

#include "base/clock.hpp"
#include "gateway/api/token_routes.hpp"
#include "gateway/dialects/media_tokens.hpp"

namespace belfry::gateway::token {

class IssuedMediaTokens final : public MediaTokens {
 public:
  /// All of them must outlive this object.
  IssuedMediaTokens(const TokenServices& services, const Clock& clock) : services_(services), clock_(clock) {}

  [[nodiscard]] bool may_start(const calls::UserId& user, const conversation::ConversationId& conversation,
                               std::string_view shown) const override {
    return services_.tokens.may_start(user, conversation, shown);
  }
  [[nodiscard]] std::optional<call::Provider> provider_of(std::string_view shown, const calls::UserId& user,
                                                          const conversation::ConversationId& conversation) const override {
    return services_.tokens.provider_of(shown, user, conversation);
  }
  void join(const calls::UserId& user, std::string_view media_token, Answer answer) override;
  void renew(const calls::UserId& user, const calls::CallId& call, Answer answer) override;

 private:
  TokenServices services_;
  const Clock& clock_;
};

}  // namespace belfry::gateway::token

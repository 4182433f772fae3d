// For tests of a dialect: media tokens that record what they are asked. A test answers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/dialects/media_tokens.hpp"

namespace belfry::gateway::testing {

/// `fetched`: the user has a token for every conversation.
class FewMediaTokens : public MediaTokens {
 public:
  bool fetched = false;
  std::vector<std::string> asked;
  Answer answer;
  [[nodiscard]] bool may_start(const calls::UserId&, const conversation::ConversationId&, std::string_view shown) const override {
    return fetched || shown == "shown";
  }
  [[nodiscard]] std::optional<call::Provider> provider_of(std::string_view shown, const calls::UserId&,
                                                          const conversation::ConversationId&) const override {
    return shown == "shown" ? std::optional(call::Provider::livekit) : std::nullopt;
  }
  void join(const calls::UserId&, std::string_view media_token, Answer reply) override {
    asked.push_back("join " + std::string(media_token));
    answer = std::move(reply);
  }
  void renew(const calls::UserId&, const calls::CallId& call, Answer reply) override {
    asked.push_back("renew " + to_text(call.value()).substr(34));
    answer = std::move(reply);
  }
};

}  // namespace belfry::gateway::testing

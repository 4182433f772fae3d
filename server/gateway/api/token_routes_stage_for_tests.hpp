// For tests of the token routes: ann and bob, who share a conversation, and dan, who is in none with them.
#pragma once

#include <string>

#include "gateway/api/api_stage_for_tests.hpp"

namespace belfry::gateway::testing {

class TokenRoutesStage : public ApiStage {
 protected:
  std::string group(const Person& owner, const Person& other) {
    return id_in(post(owner, "/api/conversations", R"({"kind":"group","memberIds":[")" + other.text() + "\"]}"));
  }
  protocol::HttpAnswer fetch(const Person& who, const std::string& conversation, const std::string& more = {}) {
    return get(who, "/api/call/token?conversationId=" + conversation + more);
  }
  protocol::HttpAnswer join(const Person& who, const std::string& token) {
    return post(who, "/api/call/join", R"({"token":")" + token + "\"}");
  }
  std::string token_in(const protocol::HttpAnswer& answer) { return text_in(answer, {"data", "token"}); }

  Person ann = person("ann"), bob = person("bob"), dan = person("dan");
  std::string room = group(ann, bob);
};

}  // namespace belfry::gateway::testing

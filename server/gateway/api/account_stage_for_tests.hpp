// The stage of the tests of accounts: short ways to sign up, to log in and to change a profile.
#pragma once

#include <string>

#include "gateway/api/api_stage_for_tests.hpp"

namespace belfry::gateway::testing {

class AccountStage : public ApiStage {
 protected:
  protocol::HttpAnswer send(const std::string& path, const std::string& body) {
    return ask({.method = "POST", .path = path, .body = body});
  }
  protocol::HttpAnswer sign_up(const std::string& name, const std::string& path = "/api/auth/signup") {
    return send(path, R"({"username":")" + name + R"(","email":")" + name + R"(@mail.example","password":"correct horse"})");
  }
  protocol::HttpAnswer log_in(const std::string& account, const std::string& password) {
    return send("/api/auth/login", R"({"email":")" + account + R"(","password":")" + password + R"("})");
  }
  protocol::HttpAnswer with_token(const std::string& token, const std::string& path) {
    return ask({.path = path, .token = token});
  }
  protocol::HttpAnswer update(const Person& who, const std::string& body) {
    return ask({.method = "PATCH", .path = "/api/users/me", .body = body, .token = who.token});
  }
};

}  // namespace belfry::gateway::testing

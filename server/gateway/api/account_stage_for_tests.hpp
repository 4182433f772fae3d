// The stage of the tests of accounts: short ways to sign up, to log in and to change a profile.
#pragma once

#include <string>

#include "gateway/api/api_stage_for_tests.hpp"

namespace belfry::gateway::testing {

class AccountStage : public ApiStage {
 protected:
  protocol::HttpAnswer send(const std::string& path, const std::string& body);
  protocol::HttpAnswer sign_up(const std::string& name, const std::string& path = "/api/auth/signup");
  protocol::HttpAnswer log_in(const std::string& account, const std::string& password);
  protocol::HttpAnswer with_token(const std::string& token, const std::string& path);
  protocol::HttpAnswer update(const Person& who, const std::string& body);
};

}  // namespace belfry::gateway::testing

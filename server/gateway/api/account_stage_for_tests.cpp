#include "gateway/api/account_stage_for_tests.hpp"

namespace belfry::gateway::testing {

protocol::HttpAnswer AccountStage::send(const std::string& path, const std::string& body) {
  return ask({.method = "POST", .path = path, .body = body});
}

protocol::HttpAnswer AccountStage::sign_up(const std::string& name, const std::string& path) {
  return send(path, R"({"username":")" + name + R"(","email":")" + name + R"(@mail.example","password":"correct horse"})");
}

protocol::HttpAnswer AccountStage::log_in(const std::string& account, const std::string& password) {
  return send("/api/auth/login", R"({"email":")" + account + R"(","password":")" + password + R"("})");
}

protocol::HttpAnswer AccountStage::with_token(const std::string& token, const std::string& path) {
  return ask({.path = path, .token = token});
}

protocol::HttpAnswer AccountStage::update(const Person& who, const std::string& body) {
  return ask({.method = "PATCH", .path = "/api/users/me", .body = body, .token = who.token});
}

}  // namespace belfry::gateway::testing

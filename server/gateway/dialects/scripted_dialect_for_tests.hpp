// For tests of the router: a dialect that records its calls, and a verifier that accepts three tokens.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/accounts/identity.hpp"
#include "gateway/dialects/dialect.hpp"

namespace belfry::gateway::testing {

inline account::UserId user_id(std::uint8_t last) {
  Uuid id{};
  id.back() = last;
  return account::UserId(id);
}

class FewTokens : public accounts::Verifier {
 public:
  [[nodiscard]] Expected<accounts::Identity, accounts::CredentialFault> verify(std::string_view token,
                                                                               WallTime now) const override {
    if (token == "old") return unexpected(accounts::CredentialFault::expired);
    if (token == "revoked") return unexpected(accounts::CredentialFault::revoked);
    if (token != "ann" && token != "ben") return unexpected(accounts::CredentialFault::invalid);
    accounts::Identity identity;
    identity.user = user_id(token == "ann" ? 1 : 2);
    identity.username = token;
    identity.expires = now + std::chrono::minutes{1};
    return identity;
  }
};

class ScriptedDialect : public Dialect {
 public:
  std::function<void()> during_socket;
  std::function<void(std::string_view)> during_event;
  bool web = false;  // of the last hello
  explicit ScriptedDialect(std::string name, std::vector<std::string>& received) : name_(std::move(name)), received_(received) {}

  void on_socket(SocketContext& context) override {
    say("socket " + who(context));
    if (during_socket) during_socket();
  }
  void on_hello(SocketContext& context, const Hello& hello) override {
    web = hello.web;
    say("hello " + who(context) + " " + std::string(hello.auth.raw));
  }
  void on_event(SocketContext&, const protocol::IncomingEvent& event) override {
    say("event " + std::string(event.name));
    if (during_event) during_event(event.name);
  }
  void on_unreadable_event(SocketContext&, const protocol::UnreadableEvent& event) override {
    say("unreadable " + std::string(event.name));
  }
  void on_not_queued(SocketContext&, const protocol::IncomingEvent& event, NotQueued why) override {
    say((why == NotQueued::binary ? "cannot queue " : "has no room for ") + std::string(event.name));
  }
  void on_suspended(SocketContext&) override { say("suspended"); }
  std::string on_detached(SocketContext&, ShardIndex) override {
    say("detached");
    return "its state";
  }
  void on_recovered(SocketContext& context, SessionAddress before, std::string state) override {
    say("recovered " + who(context) + " from " + std::to_string(before.slot) + " to " + std::to_string(context.at.slot) +
        " with " + state);
  }
  void on_gone(SocketContext&, sessions::Departure how) override { say("gone " + std::to_string(static_cast<int>(how))); }
  void notify(SocketContext&, const Notice&) override { say("notified"); }
  void pass_signal(SocketContext&, const calls::SignalArrived&) override { say("signal"); }

 private:
  static std::string who(const SocketContext& context) {
    std::string text = context.identity ? context.identity->username : "nobody";
    if (!context.device.empty()) text += "/" + std::string(context.device);
    return text;
  }
  void say(std::string line) { received_.push_back(name_ + " " + std::move(line)); }

  std::string name_;
  std::vector<std::string>& received_;
};

}  // namespace belfry::gateway::testing

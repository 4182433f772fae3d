// For tests of the desk: a dialect that writes down what it is told, and a verifier that knows three tokens.
#pragma once

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
    identity.expires = {now.unix_ms + 60'000};
    return identity;
  }
};

class ScriptedDialect : public Dialect {
 public:
  explicit ScriptedDialect(std::string name, std::vector<std::string>& heard) : name_(std::move(name)), heard_(heard) {}

  void on_socket(SocketSeat& seat) override { say("socket " + who(seat)); }
  void on_hello(SocketSeat& seat, json::Slice auth) override { say("hello " + who(seat) + " " + std::string(auth.raw)); }
  void on_event(SocketSeat&, const session::IncomingEvent& event) override { say("event " + std::string(event.name)); }
  void on_unreadable_event(SocketSeat&, std::string_view name) override { say("unreadable " + std::string(name)); }
  void on_suspended(SocketSeat&) override { say("suspended"); }
  std::string on_detached(SocketSeat&, ShardIndex) override {
    say("detached");
    return "its state";
  }
  void on_recovered(SocketSeat& seat, SessionAddress before, std::string state) override {
    say("recovered " + who(seat) + " from " + std::to_string(before.slot) + " to " + std::to_string(seat.at.slot) + " with " +
        state);
  }
  void on_gone(SocketSeat&, calls::Departure how) override { say("gone " + std::to_string(static_cast<int>(how))); }
  void tell(SocketSeat&, const calls::Notice&) override { say("told"); }

 private:
  static std::string who(const SocketSeat& seat) {
    std::string text = seat.identity ? seat.identity->username : "nobody";
    if (!seat.device.empty()) text += "/" + std::string(seat.device);
    return text;
  }
  void say(std::string line) { heard_.push_back(name_ + " " + std::move(line)); }

  std::string name_;
  std::vector<std::string>& heard_;
};

}  // namespace belfry::gateway::testing

// What a shard's protocol stack is given, for tests: a clock that is moved by hand, numbers from a seed, and a gateway that
// writes down what it gets.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "protocol/failure_writer.hpp"
#include "protocol/http_handler.hpp"
#include "protocol/socket_handler.hpp"

namespace belfry::protocol::testing {

class HandClock : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return now_; }
  [[nodiscard]] WallTime wall() const override { return {1'700'000'000'000}; }
  void set(TimePoint now) { now_ = now; }

 private:
  TimePoint now_{Duration{1'000'000'000}};
};

class SeededRandom : public Random {
 public:
  void fill(MutableBytes out) override {
    for (std::byte& byte : out) byte = static_cast<std::byte>(engine_() & 0xFF);
  }

 private:
  std::mt19937_64 engine_{42};
};

/// Writes down the events that a gateway would get.
class Listener : public SocketHandler {
 public:
  std::optional<ConnectRefusal> refuse_with;
  std::vector<std::string> events;
  SessionAddress last;
  std::function<void(SessionAddress, const IncomingEvent&)> on_event_do;
  std::string owner;         // of every socket: what a returning client says as its "name"
  std::string wants_cookie;  // empty: none
  std::string asked_from;    // the origin of the last one who had it

  Expected<void, ConnectRefusal> on_connecting(const ConnectRequest& request) override {
    if (refuse_with) return unexpected(*refuse_with);
    if (request.handshake.cookie != wants_cookie && !wants_cookie.empty())
      return unexpected(ConnectRefusal{.message = "no cookie", .awaits_cookie = request.handshake.cookie.empty()});
    asked_from = request.handshake.origin;
    return {};
  }
  void on_connected(SessionAddress socket, const ConnectRequest& request) override {
    last = socket;
    events.push_back("connected " + std::string(request.auth.raw));
  }
  void on_event(SessionAddress socket, const IncomingEvent& event) override {
    last = socket;
    std::string line = "event " + std::string(event.name);
    for (const json::Slice& argument : event.arguments) line += " " + std::string(argument.raw);
    for (const std::string& attachment : event.attachments) line += " +" + attachment;
    events.push_back(line);
    if (on_event_do) on_event_do(socket, event);
  }
  void on_unreadable_event(SessionAddress, const UnreadableEvent& event) override {
    events.push_back("unreadable " + std::string(event.name) + (event.ack_id ? " ack " + std::to_string(*event.ack_id) : ""));
  }
  void on_suspended(SessionAddress) override { events.emplace_back("suspended"); }
  Expected<std::string, ConnectRefusal> on_returning(const ConnectRequest& request) override {
    if (refuse_with) return unexpected(*refuse_with);
    const auto name = json::member(request.auth, "name");
    return name ? std::string(name->raw) : std::string{};
  }
  bool owns(SessionAddress, std::string_view who) override { return who == owner; }
  std::string on_detached(SessionAddress, ShardIndex, std::string_view) override {
    events.emplace_back("detached");
    return "state";
  }
  void on_recovered(SessionAddress socket, SessionAddress, std::string state) override {
    last = socket;
    events.push_back("recovered " + state);
  }
  void on_disconnected(SessionAddress, DisconnectReason reason) override {
    events.push_back("disconnected " + std::to_string(static_cast<int>(reason)));
  }
};

class PlainRoutes : public HttpHandler {
 public:
  std::vector<HttpReply> held;
  std::shared_ptr<const std::string> long_answer;
  [[nodiscard]] MaxBody max_body(const http::Request& request) const override {
    return request.path == "/upload" ? MaxBody{100'000, "At most 100 kB"} : MaxBody{};
  }
  void on_request(const http::Request& request, Bytes body, const ConnectionFacts& facts, HttpReply reply) override {
    if (request.path == "/later") {
      held.push_back(std::move(reply));
    } else if (request.path == "/long") {
      reply({.shared = {.bytes = long_answer, .from = 1, .size = long_answer->size() - 1}});
    } else if (request.path == "/scheme") {
      reply({.body = facts.secure ? "secure" : "plain"});
    } else {
      reply({.body = std::string(request.method_text) + " " + std::string(request.path) + " " + std::string(as_text(body))});
    }
  }
};

/// "The request body is too large #018f3c1e-7b2a-7cde-9abc-0123456789ab", say.
class PlainFailures : public FailureWriter {
 public:
  [[nodiscard]] HttpAnswer write(HttpFailure why, std::string_view message, std::string_view request_id) const override {
    constexpr std::array kStatus = {308, 400, 403, 408, 413, 426, 429, 431};  // by HttpFailure
    return {.status = kStatus.at(static_cast<std::size_t>(why)), .body = std::string(message) + " #" + std::string(request_id)};
  }
};

}  // namespace belfry::protocol::testing

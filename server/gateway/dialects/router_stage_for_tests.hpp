// The stage of the router's tests: a router of three scripted dialects, called as protocol/ does.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/silent_log_for_tests.hpp"
#include "gateway/dialects/scripted_dialect_for_tests.hpp"
#include "gateway/dialects/socket_router.hpp"
#include "protocol/ports_for_tests.hpp"

namespace belfry::gateway::testing {

constexpr std::array<std::string_view, 2> kSignalingEvents = {"register_user", "make_call"};
constexpr std::array<std::string_view, 1> kStarts = {"call.start"};
constexpr std::array<std::string_view, 1> kSemaphoreEvents = {"flag.raise"};

/// A router of three dialects: all it takes to add one is a line in its list.
class RouterStage : public ::testing::Test {
 protected:
  std::vector<std::string> received;
  FewTokens verifier;
  protocol::testing::HandClock clock;
  protocol::testing::SeededRandom random;
  SilentLog log;
  SocketRouterSettings settings;
  SocketRouter router{settings, {verifier, clock, random, log}};
  ScriptedDialect native{"native", received};
  ScriptedDialect signaling{"signaling", received};
  ScriptedDialect semaphore{"semaphore", received};
  protocol::Handshake handshake{};
  json::Reader reader;

  void SetUp() override {
    handshake.host = "belfry.example";
    serve();
  }
  void serve() {
    router.serve({{"native", native, {}, kStarts},
                  {"signaling", signaling, kSignalingEvents},
                  {"semaphore", semaphore, kSemaphoreEvents}});
  }

  /// The refusal's message and data; "" when let in.
  std::string connect(SessionAddress at, const std::string& auth = "") {
    const json::Slice payload = auth.empty() ? json::Slice{} : reader.validate(auth).value();
    const protocol::ConnectRequest request{"/", payload, handshake};
    if (const auto allowed = router.on_connecting(request); !allowed) return allowed.error().message + " " + allowed.error().data;
    router.on_connected(at, request);
    return "";
  }
  void receive(SessionAddress at, std::string_view name) {
    router.on_event(at, {.name = name, .arguments = {}, .ack_id = {}, .attachments = {}});
  }
};

constexpr SessionAddress kHere{.shard = 0, .node = 0, .slot = 3, .generation = 7};
constexpr SessionAddress kThere{.shard = 0, .node = 0, .slot = 5, .generation = 1};
constexpr const char* kNot = R"(Authentication error {"code":"UNAUTHENTICATED"})";

}  // namespace belfry::gateway::testing

// For tests of the native dialect: a shard whose ports record every call, so that a test reads as a script: what the client sent,
// what app/calls was asked, what was sent to the client.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/dialects/few_calls_for_tests.hpp"
#include "gateway/dialects/media_tokens_for_tests.hpp"
#include "gateway/dialects/ports_for_tests.hpp"
#include "gateway/json/entities.hpp"
#include "gateway/native/native.hpp"
#include "wire/json/json.hpp"

namespace belfry::gateway::testing {

/// Ann (01) on her phone; Ben is 02; the call between them is 07, Ann calling.
class NativeStage : public ::testing::Test {
 protected:
  StageClock clock;
  ScriptedCalls core;
  ScriptedIn in;
  ScriptedOut out;
  FewCalls kept;
  NativeSettings settings;
  limits::ReadsInFlight reads{3};
  FewMediaTokens tokens;
  Native native{settings, {core, in, out, kept, kept, clock, {}, &reads, &tokens}};
  SocketContext context;
  json::Reader reader;

  void SetUp() override {
    context.at = {.shard = 0, .node = 0, .slot = 4, .generation = 1};
    context.session = store::SessionId(uuid(0x51));
    context.device = RareText("phone");
    context.identity = std::make_unique<accounts::Identity>();
    context.identity->user = account::UserId(uuid(1));
    context.identity->username = "ann";
    context.identity->expires = clock.wall() + std::chrono::hours{1};
  }
  /// Connects, and discards what was recorded until session.ready.
  void connect() {
    native.on_socket(context);
    take();
    core.asked.clear();
  }
  void say(std::string_view event, const std::string& payload, std::optional<std::uint64_t> ack = 1) {
    const auto argument = payload.empty() ? json::Slice{} : reader.validate(payload).value();
    const std::span<const json::Slice> arguments(&argument, payload.empty() ? 0 : 1);
    native.on_event(context, {.name = event, .arguments = arguments, .ack_id = ack, .attachments = {}});
  }
  std::vector<std::string> take() { return std::exchange(out.said, {}); }
  static calls::CallView call(call::Status status = call::Status::calling, std::uint64_t version = 1) {
    auto call = std::make_shared<store::StoredCall>();
    call->row.id = calls::CallId(uuid(7));
    call->row.version = version;
    const account::UserId caller(uuid(1)), callee(uuid(2));
    set_people(call->row, caller, callee);
    call->people = {{.id = caller, .username = "ann", .avatar = {}}, {.id = callee, .username = "ben", .avatar = {}}};
    call->row.status = status;
    call->row.created = call->row.updated = {1'700'000'000'000};
    call->row.ring_expires = {1'700'000'045'000};
    return call;
  }
  static std::string json_of(const calls::CallView& view) { return call_json(*view, People::named); }
  std::string about_call() const { return R"({"callId":")" + id_text(7) + R"("})"; }
};

/// The common fields of event number `seq`, at the clock's start.
inline std::string common(int seq) { return R"({"v":1,"seq":)" + std::to_string(seq) + R"(,"ts":"2023-11-14T22:13:20.000Z")"; }
inline std::string common(int seq, int call_seq) {
  return common(seq) + R"(,"callId":")" + id_text(7) + R"(","callSeq":)" + std::to_string(call_seq);
}

}  // namespace belfry::gateway::testing

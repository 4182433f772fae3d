// For tests of the token dialect: a shard whose ports record every call, so that a test reads as a script.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/dialects/few_calls_for_tests.hpp"
#include "gateway/dialects/media_tokens_for_tests.hpp"
#include "gateway/dialects/ports_for_tests.hpp"
#include "gateway/token/token_dialect.hpp"
#include "wire/json/json.hpp"

namespace belfry::gateway::testing {

/// The calls of conversations: `of` is the one call, of the one conversation that Ann is in.
class ConversationCalls : public FewCalls {
 public:
  std::optional<store::StoredCall> of;
  store::ConversationId conversation{uuid(0x0C)};
  std::vector<std::function<void()>> waiting;  // answers that `later` holds back
  bool later = false;

  void call_in(store::ConversationId id, calls::UserId,
               store::Done<Expected<store::ConversationCall, store::Unavailable>> done) override {
    const auto answer = [this, id, done = std::move(done)] {
      using Reader = store::ConversationCall::Reader;
      if (down) return done(unexpected(store::Unavailable{}));
      const bool member = id == conversation;
      done(store::ConversationCall{member ? Reader::member : Reader::stranger, member ? of : std::nullopt});
    };
    if (later) return waiting.push_back(answer);
    answer();
  }
};

/// Ann (01) on her phone; Ben is 02, Cid 03. The conversation 0C is theirs, the call in it is 07, Ann calling.
class TokenStage : public ::testing::Test {
 protected:
  StageClock clock;
  ScriptedCalls core;
  ScriptedIn in;
  ScriptedOut out;
  ConversationCalls kept;
  FewMediaTokens tokens;
  RateLimit limit{.max = 5, .window = std::chrono::seconds{10}};
  std::vector<std::string> strangers;
  TokenDialect dialect{limit,
                       {core,
                        in,
                        out,
                        kept,
                        clock,
                        {},
                        [this](const auto&, const auto& conversation, std::string_view event) {
                          strangers.push_back(std::string(event) + " " + to_text(conversation.value()).substr(34));
                        },
                        &tokens}};
  SocketContext context;
  json::Reader reader;

  void SetUp() override {
    tokens.fetched = true;
    context.at = {.shard = 0, .node = 0, .slot = 4, .generation = 1};
    context.session = store::SessionId(uuid(0x51));
    context.device = RareText("phone");
    context.identity = std::make_unique<accounts::Identity>();
    context.identity->user = account::UserId(uuid(1));
    context.identity->username = "ann";
    context.identity->expires = clock.wall() + std::chrono::hours{1};
  }
  /// Connects, and discards what was recorded.
  void connect() {
    dialect.on_socket(context);
    take();
    core.asked.clear();
  }
  void say(std::string_view event, const std::string& payload, std::optional<std::uint64_t> ack = 1) {
    const auto argument = payload.empty() ? json::Slice{} : reader.validate(payload).value();
    const std::span<const json::Slice> arguments(&argument, payload.empty() ? 0 : 1);
    dialect.on_event(context, {.name = event, .arguments = arguments, .ack_id = ack, .attachments = {}});
  }
  std::vector<std::string> take() { return std::exchange(out.said, {}); }

  static store::StoredCall stored(call::Status status = call::Status::calling) {
    store::StoredCall call;
    call.row.id = calls::CallId(uuid(7));
    call.row.version = 1;
    call.row.conversation = store::ConversationId(uuid(0x0C));
    const account::UserId caller(uuid(1)), callee(uuid(2));
    set_people(call.row, caller, callee);
    call.people = {{.id = caller, .username = "ann", .avatar = "/a.png"}, {.id = callee, .username = "ben", .avatar = {}}};
    call.row.status = status;
    call.row.created = call.row.updated = {1'700'000'000'000};
    call.row.ring_expires = {1'700'000'030'000};
    if (status == call::Status::connected || status == call::Status::ended) call.row.started = {1'700'000'004'000};
    return call;
  }
  static calls::CallView view(const store::StoredCall& call) { return std::make_shared<const store::StoredCall>(call); }
  static calls::CallResult answered(const store::StoredCall& call) { return {.call = view(call)}; }
  static calls::Result refused(calls::Refusal why) { return unexpected(calls::Refused{.why = why}); }
  static std::string in_conversation(const std::string& more = {}) {
    return R"({"conversationId":")" + id_text(0x0C) + '"' + more + '}';
  }
  static std::string of_call() { return R"({"callId":")" + id_text(7) + R"("})"; }
  static std::string io_error(const std::string& message) {
    return R"(unkept io-error {"success":false,"message":")" + message + R"(","timestamp":"2023-11-14T22:13:20.000Z"})";
  }
};

}  // namespace belfry::gateway::testing

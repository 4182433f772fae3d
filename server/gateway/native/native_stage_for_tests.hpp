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

#include "gateway/dialects/media_tokens_for_tests.hpp"
#include "gateway/dialects/ports_for_tests.hpp"
#include "gateway/json/entities.hpp"
#include "gateway/native/native.hpp"
#include "gateway/native/pieces.hpp"
#include "wire/json/json.hpp"

namespace belfry::gateway::testing {

/// Holds the calls that a test adds. Functions that the dialect never calls never answer.
class FewCalls : public store::CallStore, public store::CallArchive {
 public:
  std::vector<store::StoredCall> calls;
  std::vector<store::QualitySample> samples;
  bool down = false;
  std::optional<WallTime> asked_since;

  void load(const calls::CallId& id, store::Done<Expected<std::optional<store::StoredCall>, store::Unavailable>> done) override {
    if (down) return done(unexpected(store::Unavailable{}));
    for (const auto& call : calls)
      if (call.row.id == id) return done(std::optional(call));
    done(std::optional<store::StoredCall>{});
  }
  void current(calls::UserId, std::optional<WallTime> since,
               store::Done<Expected<std::vector<store::StoredCall>, store::Unavailable>> done) override {
    asked_since = since;
    if (down) return done(unexpected(store::Unavailable{}));
    done(calls);
  }
  void add_quality(calls::CallId, calls::UserId, std::vector<store::QualitySample> more,
                   store::Done<Expected<std::size_t, store::Unavailable>> done) override {
    samples = std::move(more);
    done(samples.size());
  }

  void commit(store::Transition, store::Done<const store::CommitResult&>) override {}
  void active_in(const store::ConversationId&, store::Done<Expected<std::optional<calls::CallId>, store::Unavailable>>) override {
  }
  void call_in(store::ConversationId, calls::UserId,
               store::Done<Expected<store::ConversationCall, store::Unavailable>>) override {}
  void load_active(std::size_t, store::Done<Expected<std::vector<store::StoredCall>, store::Unavailable>>) override {}
  void overdue(WallTime, std::size_t, store::Done<Expected<std::vector<calls::CallId>, store::Unavailable>>) override {}
  void record_attempt(store::Attempt) override {}
  void fate(const store::StepId&, store::Done<Expected<std::optional<store::Committed>, store::Unavailable>>) override {}
  void wipe(store::Done<Expected<void, store::Unavailable>>) override {}
  void history(store::HistoryQuery, store::Done<Expected<store::HistoryPage, store::Unavailable>>) override {}
  void attempts(calls::UserId, store::Page,
                store::Done<Expected<std::vector<store::AttemptEntry>, store::Unavailable>>) override {}
  void statistics(calls::UserId, std::optional<WallTime>, std::optional<WallTime>,
                  store::Done<Expected<store::Statistics, store::Unavailable>>) override {}
  void statistics_by_day(calls::UserId, std::optional<WallTime>, std::optional<WallTime>,
                         store::Done<Expected<std::vector<store::DayStatistics>, store::Unavailable>>) override {}
  void audit(store::AuditQuery, store::Done<Expected<std::vector<store::AuditEntry>, store::Unavailable>>) override {}
  void quality(calls::CallId, store::Page, store::Done<Expected<store::QualityPage, store::Unavailable>>) override {}
  void recent_quality(store::Page, store::Done<Expected<std::vector<store::StoredCall>, store::Unavailable>>) override {}
  void forget_before(WallTime, std::size_t) override {}
  void violations(WallTime, store::Done<Expected<std::vector<store::Violation>, store::Unavailable>>) override {}
};

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

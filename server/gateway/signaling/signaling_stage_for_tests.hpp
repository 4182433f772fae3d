// For tests of the signaling dialect: the dialect behind the real router, on a shard whose ports record every call, so that a
// test reads as a script: what the page sent, what app/calls was asked, what was sent to the page.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/silent_log_for_tests.hpp"
#include "gateway/dialects/ports_for_tests.hpp"
#include "gateway/dialects/scripted_dialect_for_tests.hpp"
#include "gateway/dialects/socket_router.hpp"
#include "gateway/signaling/signaling.hpp"

namespace belfry::gateway::testing {

// What nearly every test of the dialect uses; the tests are in this namespace.
using calls::Refusal;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

struct Somebody {
  std::uint8_t id;
  const char* name;
  [[nodiscard]] account::UserId user() const { return user_id(id); }
};
constexpr Somebody kAnn{1, "ann"}, kBen{2, "ben"}, kCid{3, "cid"};

/// Accepts every name as a guest, unless `fault` is set. While `waits` is set, the store does not answer.
class ScriptedNames : public NameResolver {
 public:
  bool waits = false;
  std::optional<store::GuestFault> fault;
  std::optional<account::UserId> absent;  // the user with the name, who has no session here
  std::vector<std::pair<std::string, Found>> asked;

  void look_up(const std::string& name, Found found) override {
    asked.emplace_back(name, std::move(found));
    if (!waits) answer(asked.size() - 1);
  }
  bool waits_to_find = false;
  std::vector<std::function<void(std::optional<account::UserId>)>> finds;
  void find(const std::string&, std::function<void(std::optional<account::UserId>)> found) override {
    if (!waits_to_find) return found(absent);
    finds.push_back(std::move(found));
  }
  void found() { finds.back()(absent); }
  void answer(std::size_t which) {
    const auto& [name, found] = asked[which];
    if (fault) return found(unexpected(*fault));
    found(name == kAnn.name ? kAnn.user() : name == kBen.name ? kBen.user() : kCid.user());
  }
};

/// Accepts one token, whose user is `identity`.
class OneToken : public accounts::Verifier {
 public:
  accounts::Identity identity;
  [[nodiscard]] Expected<accounts::Identity, accounts::CredentialFault> verify(std::string_view, WallTime) const override {
    return identity;
  }
};

/// Ann (01) is the page on her phone; Ben (02) and Cid (03) are here too. Calls which she starts are 71, 72 and so on.
class SignalingStage : public ::testing::Test {
 protected:
  StageClock clock;
  ScriptedCalls core;
  ScriptedOut out;
  ScriptedNames names;
  OneToken token;
  ZeroRandom random;
  SilentLog log;
  SocketRouterSettings admission{.admission = Admission::open, .origins = {}};
  SocketRouter router{admission, {token, clock, random, log}};
  std::vector<std::string> native_received;
  ScriptedDialect native{"native", native_received};
  RateLimit limit{.max = 0};
  std::vector<std::function<void(const accounts::KnownUser&)>> strangers;  // external users whom the store has not identified yet
  std::optional<account::UserId> peer_of;                                  // the user who has a PeerJS connection
  Signaling signaling{limit,
                      {core, router, out, names, clock, [this](const auto&, auto done) { strangers.push_back(done); },
                       [this](const calls::UserId& user) { return peer_of == user; }}};
  SessionAddress at{.shard = 0, .node = 0, .slot = 4, .generation = 1};
  json::Reader reader;

  void SetUp() override {
    router.serve({{"native", native, {}}, {"signaling", signaling, Signaling::opening_events(), Signaling::kStartingEvents}});
    core.here = {{"ann", kAnn.user()}, {"ben", kBen.user()}, {"cid", kCid.user()}};
    token.identity.user = kAnn.user();
    token.identity.username = "ann";
  }

  // --- what the page does ---
  void connect(const std::string& more = "") {
    const std::string auth = R"({"dialect":"signaling","deviceId":"phone")" + more + "}";
    const protocol::Handshake handshake{};
    const protocol::ConnectRequest request{"/", reader.validate(auth).value(), handshake};
    ASSERT_TRUE(router.on_connecting(request));
    router.on_connected(at, request);
  }
  void connect_with_token() { connect(R"(,"token":"t")"); }
  /// Connects and registers as Ann, and discards what was recorded so far.
  void enter() {
    connect();
    say("register_user", R"({"userId":"ann"})");
    take();
    core.asked.clear();
  }
  void say(std::string_view event, const std::string& payload, std::optional<std::uint64_t> ack = {}) {
    const auto argument = payload.empty() ? json::Slice{} : reader.validate(payload).value();
    say_slices(event, std::span(&argument, payload.empty() ? 0 : 1), ack, {});
  }
  void say_binary(std::string_view event, const std::string& payload, std::optional<std::uint64_t> ack = {}) {
    const auto argument = reader.validate(payload).value();
    const std::string attachments[] = {"bytes"};
    say_slices(event, std::span(&argument, 1), ack, attachments);
  }
  void notify(const Notice& notice) { router.notify(at, notice); }
  void time_passes(Duration passed) {
    clock.passed += passed;
    signaling.on_time(clock.now());
  }

  // --- what app/calls answers ---
  /// Answers the last command, or number `which`.
  void done(const calls::CallView& call = {}, std::optional<std::size_t> which = {}) {
    core.answer(calls::CallResult{.call = call}, which);
  }
  void refused(calls::Refusal why, const calls::CallView& call = {}) {
    core.answer(unexpected(calls::Refused{.why = why, .call = call}));
  }

  // --- calls and notices ---
  static calls::CallView call(Somebody caller, Somebody callee, std::uint8_t id, call::Status status = call::Status::calling) {
    return std::make_shared<const store::StoredCall>(stored(caller, callee, id, status));
  }
  static calls::CallView over(Somebody caller, Somebody callee, std::uint8_t id, call::EndReason reason,
                              std::optional<Somebody> ended_by = {}) {
    auto call = stored(caller, callee, id, call::Status::ended);
    call.row.end_reason = reason;
    if (ended_by) call.row.ended_by = ended_by->user();
    return std::make_shared<const store::StoredCall>(std::move(call));
  }
  void notify_incoming(const calls::CallView& call, std::string_view offer) {
    store::StoredCall offered = *call;
    offered.row.offer = call::Description(offer);
    notify(calls::IncomingCall{std::make_shared<const store::StoredCall>(std::move(offered))});
  }
  void notify_accepted(const calls::CallView& call, const std::string& answer) {
    notify(calls::CallAccepted{call, {}, call::Description(answer)});
  }
  void notify_answered_elsewhere(const calls::CallView& call) { notify(calls::AnsweredElsewhere{call, {}}); }
  void notify_declined_elsewhere(const calls::CallView& call) { notify(calls::DeclinedElsewhere{call, {}}); }
  void notify_rejected(const calls::CallView& call) { notify(calls::CallRejected{call, {}}); }
  void notify_missed(const calls::CallView& call) { notify(calls::CallMissed{call}); }
  enum class Doer { others, this_page };
  void notify_cancelled(const calls::CallView& call, Doer doer = Doer::others) {
    notify(calls::CallCancelled{call, {}, doer == Doer::this_page});
  }
  void notify_ended(const calls::CallView& call, Doer doer = Doer::others) {
    notify(calls::CallEnded{call, {}, doer == Doer::this_page});
  }
  void pass_signal(const calls::CallView& call, Somebody from, calls::SignalKind kind, std::string_view payload) {
    const account::Person person{from.user(), from.name, {}};
    router.pass_signal(at, {.call = call, .from = person, .kind = kind, .payload = payload});
  }

  // --- what was sent and asked ---
  std::vector<std::string> take() { return std::exchange(out.said, {}); }
  std::vector<std::string> take_asked() { return std::exchange(core.asked, {}); }

 private:
  static store::StoredCall stored(Somebody caller, Somebody callee, std::uint8_t id, call::Status status) {
    store::StoredCall call;
    call.row.id = calls::CallId(uuid(id));
    call.row.version = 1;
    set_people(call.row, caller.user(), callee.user());
    call.row.status = status;
    call.people = {{caller.user(), caller.name, {}}, {callee.user(), callee.name, {}}};
    return call;
  }
  void say_slices(std::string_view event, std::span<const json::Slice> arguments, std::optional<std::uint64_t> ack,
                  std::span<const std::string> attachments) {
    router.on_event(at, {.name = event, .arguments = arguments, .ack_id = ack, .attachments = attachments});
  }
};

/// A valid payload of a call event: `{"to":...,"from":"ann"<more>}`.
inline std::string to(std::string_view peer, std::string_view more = "") {
  return R"({"to":")" + std::string(peer) + R"(","from":"ann")" + std::string(more) + "}";
}
inline const std::string kOffer = R"({"type":"offer","sdp":"v=0\r\nm=audio 9 UDP 0\r\n"})";
inline const std::string kAnswer = R"({"type":"answer","sdp":"v=0"})";
inline std::string with_offer() { return R"(,"offer":)" + kOffer; }
inline std::string with_answer() { return R"(,"answer":)" + kAnswer; }
inline std::string with_candidate() { return R"(,"candidate":{"candidate":"c1"})"; }
inline std::string failed(std::string_view error, std::string_view target) {
  return R"(call_failed {"error":")" + std::string(error) + R"(","targetUser":")" + std::string(target) + R"("})";
}
/// The acknowledgement of an invalid payload.
inline std::string invalid(int ack, std::string_view error) {
  return "ack " + std::to_string(ack) + R"( {"success":false,"error":{"code":"VALIDATION_FAILED","message":")" +
         std::string(error) + R"("}})";
}
/// The acknowledgement of a refused command.
inline std::string refusal(int ack, std::string_view code, std::string_view message) {
  return "ack " + std::to_string(ack) + R"( {"success":false,"error":{"code":")" + std::string(code) + R"(","message":")" +
         std::string(message) + R"("}})";
}
/// W-003-06, W-003-07: what an event that speaks of no call gets, and all that it gets.
inline std::string no_call(int ack) { return refusal(ack, "CALL_NOT_ACTIVE", "There is no call between you two"); }
inline std::string good(int ack) { return "ack " + std::to_string(ack) + R"( {"success":true})"; }

/// The same with Ann already registered.
class RegisteredPage : public SignalingStage {
 protected:
  void SetUp() override {
    SignalingStage::SetUp();
    enter();
  }
  /// Ben calls, and the page has been notified.
  calls::CallView ring(std::uint8_t id = 7) {
    auto ringing = call(kBen, kAnn, id);
    notify_incoming(ringing, kOffer);
    take();
    return ringing;
  }
  /// Ann has called Ben; the call is 71.
  void dial() {
    say("make_call", to("ben", with_offer()));
    done(call(kAnn, kBen, 0x71));
    take();
    take_asked();
  }
};

}  // namespace belfry::gateway::testing

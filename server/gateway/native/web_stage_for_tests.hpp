// The stage of tests of web sessions: a native dialect that greets its socket as one, or as a session that named "native".
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/native/native_stage_for_tests.hpp"

namespace belfry::gateway::testing {

inline const account::UserId kAnn(uuid(1)), kBen(uuid(2));
inline const std::string kBenId = id_text(2);
inline const std::string kNow = R"("2023-11-14T22:13:20.000Z")";
inline const std::string kOffline =
    R"(unkept error {"type":"TARGET_OFFLINE","message":"The other side is not connected, or is in no call with you"})";

/// Ann's page of seed 001: it has a credential and names no dialect.
class WebStage : public NativeStage {
 protected:
  void enter() {
    core.here = {{"ann", kAnn}, {"ben", kBen}};
    native.on_hello(context, {.auth = {}, .web = true});
    greeting = take();
    core.asked.clear();
  }
  void enter_as_native() {
    core.here = {{"ann", kAnn}, {"ben", kBen}};
    native.on_hello(context, {.auth = {}, .web = false});
    take();
    core.asked.clear();
  }
  void enter_as_callee() {
    context.identity->user = kBen;
    enter();
  }
  void in_call_with_ben() { core.under_way = {{"ben", calls::CallId(uuid(7))}}; }
  std::vector<std::string> sent_for(const Notice& notice) {
    native.notify(context, notice);
    return take();
  }
  std::vector<std::string> passed(calls::SignalKind kind, std::string_view payload) {
    const auto view = call(call::Status::connected, 2);
    native.pass_signal(context, {.call = view, .from = view->callee(), .kind = kind, .payload = payload});
    return take();
  }
  static calls::CallView over(call::EndReason reason, std::optional<account::UserId> by) {
    auto ended = std::make_shared<store::StoredCall>(*call(call::Status::missed, 2));
    ended->row.end_reason = reason;
    ended->row.ended_by = by;
    return ended;
  }
  static calls::CallView offered(const call::Description& offer) {
    auto ringing = std::make_shared<store::StoredCall>(*call());
    ringing->row.offer = offer;
    return ringing;
  }
  static std::string response(const calls::CallView& view, const std::string& word) {
    return R"("callId":")" + id_text(7) + R"(","response":")" + word + R"(","accepted":)" +
           (word == "accept" ? "true" : "false") + R"(,"call":)" + json_of(view) + R"(,"timestamp":)" + kNow + "}";
  }

  std::vector<std::string> greeting;
};

}  // namespace belfry::gateway::testing

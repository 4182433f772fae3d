// For the contract test: the scripts of the operations on calls (contract_scripts_for_tests.hpp).
#pragma once

#include <string>

#include "gateway/api/contract_world_for_tests.hpp"

namespace belfry::gateway::testing {

inline std::string respond_body(const std::string& id) { return R"({"callId":")" + id + R"(","response":"accept"})"; }
inline std::string offer() { return R"({"kind":"offer","payload":{"sdp":"v=0"}})"; }

inline Driven answering(const std::string& verb) {
  return Driven{[verb](C& c) { return from(c.bob, "POST", of(c.call(c.ann, c.bob), verb)); },
                {{"CALL_NOT_FOUND", [verb](C& c) { return from(c.bob, "POST", of(kNobody, verb)); }},
                 {"CALL_NOT_RINGING", [verb](C& c) { return from(c.bob, "POST", of(c.cancelled(), verb)); }}}};
}

/// bob is rung in a group call, and is in another call by now.
inline std::string ringing_while_busy(C& c) {
  const auto made =
      c.post(c.ann, "/api/calls", R"({"callType":"audio","recipientIds":[")" + c.bob.text() + R"(",")" + c.cid.text() + "\"]}");
  (void)c.call(c.bob, c.root);
  return c.id_in(made);
}
inline Driven accepting() {
  Driven driven = answering("accept");
  driven.bad["CALLER_BUSY"] = [](C& c) { return from(c.bob, "POST", of(ringing_while_busy(c), "accept")); };
  return driven;
}

inline Driven ending(const std::string& verb) {
  return Driven{[verb](C& c) { return from(c.ann, "POST", of(c.call(c.ann, c.bob), verb)); },
                {{"CALL_NOT_FOUND", [verb](C& c) { return from(c.ann, "POST", of(kNobody, verb)); }},
                 {"NOT_PARTICIPANT", [verb](C& c) { return from(c.cid, "POST", of(c.call(c.ann, c.bob), verb)); }},
                 {"CALL_NOT_ACTIVE", [verb](C& c) { return from(c.ann, "POST", of(c.rejected(), verb)); }}}};
}

inline Driven reading(const std::string& what) {
  return Driven{[what](C& c) { return from(c.ann, "GET", of(c.connected(), what)); },
                {{"CALL_NOT_FOUND", [what](C& c) { return from(c.cid, "GET", of(c.connected(), what)); }}}};
}

inline Driven starting() {
  const std::string to_nobody = R"({"callType":"audio","recipientId":")" + kNobody + "\"}";
  return {[](C& c) { return from(c.ann, "POST", "/api/calls", c.call_body(c.bob)); },
          {{"NOT_PARTICIPANT", simple(&C::ann, "POST", "/api/calls", R"({"callType":"audio","groupId":")" + kNobody + "\"}")},
           {"SELF_CALL", [](C& c) { return from(c.ann, "POST", "/api/calls", c.call_body(c.ann)); }},
           {"CALLER_BUSY",
            [](C& c) {
              (void)c.call(c.ann, c.bob);
              return from(c.ann, "POST", "/api/calls", c.call_body(c.cid));
            }},
           {"RECIPIENT_BUSY",
            [](C& c) {
              (void)c.call(c.ann, c.bob);
              return from(c.cid, "POST", "/api/calls", c.call_body(c.bob));
            }},
           {"USER_INACTIVE",
            [](C& c) {
              c.set_status(c.bob, account::UserStatus::pending);
              return from(c.ann, "POST", "/api/calls", c.call_body(c.bob));
            }},
           {"USER_NOT_FOUND", simple(&C::ann, "POST", "/api/calls", to_nobody)},
           {"RATE_LIMITED",
            [=](C& c) {
              for (int i = 0; i < 5; ++i) (void)c.post(c.ann, "/api/calls", to_nobody);
              return from(c.ann, "POST", "/api/calls", to_nobody);
            }},
           {"DRAINING", [](C& c) {
              c.calls_.drain();
              return from(c.ann, "POST", "/api/calls", c.call_body(c.bob));
            }}}};
}

inline Driven signaling() {
  return {[](C& c) {
            const SessionAddress phone{.slot = 1, .generation = 1};
            c.shard_sessions_.come(c.bob.id, "bob", {.id = calls::SessionId(c.bob.id.value()), .at = phone});
            const std::string id = c.call(c.ann, c.bob);
            c.calls_.accept({.user = c.bob.id, .session = calls::SessionId(c.bob.id.value()), .at = phone},
                            calls::CallId(*parse_uuid(id)), {}, {});
            return from(c.ann, "POST", of(id, "signal"), offer());
          },
          {{"CALL_NOT_FOUND", [](C& c) { return from(c.ann, "POST", of(kNobody, "signal"), offer()); }},
           {"NOT_PARTICIPANT", [](C& c) { return from(c.cid, "POST", of(c.connected(), "signal"), offer()); }},
           {"CALL_NOT_ACTIVE", [](C& c) { return from(c.ann, "POST", of(c.rejected(), "signal"), offer()); }},
           {"PEER_OFFLINE", [](C& c) { return from(c.ann, "POST", of(c.connected(), "signal"), offer()); }},
           {"RATE_LIMITED", [](C& c) {
              const std::string path = of(c.connected(), "signal");
              for (int i = 0; i < 20; ++i) (void)c.post(c.ann, path, offer());
              return from(c.ann, "POST", path, offer());
            }}}};
}

inline Driven adding_quality() {
  return {[](C& c) { return from(c.ann, "POST", of(c.connected(), "quality"), R"({"samples":[{"rttMs":20}]})"); },
          {{"CALL_NOT_FOUND", simple(&C::ann, "POST", of(kNobody, "quality"), R"({"samples":[]})")},
           {"NOT_PARTICIPANT", [](C& c) { return from(c.cid, "POST", of(c.connected(), "quality"), R"({"samples":[]})"); }},
           {"RATE_LIMITED",
            [](C& c) {
              Asking asking = from(c.ann, "POST", of(c.connected(), "quality"), R"({"samples":[]})");
              for (int i = 0; i < 20; ++i) c.ask(asking);
              return asking;
            }},
           {"CALL_NOT_ACTIVE", [](C& c) {
              const std::string path = of(c.connected(), "quality");
              c.post(c.ann, path.substr(0, path.rfind('/')) + "/end");
              c.pass(std::chrono::minutes{6});
              return from(c.ann, "POST", path, R"({"samples":[]})");
            }}}};
}

inline void add_call_scripts(Scripts& all) {
  all["startCall"] = starting();
  all["respondToCall"] = {
      [](C& c) { return from(c.bob, "POST", "/api/calls/respond", respond_body(c.call(c.ann, c.bob))); },
      {{"CALL_NOT_FOUND", simple(&C::bob, "POST", "/api/calls/respond", respond_body(kNobody))},
       {"CALLER_BUSY", [](C& c) { return from(c.bob, "POST", "/api/calls/respond", respond_body(ringing_while_busy(c))); }},
       {"CALL_NOT_RINGING", [](C& c) { return from(c.bob, "POST", "/api/calls/respond", respond_body(c.cancelled())); }}}};
  all["acceptCall"] = accepting();
  all["leaveCall"] = ending("leave");
  all["leavePage"] = {[](C& c) { return from(c.ann, "POST", of(c.connected(), "away")); },
                      {{"CALL_NOT_FOUND", simple(&C::ann, "POST", of(kNobody, "away"))},
                       {"NOT_PARTICIPANT", [](C& c) { return from(c.cid, "POST", of(c.connected(), "away")); }},
                       {"CALL_NOT_ACTIVE", [](C& c) { return from(c.ann, "POST", of(c.rejected(), "away")); }}}};
  all["rejectCall"] = answering("reject");
  all["cancelCall"] = ending("cancel");
  all["endCall"] = ending("end");
  all["signalInCall"] = signaling();
  all["activeCalls"] = {simple(&C::ann, "GET", "/api/calls/active")};
  all["callHistory"] = {[](C& c) {
    (void)c.rejected();
    (void)c.connected();
    EXPECT_EQ(c.post(c.cid, "/api/calls", c.call_body(c.bob)).status, 400);
    return from(c.bob, "GET", "/api/calls/history?include=attempts");
  }};
  all["listCalls"] = {[](C& c) {
    (void)c.rejected();
    return from(c.ann, "GET", "/api/calls?page=1&limit=20");
  }};
  all["callStatistics"] = {[](C& c) {
    (void)c.rejected();
    return from(c.ann, "GET", "/api/calls/stats?groupBy=day");
  }};
  all["readCall"] = reading("");
  all["callAudit"] = reading("audit");
  all["readCallQuality"] = reading("quality");
  all["addCallQuality"] = adding_quality();
}

}  // namespace belfry::gateway::testing

// For the contract test: for each operation of the API a request that succeeds, and one for each error code of its own. Each
// script runs on a stage of its own.
#pragma once

#include <functional>
#include <map>
#include <utility>

#include "gateway/api/api_stage_for_tests.hpp"

namespace belfry::gateway::testing {

struct ContractWorld : ApiStage {
  void TestBody() override {}

  std::string connected() {
    std::string id = call(ann, bob);
    EXPECT_EQ(post(bob, "/api/calls/" + id + "/accept").status, 200);
    return id;
  }
  std::string rejected() {
    std::string id = call(ann, bob);
    EXPECT_EQ(post(bob, "/api/calls/" + id + "/reject").status, 200);
    return id;
  }
  std::string cancelled() {
    std::string id = call(ann, bob);
    EXPECT_EQ(post(ann, "/api/calls/" + id + "/cancel").status, 200);
    return id;
  }
  void set_status(const Person& who, account::UserStatus status) {
    stores_.accounts().set_status(who.id, status, clock_.wall(), [](const auto&) {});
  }
  std::vector<limits::ReadsInFlight::OpenRead> under_way;
  Person ann = person("ann"), bob = person("bob"), cid = person("cid"), root = person("root", account::Role::admin);
};

using C = ContractWorld;
using Script = std::function<Asking(C&)>;
struct Driven {
  Script good{};
  std::map<std::string, Script> bad{};  // key: the error code
};
using Scripts = std::map<std::string, Driven>;  // key: the operationId

inline const std::string kNobody = "018f3c1e-7b2a-7cde-9abc-0123456789ab";

inline Asking from(const ApiStage::Person& who, std::string method, std::string path, std::string body = {}) {
  return {std::move(method), std::move(path), std::move(body), who.token, {}};
}
inline Script simple(ApiStage::Person C::* who, std::string method, std::string path, std::string body = {}) {
  return [=](C& c) { return from(c.*who, method, path, body); };
}
inline std::string of(const std::string& id, const std::string& verb = {}) {
  return "/api/calls/" + id + (verb.empty() ? "" : "/" + verb);
}
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

inline Driven signing_up(const std::string& path) {
  const auto as = [path](const std::string& name) {
    return Asking{
        "POST", path, R"({"username":")" + name + R"(","email":")" + name + R"(@x.example","password":"password"})", {}, {}};
  };
  const auto beyond_the_limit = [as](C& c) {
    for (int i = 0; i < 20; ++i) (void)c.ask(as("ann"));
    return as("ann");
  };
  return Driven{[as](C&) { return as("eve"); },
                {{"DUPLICATE", [as](C&) { return as("ann"); }}, {"RATE_LIMITED", beyond_the_limit}}};
}

inline Driven logging_in(const std::string& path) {
  const auto with = [path](std::string password) {
    return Asking{"POST", path, R"({"username":"ann","password":")" + password + "\"}", {}, {}};
  };
  return Driven{[with](C&) { return with("password"); },
                {{"UNAUTHENTICATED", [with](C&) { return with("wrong"); }},
                 {"FORBIDDEN",
                  [with](C& c) {
                    c.set_status(c.ann, account::UserStatus::blocked);
                    return with("password");
                  }},
                 {"RATE_LIMITED", [with](C& c) {
                    for (int i = 0; i < 10; ++i) (void)c.ask(with("wrong"));
                    return with("password");
                  }}}};
}

inline Driven updating(const std::string& path, const std::string& method) {
  const std::string taken = R"({"email":"bob@example.org","currentPassword":"password"})";
  const std::string guess = R"({"email":"bob@example.org","currentPassword":"guess"})";
  return {simple(&C::ann, method, path, R"({"name":"Ann"})"),
          {{"DUPLICATE",
            [=](C& c) {
              EXPECT_EQ(c.ask(from(c.bob, method, path, taken)).status, 200);
              return from(c.ann, method, path, taken);
            }},
           {"RATE_LIMITED", [=](C& c) {
              for (int i = 0; i < 10; ++i) (void)c.ask(from(c.ann, method, path, guess));
              return from(c.ann, method, path, taken);
            }}}};
}  // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks): what a moved std::function holds is not lost

inline Driven setting_status(const std::string& method) {
  const std::string status = R"({"status":"blocked"})";
  return {[=](C& c) { return from(c.root, method, "/api/admin/users/" + c.cid.text() + "/status", status); },
          {{"USER_NOT_FOUND", simple(&C::root, method, "/api/admin/users/" + kNobody + "/status", status)}}};
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

inline void add_account_scripts(Scripts& all) {
  all["signUp"] = signing_up("/api/auth/signup");
  all["seed004SignUp"] = signing_up("/user/sign-up");
  all["logIn"] = logging_in("/api/auth/login");
  all["seed004LogIn"] = logging_in("/user/login");
  all["logOut"] = {simple(&C::ann, "POST", "/api/auth/logout")};
  all["seed004LogOut"] = {simple(&C::ann, "GET", "/user/logout")};
  all["refreshSession"] = {simple(&C::ann, "POST", "/api/auth/refresh"), {{"RATE_LIMITED", [](C& c) {
                                                                             Asking again =
                                                                                 from(c.ann, "POST", "/api/auth/refresh");
                                                                             for (int i = 0; i < 10; ++i)
                                                                               again.token = c.text_in(c.ask(again), {"token"});
                                                                             return again;
                                                                           }}}};
  all["register"] = signing_up("/api/auth/register");
  all["seed001Me"] = {simple(&C::ann, "GET", "/api/auth/me")};
  all["readSession"] = {simple(&C::ann, "GET", "/api/auth/session")};
  all["listSessions"] = {simple(&C::ann, "GET", "/api/sessions")};
  all["endAllSessions"] = {simple(&C::ann, "DELETE", "/api/sessions")};
  all["endSession"] = {[](C& c) {
                         const std::string id = c.text_in(c.get(c.ann, "/api/auth/session"), {"data", "sessionId"});
                         return from(c.ann, "DELETE", "/api/sessions/" + id);
                       },
                       {{"NOT_FOUND", simple(&C::ann, "DELETE", "/api/sessions/" + kNobody)}}};
  all["readMe"] = {simple(&C::ann, "GET", "/api/users/me")};
  all["seed004Check"] = {simple(&C::ann, "GET", "/user/check")};
  all["updateMe"] = updating("/api/users/me", "PATCH");
  all["seed004Update"] = updating("/user/update", "POST");
  all["findUsers"] = {simple(&C::ann, "GET", "/api/users?q=bo")};
  all["seed004Users"] = {simple(&C::ann, "GET", "/user/getusers")};
  all["readUser"] = {[](C& c) { return from(c.ann, "GET", "/api/users/" + c.bob.text()); },
                     {{"USER_NOT_FOUND", simple(&C::ann, "GET", "/api/users/" + kNobody)}}};
}  // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks): what a moved std::function holds is not lost

inline std::string in_conversation(const std::string& id, const std::string& rest = {}) {
  return "/api/conversations/" + id + rest;
}
inline std::string with_members(const std::string& ids) { return R"({"kind":"group","title":"Crew","memberIds":[)" + ids + "]}"; }
/// Of ann and bob.
inline std::string group_of(C& c) { return c.id_in(c.post(c.ann, "/api/conversations", with_members('"' + c.bob.text() + '"'))); }
/// Done by its owner; refused to a stranger, and to a plain member unless `rights` is any_member.
enum class Rights : std::uint8_t { owner, any_member };
inline Driven in_a_group(const std::string& method, const std::string& rest, const std::string& body, Rights rights) {
  const auto by = [=](ApiStage::Person C::* who) -> Script {
    return [=](C& c) { return from(c.*who, method, in_conversation(group_of(c), rest), body); };
  };
  Driven driven{by(&C::ann), {{"NOT_PARTICIPANT", by(&C::cid)}}};
  if (rights == Rights::owner) driven.bad["FORBIDDEN"] = by(&C::bob);
  return driven;
}

inline void add_conversation_scripts(Scripts& all) {
  const std::string with_nobody = with_members('"' + kNobody + '"');
  all["openConversation"] = {
      [](C& c) { return from(c.ann, "POST", "/api/conversations", with_members('"' + c.bob.text() + '"')); },
      {{"USER_NOT_FOUND", simple(&C::ann, "POST", "/api/conversations", with_nobody)}}};
  all["listConversations"] = {[](C& c) {
    (void)group_of(c);
    return from(c.ann, "GET", "/api/conversations?page=1");
  }};
  all["readConversation"] = in_a_group("GET", "", "", Rights::any_member);
  all["changeConversation"] = in_a_group("PATCH", "", R"({"title":"Decks"})", Rights::owner);
  all["deleteConversation"] = in_a_group("DELETE", "", "", Rights::owner);
  all["changeMyMembership"] = in_a_group("PATCH", "/members/me", R"({"ringMode":"none"})", Rights::any_member);
  all["removeMember"] = in_a_group("DELETE", "/members/" + kNobody, "", Rights::owner);
  all["addMembers"] = in_a_group("POST", "/members", R"({"userIds":[")" + kNobody + R"("]})", Rights::owner);
  all["addMembers"].bad["USER_NOT_FOUND"] = std::exchange(all["addMembers"].good, [](C& c) {
    return from(c.ann, "POST", in_conversation(group_of(c), "/members"), R"({"userIds":[")" + c.cid.text() + R"("]})");
  });
  const auto blocking = [](const std::string& method) -> Script {
    return [method](C& c) { return from(c.ann, method, "/api/users/" + c.bob.text() + "/block"); };
  };
  all["blockUser"] = {blocking("PUT"), {{"USER_NOT_FOUND", simple(&C::ann, "PUT", "/api/users/" + kNobody + "/block")}}};
  all["unblockUser"] = {blocking("DELETE")};
}

inline std::string a_device() { return R"({"platform":"android","pushProvider":"fcm","pushToken":"t1","name":"Phone"})"; }

inline void add_device_scripts(Scripts& all) {
  all["registerDevice"] = {simple(&C::ann, "POST", "/api/devices", a_device())};
  all["listDevices"] = {[](C& c) {
    EXPECT_EQ(c.post(c.ann, "/api/devices", a_device()).status, 201);
    return from(c.ann, "GET", "/api/devices");
  }};
  const auto removing = [](ApiStage::Person C::* who) -> Script {
    return [who](C& c) { return from(c.*who, "DELETE", "/api/devices/" + c.id_in(c.post(c.ann, "/api/devices", a_device()))); };
  };
  const auto changing = [](ApiStage::Person C::* who) -> Script {
    return [who](C& c) {
      const std::string id = c.id_in(c.post(c.ann, "/api/devices", a_device()));
      return from(c.*who, "PATCH", "/api/devices/" + id, R"({"dnd":true,"name":"Tablet"})");
    };
  };
  all["changeDevice"] = {changing(&C::ann), {{"NOT_FOUND", changing(&C::bob)}}};
  all["removeDevice"] = {removing(&C::ann), {{"NOT_FOUND", removing(&C::bob)}}};
  all["adminPushDeliveries"] = {simple(&C::root, "GET", "/api/admin/push/deliveries?status=failed&page=1")};
}

inline void add_token_scripts(Scripts& all) {
  const auto fetching = [](ApiStage::Person C::* who) -> Script {
    return [who](C& c) { return from(c.*who, "GET", "/api/call/token?conversationId=" + group_of(c)); };
  };
  const auto often = [](Script script, int times) -> Script {
    return [=](C& c) {
      Asking asking = script(c);
      for (int i = 0; i < times; ++i) (void)c.ask(asking);
      return asking;
    };
  };
  all["fetchCallToken"] = {fetching(&C::ann),
                           {{"NOT_PARTICIPANT", fetching(&C::cid)}, {"RATE_LIMITED", often(fetching(&C::ann), 3)}}};
  const Script renewing = [](C& c) { return from(c.ann, "POST", of(c.connected(), "token")); };
  all["renewCallToken"] = {renewing,
                           {{"NOT_PARTICIPANT", [](C& c) { return from(c.cid, "POST", of(c.connected(), "token")); }},
                            {"CALL_NOT_ACTIVE", [](C& c) { return from(c.ann, "POST", of(c.rejected(), "token")); }},
                            {"RATE_LIMITED", often(renewing, 10)}}};
  const auto joining = [](ApiStage::Person C::* who, Duration later, bool leaves) -> Script {
    return [=](C& c) {
      const std::string room = group_of(c);
      const std::string token = c.text_in(c.get(c.bob, "/api/call/token?conversationId=" + room), {"data", "token"});
      c.clock_.passed += later;
      if (leaves) (void)c.ask(from(c.bob, "DELETE", in_conversation(room, "/members/" + c.bob.text())));
      return from(c.*who, "POST", "/api/call/join", R"({"token":")" + token + "\"}");
    };
  };
  all["joinWithCallToken"] = {joining(&C::bob, Duration{}, false),
                              {{"TOKEN_INVALID", joining(&C::ann, Duration{}, false)},
                               {"TOKEN_EXPIRED", joining(&C::bob, std::chrono::seconds{300}, false)},
                               {"NOT_PARTICIPANT", joining(&C::bob, Duration{}, true)},
                               {"RATE_LIMITED", [joining](C& c) {
                                  const Asking asking = joining(&C::bob, Duration{}, false)(c);
                                  for (int i = 0; i < 40; ++i) (void)c.ask(asking);
                                  return asking;
                                }}}};
  all["iceServers"] = {simple(&C::ann, "GET", "/api/ice-servers")};
  all["turnCredentials"] = {simple(&C::ann, "GET", "/api/calls/turn-credentials")};
}

inline void add_admin_scripts(Scripts& all) {
  all["setUserStatus"] = setting_status("PUT");
  all["postUserStatus"] = setting_status("POST");
  all["adminCalls"] = {[](C& c) {
    (void)c.connected();
    return from(c.root, "GET", "/api/admin/calls");
  }};
  all["adminEndCall"] = {
      [](C& c) { return from(c.root, "POST", "/api/admin/calls/" + c.connected() + "/end"); },
      {{"CALL_NOT_FOUND", simple(&C::root, "POST", "/api/admin/calls/" + kNobody + "/end")},
       {"CALL_NOT_ACTIVE", [](C& c) { return from(c.root, "POST", "/api/admin/calls/" + c.rejected() + "/end"); }}}};
  all["adminPendingCall"] = {[](C& c) {
                               const std::string group = group_of(c);
                               (void)c.post(c.ann, "/api/calls", R"({"callType":"audio","groupId":")" + group + "\"}");
                               return from(c.root, "GET", "/api/admin/calls/pending/" + group);
                             },
                             {{"NOT_FOUND", simple(&C::root, "GET", "/api/admin/calls/pending/" + kNobody)}}};
  for (const auto& [id, path] : std::map<std::string, std::string>{{"adminSessions", "sessions"},
                                                                   {"adminQuality", "quality"},
                                                                   {"adminAudit", "audit"},
                                                                   {"adminInvariants", "invariants"},
                                                                   {"adminConfig", "config"},
                                                                   {"adminConfigLint", "config/lint"}})
    all[id] = {simple(&C::root, "GET", "/api/admin/" + path)};
  all["drain"] = {simple(&C::root, "POST", "/api/admin/drain")};
}

inline const Scripts& all_scripts() {
  static const Scripts kAll = [] {
    Scripts all;
    add_call_scripts(all);
    add_account_scripts(all);
    add_conversation_scripts(all);
    add_device_scripts(all);
    add_token_scripts(all);
    add_admin_scripts(all);
    return all;
  }();
  return kAll;
}

}  // namespace belfry::gateway::testing

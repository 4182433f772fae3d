// For the contract test: for each operation of the API a request that succeeds, and one for each error code of its own. Each
// script runs on a stage of its own. Here: those on conversations, devices, tokens, and of administrators.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "gateway/api/contract_account_scripts_for_tests.hpp"
#include "gateway/api/contract_call_scripts_for_tests.hpp"
#include "gateway/api/contract_message_scripts_for_tests.hpp"
#include "gateway/api/contract_world_for_tests.hpp"

namespace belfry::gateway::testing {

inline void add_conversation_scripts(Scripts& all) {
  const std::string with_nobody = with_members('"' + kNobody + '"');
  all["openConversation"] = {
      [](C& c) { return from(c.ann, "POST", "/api/conversations", with_members('"' + c.bob.text() + '"')); },
      {{"USER_NOT_FOUND", simple(&C::ann, "POST", "/api/conversations", with_nobody)},
       {"FORBIDDEN", [](C& c) {
          block_ann(c);
          return from(c.ann, "POST", "/api/conversations", R"({"kind":"direct","userId":")" + c.bob.text() + "\"}");
        }}}};
  all["listConversations"] = {[](C& c) {
    (void)group_of(c);
    return from(c.ann, "GET", "/api/conversations?page=1");
  }};
  all["readConversation"] = in_a_group("GET", "", "", Rights::any_member);
  all["changeConversation"] = in_a_group("PATCH", "", R"({"title":"Decks"})", Rights::owner);
  all["deleteConversation"] = in_a_group("DELETE", "", "", Rights::owner);
  all["changeMyMembership"] = in_a_group("PATCH", "/members/me", R"({"ringMode":"none"})", Rights::any_member);
  all["changeMember"] = in_a_group("PATCH", "/members/" + kNobody, R"({"role":"admin"})", Rights::owner);
  all["changeMember"].bad["USER_NOT_FOUND"] = std::exchange(all["changeMember"].good, [](C& c) {
    return from(c.ann, "PATCH", in_conversation(group_of(c), "/members/" + c.bob.text()), R"({"role":"admin"})");
  });
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

inline Driven setting_status(const std::string& method) {
  const std::string status = R"({"status":"blocked"})";
  return {[=](C& c) { return from(c.root, method, "/api/admin/users/" + c.cid.text() + "/status", status); },
          {{"USER_NOT_FOUND", simple(&C::root, method, "/api/admin/users/" + kNobody + "/status", status)}}};
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
    add_message_scripts(all);
    add_seed_004_scripts(all);
    add_device_scripts(all);
    add_token_scripts(all);
    add_admin_scripts(all);
    return all;
  }();
  return kAll;
}

}  // namespace belfry::gateway::testing

// For the contract test: the scripts of the operations on messages.
#pragma once

#include <map>
#include <string>

#include "gateway/api/contract_world_for_tests.hpp"

namespace belfry::gateway::testing {

inline std::string direct_of(C& c) {
  return c.id_in(c.post(c.ann, "/api/conversations", R"({"kind":"direct","userId":")" + c.bob.text() + "\"}"));
}
inline std::string send_in(C& c, const ApiStage::Person& sender, const std::string& conversation) {
  return c.id_in(c.post(sender, in_conversation(conversation, "/messages"), R"({"text":"hello"})"));
}
inline void block_ann(C& c) { EXPECT_EQ(c.ask(from(c.bob, "PUT", "/api/users/" + c.ann.text() + "/block")).status, 200); }

/// Of a message of ann: by ann, by bob, by a stranger, and of none.
inline Driven with_a_message(const std::string& method, const std::string& body) {
  const auto by = [=](ApiStage::Person C::* who, bool known) -> Script {
    return [=](C& c) {
      const std::string direct = direct_of(c), message = send_in(c, c.ann, direct);
      return from(c.*who, method, in_conversation(direct, "/messages/" + (known ? message : kNobody)), body);
    };
  };
  return {by(&C::ann, true),
          {{"FORBIDDEN", by(&C::bob, true)}, {"NOT_PARTICIPANT", by(&C::cid, true)}, {"NOT_FOUND", by(&C::ann, false)}}};
}
/// As often as it may be asked, and once more.
inline Script too_often(const Script& script, int times) {
  return [=](C& c) {
    Asking asking = script(c);
    for (int i = 0; i < times; ++i) (void)c.ask(asking);
    return asking;
  };
}

inline void add_message_scripts(Scripts& all) {
  all["sendMessage"] = in_a_group("POST", "/messages", R"({"text":"hello","clientMessageId":"c1"})", Rights::any_member);
  all["sendMessage"].bad["FORBIDDEN"] = [](C& c) {
    const std::string direct = direct_of(c);
    block_ann(c);
    return from(c.ann, "POST", in_conversation(direct, "/messages"), R"({"text":"hello"})");
  };
  all["sendMessage"].bad["RATE_LIMITED"] =
      too_often([](C& c) { return from(c.ann, "POST", in_conversation(group_of(c), "/messages"), R"({"text":"hello"})"); }, 5);
  all["listMessages"] = in_a_group("GET", "/messages?limit=10", "", Rights::any_member);
  all["editMessage"] = with_a_message("PATCH", R"({"text":"hullo"})");
  all["editMessage"].bad["RATE_LIMITED"] = too_often(all["editMessage"].good, 5);
  all["deleteMessage"] = with_a_message("DELETE", "");
  all["deleteMessage"].bad["RATE_LIMITED"] = too_often(all["deleteMessage"].good, 20);
  for (const auto& [id, verb] : std::map<std::string, std::string>{{"markRead", "/read"}, {"markDelivered", "/delivered"}}) {
    all[id] = in_a_group("POST", verb, R"({"upTo":3})", Rights::any_member);
    all[id].bad["RATE_LIMITED"] = too_often(all[id].good, 20);
  }
  all["setTyping"] = in_a_group("POST", "/typing", R"({"typing":true})", Rights::any_member);
  all["setTyping"].bad["RATE_LIMITED"] = too_often(all["setTyping"].good, 20);
  all["setTyping"].bad["FORBIDDEN"] = [](C& c) {
    const std::string direct = direct_of(c);
    block_ann(c);
    return from(c.ann, "POST", in_conversation(direct, "/typing"));
  };
  all["searchMessages"] = {
      [](C& c) {
        (void)send_in(c, c.ann, group_of(c));
        return from(c.bob, "GET", "/api/messages/search?q=hel");
      },
      {{"NOT_PARTICIPANT", [](C& c) { return from(c.cid, "GET", "/api/messages/search?q=hel&conversationId=" + group_of(c)); }}}};
  all["readUnread"] = {[](C& c) {
    (void)send_in(c, c.ann, group_of(c));
    return from(c.bob, "GET", "/api/unread");
  }};
}

/// What seed 004's client asks of one other (seed_004_message_routes.cpp).
inline void add_seed_004_scripts(Scripts& all) {
  const auto to = [](const std::string& receiver) { return R"({"text":"hello","receiver":")" + receiver + "\"}"; };
  const Script sending = simple(&C::ann, "POST", "/message/send", to("bob"));
  all["seed004Send"] = {sending,
                        {{"USER_NOT_FOUND", simple(&C::ann, "POST", "/message/send", to("nobody"))},
                         {"FORBIDDEN",
                          [=](C& c) {
                            block_ann(c);
                            return sending(c);
                          }},
                         {"RATE_LIMITED", too_often(sending, 5)}}};
  for (const auto& [id, path] : std::map<std::string, std::string>{{"seed004Messages", "/message/get/"},
                                                                   {"seed004Unread", "/message/getunread/"},
                                                                   {"seed004MarkRead", "/message/markread/"}}) {
    const Script asking = [=, path = path](C& c) {
      EXPECT_EQ(c.ask(sending(c)).status, 201);
      return from(c.bob, "GET", path + "ann");
    };
    all[id] = {asking, {{"USER_NOT_FOUND", simple(&C::bob, "GET", path + "nobody")}}};
  }
}

}  // namespace belfry::gateway::testing

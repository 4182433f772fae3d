// For the contract test: the stage that each script of an operation runs on, and what a script is made of.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

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
inline Asking with_file(const ApiStage::Person& who, std::string path, const std::string& field, const std::string& bytes) {
  return {"POST", std::move(path), form_with_file(field, "a.png", bytes), who.token, {kFormType}};
}
inline Script simple(ApiStage::Person C::* who, std::string method, std::string path, std::string body = {}) {
  return [=](C& c) { return from(c.*who, method, path, body); };
}
inline std::string of(const std::string& id, const std::string& verb = {}) {
  return "/api/calls/" + id + (verb.empty() ? "" : "/" + verb);
}
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

}  // namespace belfry::gateway::testing

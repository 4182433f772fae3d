// For the contract test: the scripts of the operations on accounts and sessions (contract_scripts_for_tests.hpp).
#pragma once

#include <string>
#include <utility>

#include "gateway/api/contract_world_for_tests.hpp"

namespace belfry::gateway::testing {

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
  all["setAvatar"] = {[](C& c) { return with_file(c.ann, "/api/users/me/avatar", "avatar", png(9, 9)); },
                      {{"RATE_LIMITED", [](C& c) {
                          return with_file(c.ann, "/api/users/me/avatar", "avatar", png(9, 9) + std::string(900, 'x'));
                        }}}};
  all["removeAvatar"] = {simple(&C::ann, "DELETE", "/api/users/me/avatar")};
  all["uploadFile"] = {[](C& c) { return with_file(c.ann, "/api/files", "file", "hello"); },
                       {{"RATE_LIMITED", [](C& c) { return with_file(c.ann, "/api/files", "file", std::string(950, 'x')); }}}};
  all["findUsers"] = {simple(&C::ann, "GET", "/api/users?q=bo")};
  all["readPresence"] = {[](C& c) { return from(c.ann, "GET", "/api/presence?ids=" + c.bob.text() + "," + kNobody); }};
  all["seed004Users"] = {simple(&C::ann, "GET", "/user/getusers")};
  all["readUser"] = {[](C& c) { return from(c.ann, "GET", "/api/users/" + c.bob.text()); },
                     {{"USER_NOT_FOUND", simple(&C::ann, "GET", "/api/users/" + kNobody)}}};
}  // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks): what a moved std::function holds is not lost

}  // namespace belfry::gateway::testing

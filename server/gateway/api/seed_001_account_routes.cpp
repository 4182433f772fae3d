// Seed 001's operations on accounts (SPEC W-001-06): our own, at its addresses and with its fields. Those that it has in common
// with ours are in auth_routes.cpp.
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "base/check.hpp"
#include "gateway/api/account_routes.hpp"
#include "gateway/api/api_call.hpp"
#include "gateway/api/profile_fields.hpp"

namespace belfry::gateway {
namespace {

Operation copy_of(const Operations& all, std::string_view id) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Operation& each) { return each.id == id; });
  CHECK(found != all.end(), "an alias of an operation which is not there");
  return *found;
}

/// Seed 001's clients fetch one before they post, and send it back as `x-csrf-token`. It is not checked: a cookie is accepted
/// from our own pages only, and browsers do not send Bearer by themselves.
void give_csrf_token(const AccountServices& services, const ApiCallPtr& call) {
  call->answer({.body = R"({"csrfToken":")" + services.accounts.random_token() + R"("})"});
}

}  // namespace

Operations seed_001_account_operations(const AccountServices& services) {
  const AccountServices& s = services;
  Operation registration = copy_of(auth_operations(services), "signUp");
  registration.path = "/api/auth/register";
  registration.id = "register";
  registration.summary = "As signUp, with firstName and lastName";
  registration.body = register_fields(s.min_password);
  registration.at_least_one = {};
  Operation me = copy_of(profile_operations(services, ProfileShape::fields_beside), "readMe");
  me.path = "/api/auth/me";
  me.id = "seed001Me";
  me.summary = "As readMe";
  Operation csrf{.path = "/api/csrf-token", .id = "csrfToken", .summary = "A token that is not checked", .auth = Auth::none};
  csrf.documented = false;  // it answers without an envelope
  csrf.asks_store = false;
  csrf.act = [s](const ApiCallPtr& call) { give_csrf_token(s, call); };
  return {std::move(registration), std::move(me), std::move(csrf)};
}

}  // namespace belfry::gateway

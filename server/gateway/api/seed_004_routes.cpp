// Seed 004's /user/*: our own operations at seed 004's addresses (SPEC C-16).
#include <algorithm>
#include <string_view>
#include <utility>

#include "base/check.hpp"
#include "gateway/api/account_routes.hpp"

namespace belfry::gateway {
namespace {

const Operation& find(const Operations& all, std::string_view id) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Operation& each) { return each.id == id; });
  CHECK(found != all.end(), "an alias of an operation which is not there");
  return *found;
}

struct Alias {
  http::Method method;
  std::string_view path;
  std::string_view id;
  std::string_view summary;
};

/// Has the same fields, errors, schema and function.
Operation alias(const Operation& of, const Alias& as) {
  Operation same = of;
  same.method = as.method;
  same.path = as.path;
  same.id = as.id;
  same.summary = as.summary;
  same.changes_by_get = as.method == http::Method::get && of.method != http::Method::get;
  return same;
}

}  // namespace

Operations seed_004_operations(const AccountServices& services) {
  using http::Method;
  const Operations auth = auth_operations(services);
  const Operations profile = profile_operations(services, ProfileShape::fields_beside);
  const Operations people = people_operations(services, PeopleShape::sidebar);
  return {
      alias(find(auth, "signUp"), {Method::post, "/user/sign-up", "seed004SignUp", "As signUp"}),
      alias(find(auth, "logIn"), {Method::post, "/user/login", "seed004LogIn", "As logIn"}),
      alias(find(auth, "logOut"), {Method::get, "/user/logout", "seed004LogOut", "As logOut"}),
      alias(find(profile, "readMe"), {Method::get, "/user/check", "seed004Check", "Who this session is"}),
      alias(find(profile, "updateMe"), {Method::post, "/user/update", "seed004Update", "As updateMe"}),
      alias(find(people, "findUsers"), {Method::get, "/user/getusers", "seed004Users", "Everybody else"}),
  };
}

}  // namespace belfry::gateway

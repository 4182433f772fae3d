// Seed 004's /user/*: our own operations at seed 004's addresses (SPEC C-16).
#include "gateway/api/seed_004_routes.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

#include "base/check.hpp"
#include "gateway/api/account_answers.hpp"
#include "gateway/api/documents.hpp"
#include "gateway/api/profile_fields.hpp"

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

/// K3: its client logs in only on a 200. W-004-16: its form takes shorter passwords than we do elsewhere.
Operation sign_up_alias(const Operation& sign_up, std::int64_t min_password) {
  Operation same = alias(sign_up, {http::Method::post, "/api/user/sign-up", "seed004SignUp", "As signUp, answered 200"});
  same.status = 200;
  same.body = sign_up_fields(min_password);
  return same;
}

Operation contacts_operation(const AccountServices& services, conversations::Conversations& conversations) {
  return {.path = "/api/user/getusers",
          .id = "seed004Users",
          .summary = "Everybody else: those written with last come first, the rest by name; 1000 of them, if there is no page",
          .query = {{"q", FieldKind::text, Need::optional, "part of a name", {}, 0, kMaxName}, page_field(), limit_field()},
          .data = "Contacts",
          .act = [services, &conversations](const ApiCallPtr& call) { list_contacts(services, conversations, call); }};
}

}  // namespace

Operations at_both_addresses(const Operations& all) {
  Operations both;
  for (const Operation& each : all) {
    CHECK(each.path.starts_with("/api/"), "a path of seed 004 is written with /api");
    Operation bare = each;
    bare.names_field = true;  // W-004-16
    Operation prefixed = bare;
    bare.path.remove_prefix(std::string_view("/api").size());
    prefixed.documented = false;
    both.push_back(std::move(bare));
    both.push_back(std::move(prefixed));
  }
  return both;
}

Operations seed_004_user_operations(const AccountServices& services, conversations::Conversations& conversations) {
  using http::Method;
  const Operations auth = auth_operations(services, ProfileShape::fields_beside);
  const Operations profile = profile_operations(services, ProfileShape::fields_beside);
  return at_both_addresses({
      sign_up_alias(find(auth, "signUp"), services.seed_004_min_password),
      alias(find(auth, "logIn"), {Method::post, "/api/user/login", "seed004LogIn", "As logIn"}),
      alias(find(auth, "logOut"), {Method::get, "/api/user/logout", "seed004LogOut", "As logOut"}),
      alias(find(profile, "readMe"), {Method::get, "/api/user/check", "seed004Check", "Who this session is"}),
      alias(find(profile, "updateMe"), {Method::post, "/api/user/update", "seed004Update", "As updateMe"}),
      contacts_operation(services, conversations),
  });
}

}  // namespace belfry::gateway

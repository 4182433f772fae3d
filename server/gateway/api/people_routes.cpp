// /api/users: other users, by name and by id.
#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/api/account_answers.hpp"
#include "gateway/api/account_routes.hpp"
#include "gateway/api/documents.hpp"
#include "gateway/api/profile_fields.hpp"
#include "gateway/json/people.hpp"

namespace belfry::gateway {
namespace {

/// Whom the asking user sees online: as long as every other list of online users shows them (K15, K16), unless a block hides them
/// (K45).
class SeenOnline {
 public:
  /// `visible`: sorted by id.
  SeenOnline(const sessions::OnlineUsers& online, const std::vector<store::Presence>& visible)
      : online_(online),
        visible_(visible) {}
  [[nodiscard]] bool has(const account::UserId& user) const {
    const auto found = std::lower_bound(visible_.begin(), visible_.end(), user,
                                        [](const store::Presence& each, const account::UserId& id) { return each.user < id; });
    return found != visible_.end() && found->user == user && online_.is_online(user);
  }

 private:
  const sessions::OnlineUsers& online_;
  const std::vector<store::Presence>& visible_;
};

/// Asks the store whom of these users the asking one may see online; `answer` does not run if it cannot say.
void see_online(const AccountServices& services, const ApiCallPtr& call, const std::vector<account::User>& users,
                std::function<void(const SeenOnline&)> answer) {
  std::vector<account::UserId> ids;
  for (const account::User& user : users) ids.push_back(user.id);
  services.store.presence(std::move(ids), call->who.user,
                          [&online = services.online, call, answer = std::move(answer)](const auto& visible) {
                            if (!visible) return call->fail(failure_of(accounts::AccountFault::unavailable));
                            answer(SeenOnline(online, *visible));
                          });
}

/// The public fields (R-001-71), and those that a list of people needs.
void append_other_fields(json::Writer& json, const account::User& user, std::string_view avatar, const SeenOnline& online) {
  append_public_fields(json, user, avatar);
  json.member("online", online.has(user.id));
}

std::string list_json(const std::vector<account::User>& users, const SeenOnline& online) {
  std::string text;
  json::Writer json(text);
  json.open_object().key("users").open_array();
  for (const auto& user : users) {
    append_other_fields(json.open_object(), user, listed_avatar(user), online);
    json.close_object();
  }
  json.close_array().close_object();
  return text;
}

void search(const AccountServices& services, const ApiCallPtr& call) {
  // A search by name may return the asking user; a plain list of others does not.
  const auto except = call->has("q") ? std::nullopt : std::optional(call->who.user);
  services.store.search(call->text("q").value_or(""), except, page_of(*call, kMostPerPage), [services, call](const auto& found) {
    if (!found) return call->fail(failure_of(accounts::AccountFault::unavailable));
    see_online(services, call, *found,
               [call, users = *found](const SeenOnline& online) { call->succeed(list_json(users, online)); });
  });
}

void show_other(const AccountServices& services, const ApiCallPtr& call) {
  services.store.find(account::UserId(call->id("id")), [services, call](const auto& found) {
    if (!found) return call->fail(failure_of(accounts::AccountFault::unavailable));
    if (!*found || (*found)->status == account::UserStatus::deleted)
      return call->fail(failure_of(accounts::AccountFault::no_such_user));
    see_online(services, call, {**found}, [call, user = **found](const SeenOnline& online) {
      std::string text;
      json::Writer json(text);
      append_other_fields(json.open_object(), user, avatar_of(user), online);  // the picture as the user sent it
      json.close_object();
      call->succeed(text);
    });
  });
}

const std::vector<Field> kPageFields = {
    {"q", FieldKind::text, Need::optional, "part of a name", {}, 0, kMaxName}, page_field(), limit_field()};

}  // namespace

Operations people_operations(const AccountServices& services) {
  const AccountServices& s = services;
  Operations all;
  all.push_back({.path = "/api/users",
                 .id = "findUsers",
                 .summary = "People by name",
                 .query = kPageFields,
                 .data = "Users",
                 .act = [s](const ApiCallPtr& call) { search(s, call); }});
  all.push_back({.path = "/api/users/{id}",
                 .id = "readUser",
                 .summary = "What others see of somebody",
                 .errors = {ApiError::user_not_found},
                 .data = "Person",
                 .act = [s](const ApiCallPtr& call) { show_other(s, call); }});
  return all;
}

}  // namespace belfry::gateway

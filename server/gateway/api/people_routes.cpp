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

using account::UserId;

/// What an answer says of people beside what they show to everybody. Both lists are sorted by id.
struct Seen {
  const sessions::OnlineUsers& online;
  std::vector<store::Presence> visible{};
  std::vector<UserId> blocked{};  // by the asking user; who blocks them is not said

  /// As long as every other list of online users shows them (K15, K16), unless a block hides them (K45).
  [[nodiscard]] bool is_online(const UserId& user) const {
    const auto found = std::lower_bound(visible.begin(), visible.end(), user,
                                        [](const store::Presence& each, const UserId& id) { return each.user < id; });
    return found != visible.end() && found->user == user && online.is_online(user);
  }
  [[nodiscard]] bool is_blocked(const UserId& user) const { return std::binary_search(blocked.begin(), blocked.end(), user); }
};

struct PeopleServices {
  AccountServices accounts;
  conversations::Conversations& conversations;
};

/// Asks the store twice, however many they are; `answer` does not run if it cannot say.
void see(const PeopleServices& services, const ApiCallPtr& call, const std::vector<account::User>& users,
         std::function<void(const Seen&)> answer) {
  std::vector<UserId> ids;
  for (const account::User& user : users) ids.push_back(user.id);
  services.accounts.store.presence(ids, call->who.user, [services, call, ids, answer = std::move(answer)](const auto& visible) {
    if (!visible) return call->fail(store_unavailable());
    services.conversations.blocked_by(
        call->who.user, ids, [&online = services.accounts.online, call, visible = *visible, answer](const auto& blocked) {
          if (!blocked) return call->fail(store_unavailable());
          answer({.online = online, .visible = visible, .blocked = *blocked});
        });
  });
}

/// The public fields (R-001-71), and those that a list of people needs.
void append_other_fields(json::Writer& json, const account::User& user, std::string_view avatar, const Seen& seen) {
  append_public_fields(json, user, avatar);
  json.member("online", seen.is_online(user.id)).member("blocked", seen.is_blocked(user.id));
}

std::string list_json(const std::vector<account::User>& users, const Seen& seen) {
  std::string text;
  json::Writer json(text);
  json.open_object().key("users").open_array();
  for (const auto& user : users) {
    append_other_fields(json.open_object(), user, listed_avatar(user), seen);
    json.close_object();
  }
  json.close_array().close_object();
  return text;
}

void search(const PeopleServices& services, const ApiCallPtr& call) {
  // A search by name may return the asking user; a plain list of others does not.
  const auto except = call->has("q") ? std::nullopt : std::optional(call->who.user);
  services.accounts.store.search(
      call->text("q").value_or(""), except, page_of(*call, kMostPerPage), [services, call](const auto& found) {
        if (!found) return call->fail(store_unavailable());
        see(services, call, *found, [call, users = *found](const Seen& seen) { call->succeed(list_json(users, seen)); });
      });
}

void show_other(const PeopleServices& services, const ApiCallPtr& call) {
  services.accounts.store.find(UserId(call->id("id")), [services, call](const auto& found) {
    if (!found) return call->fail(store_unavailable());
    if (!*found || (*found)->status == account::UserStatus::deleted)
      return call->fail(failure_of(accounts::AccountFault::no_such_user));
    see(services, call, {**found}, [call, user = **found](const Seen& seen) {
      std::string text;
      json::Writer json(text);
      append_other_fields(json.open_object(), user, avatar_of(user), seen);  // the picture as the user sent it
      json.close_object();
      call->succeed(text);
    });
  });
}

const std::vector<Field> kPageFields = {
    {"q", FieldKind::text, Need::optional, "part of a name", {}, 0, kMaxName}, page_field(), limit_field()};

}  // namespace

Operations people_operations(const AccountServices& services, conversations::Conversations& conversations) {
  const PeopleServices s{services, conversations};
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

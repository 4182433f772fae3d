#include "domain/account/user.hpp"

#include <algorithm>
#include <array>

#include "base/check.hpp"

namespace belfry::account {
namespace {

constexpr std::array kStatuses = {UserStatus::active, UserStatus::pending, UserStatus::inactive, UserStatus::blocked,
                                  UserStatus::deleted};
constexpr std::array kRoles = {Role::user, Role::admin, Role::guest};

template <class Values>
std::optional<typename Values::value_type> value_of(const Values& values, std::string_view text) {
  const auto* const found = std::find_if(values.begin(), values.end(), [&](auto each) { return to_text(each) == text; });
  if (found == values.end()) return std::nullopt;
  return *found;
}

}  // namespace

bool is_username_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

bool is_username(std::string_view text) {
  return !text.empty() && text.size() <= kMaxUsernameLength && std::all_of(text.begin(), text.end(), is_username_character);
}

Person person_of(UserId id, std::string_view username, std::string_view avatar) {
  if (avatar.starts_with("data:")) return {id, std::string(username), "/user/avatar/" + belfry::to_text(id.value())};
  return {id, std::string(username), std::string(avatar.empty() ? kDefaultAvatar : avatar)};
}
std::string_view avatar_of(const User& user) { return user.avatar.empty() ? kDefaultAvatar : std::string_view(user.avatar); }
Person person_of(const User& user) { return person_of(user.id, user.username, user.avatar); }

std::string_view to_text(UserStatus status) {
  switch (status) {
    case UserStatus::active:
      return "active";
    case UserStatus::pending:
      return "pending";
    case UserStatus::inactive:
      return "inactive";
    case UserStatus::blocked:
      return "blocked";
    case UserStatus::deleted:
      return "deleted";
  }
  CHECK(false, "a status of a user has a word");
}
std::string_view to_text(Role role) {
  switch (role) {
    case Role::user:
      return "user";
    case Role::admin:
      return "admin";
    case Role::guest:
      return "guest";
  }
  CHECK(false, "a role of a user has a word");
}
std::optional<UserStatus> parse_user_status(std::string_view text) { return value_of(kStatuses, text); }
std::optional<Role> parse_role(std::string_view text) { return value_of(kRoles, text); }

}  // namespace belfry::account

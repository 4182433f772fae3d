#include "domain/account/user.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace belfry::account {
namespace {

constexpr std::array<std::pair<UserStatus, std::string_view>, 5> kStatuses = {{{UserStatus::active, "active"},
                                                                               {UserStatus::pending, "pending"},
                                                                               {UserStatus::inactive, "inactive"},
                                                                               {UserStatus::blocked, "blocked"},
                                                                               {UserStatus::deleted, "deleted"}}};
constexpr std::array<std::pair<Role, std::string_view>, 3> kRoles = {
    {{Role::user, "user"}, {Role::admin, "admin"}, {Role::guest, "guest"}}};

template <class Words, class Value>
std::string_view word(const Words& words, Value value) {
  return std::find_if(words.begin(), words.end(), [&](const auto& each) { return each.first == value; })->second;
}

template <class Words>
auto value(const Words& words, std::string_view text) -> std::optional<decltype(words[0].first)> {
  const auto found = std::find_if(words.begin(), words.end(), [&](const auto& each) { return each.second == text; });
  if (found == words.end()) return std::nullopt;
  return found->first;
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
  return {id, std::string(username), std::string(avatar)};
}
Person person_of(const User& user) { return person_of(user.id, user.username, user.avatar); }

std::string_view to_text(UserStatus status) { return word(kStatuses, status); }
std::string_view to_text(Role role) { return word(kRoles, role); }
std::optional<UserStatus> parse_user_status(std::string_view text) { return value(kStatuses, text); }
std::optional<Role> parse_role(std::string_view text) { return value(kRoles, text); }

}  // namespace belfry::account

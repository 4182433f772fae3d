// A user without secrets. Password hash and tokens are not here: only app/accounts and the store see them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/strong_id.hpp"
#include "base/time.hpp"
#include "base/uuid.hpp"

namespace belfry::account {

using UserId = StrongId<struct UserIdTag, Uuid>;
/// One login: the `jti` of its tokens. Ending it ends its cookie, its Bearer token and its live sockets.
using LoginId = StrongId<struct LoginIdTag, Uuid>;

/// SPEC 2.3. Only active users call and are called (R-001-62, R-001-63).
enum class UserStatus : std::uint8_t { active, pending, inactive, blocked, deleted };
/// A guest is a name of the open mode (SPEC 0, `--dev`): it has no password.
enum class Role : std::uint8_t { user, admin, guest };

/// SPEC 2.3: `[a-zA-Z0-9_-]{1,64}`.
constexpr std::size_t kMaxUsernameLength = 64;
[[nodiscard]] bool is_username_character(char c);
[[nodiscard]] bool is_username(std::string_view text);

/// What others see of a user, and all they see (R-001-71).
struct Person {
  UserId id;
  std::string username;
  std::string avatar;  // an URL or path; empty: the default one
  friend bool operator==(const Person&, const Person&) = default;
};

/// The same of what a store holds. An image that is kept as data URL is shown by the path which serves it: a call names two
/// people in each of its messages.
[[nodiscard]] Person person_of(UserId id, std::string_view username, std::string_view avatar);

struct User {
  UserId id;
  std::string username;
  std::optional<std::string> email;  // lower case
  std::string display_name;
  std::string avatar;
  UserStatus status = UserStatus::active;
  Role role = Role::user;
  std::uint32_t media_uid = 0;  // unique, 1 ... 2^32-1, given by the store (SPEC C-13)
  WallTime created{}, updated{};
  std::optional<WallTime> last_active{};
  friend bool operator==(const User&, const User&) = default;
};

[[nodiscard]] Person person_of(const User& user);

/// The words on the wire and in the store.
[[nodiscard]] std::string_view to_text(UserStatus status);
[[nodiscard]] std::string_view to_text(Role role);
[[nodiscard]] std::optional<UserStatus> parse_user_status(std::string_view text);
[[nodiscard]] std::optional<Role> parse_role(std::string_view text);

}  // namespace belfry::account

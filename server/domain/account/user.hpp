// A user, without secrets: only app/accounts and the store see password hashes and tokens.
#pragma once

#include <cstddef>
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

/// SPEC 2.3. Only active users can call or be called (R-001-62, R-001-63).
enum class UserStatus : std::uint8_t { active, pending, inactive, blocked, deleted };
/// A guest has only a name, chosen in the open mode (SPEC 0, `--dev`), and no password.
enum class Role : std::uint8_t { user, admin, guest };

/// SPEC 2.3: `[a-zA-Z0-9_-]{1,64}`.
constexpr std::size_t kMaxUsernameLength = 64;
[[nodiscard]] bool is_username_character(char c);
[[nodiscard]] bool is_username(std::string_view text);

// A line about oneself; of somebody who has written none, seed 004's (W-004-03).
constexpr std::string_view kFirstBio = "Busy";
constexpr std::size_t kMaxBio = 512;  // characters, K4

/// Everything that other users see of a user (R-001-71).
struct Person {
  UserId id;
  std::string username;
  std::string avatar;  // a URL or path
  friend bool operator==(const Person&, const Person&) = default;
};

/// The picture of a user who has none; a path of ours (SPEC K11).
constexpr std::string_view kDefaultAvatar = "/avatars/default.svg";

/// Builds a Person from stored columns. An avatar stored as a data URL is replaced by the path that serves it, because every
/// message of a call carries two people.
[[nodiscard]] Person person_of(UserId id, std::string_view username, std::string_view avatar);

struct User {
  UserId id;
  std::string username;
  std::optional<std::string> email;  // lower case
  std::string display_name;
  std::string avatar;  // empty: the default image
  std::string bio{kFirstBio};
  UserStatus status = UserStatus::active;
  Role role = Role::user;
  std::uint32_t media_uid = 0;  // unique, 1 ... 2^32-1, assigned by the store (SPEC C-13)
  WallTime created{}, updated{};
  std::optional<WallTime> last_active{};
  friend bool operator==(const User&, const User&) = default;
};

[[nodiscard]] Person person_of(const User& user);
/// As it is shown to somebody who asks for this user: the picture as they sent it.
[[nodiscard]] std::string_view avatar_of(const User& user);

/// The spelling on the wire and in the store.
[[nodiscard]] std::string_view to_text(UserStatus status);
[[nodiscard]] std::string_view to_text(Role role);
[[nodiscard]] std::optional<UserStatus> parse_user_status(std::string_view text);
[[nodiscard]] std::optional<Role> parse_role(std::string_view text);

}  // namespace belfry::account

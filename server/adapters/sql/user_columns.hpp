// A user in columns (call_columns.hpp describes `Out` and `In`).
#pragma once

#include <string>
#include <string_view>

#include "store/account_store.hpp"
#include "store/username_near.hpp"

namespace belfry::sql {

inline constexpr std::string_view kUserColumns =
    R"("id", "username", "email", "displayName", "avatar", "status", "role", "mediaUid", "createdAt", "updatedAt", )"
    R"("lastActiveAt", "bio")";

template <class In>
[[nodiscard]] store::User take_user(In& in) {
  store::User user;
  user.id = account::UserId(in.uuid());
  user.username = in.text();
  if (const auto email = in.text(); !email.empty()) user.email = std::string(email);
  user.display_name = in.text();
  user.avatar = in.text();
  user.status = account::parse_user_status(in.text()).value_or(account::UserStatus::blocked);
  user.role = account::parse_role(in.text()).value_or(account::Role::user);
  user.media_uid = static_cast<std::uint32_t>(in.number());
  user.created = in.time();
  user.updated = in.time();
  user.last_active = in.maybe_time();
  user.bio = in.text();
  return user;
}

/// "%text%" for LIKE with ESCAPE '\': the text that a user types is not a pattern.
[[nodiscard]] std::string contains_pattern(std::string_view text);

using store::username_near;

[[nodiscard]] std::string_view to_text(store::Change::Kind kind);
[[nodiscard]] store::Change::Kind change_kind(std::string_view text);

}  // namespace belfry::sql

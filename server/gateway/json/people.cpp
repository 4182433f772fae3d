#include "gateway/json/people.hpp"

#include "base/uuid.hpp"

namespace belfry::gateway {

std::string listed_avatar(const account::User& user) {
  std::string avatar = person_of(user).avatar;
  return avatar.size() > kMaxAvatarUrl ? std::string(account::kDefaultAvatar) : avatar;
}

void append_public_fields(json::Writer& json, const account::User& user, std::string_view avatar) {
  json.member("id", to_text(user.id.value()))
      .member("username", user.username)
      .member("displayName", user.display_name)
      .member("name", user.display_name)
      .member_or_null("avatar", avatar);
}

}  // namespace belfry::gateway

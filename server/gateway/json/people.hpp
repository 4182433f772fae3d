// What anybody may see of a user (R-001-71), as lists of people and news of them show it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "domain/account/user.hpp"
#include "wire/json/writer.hpp"

namespace belfry::gateway {

// A length that browsers and proxies accept for a URL. It keeps a list of a hundred people below half a megabyte.
constexpr std::size_t kMaxAvatarUrl = 2048;

/// A list contains the path of a picture, because the picture itself may be larger than the rest of the list.
[[nodiscard]] std::string listed_avatar(const account::User& user);

/// id, username, displayName, name and avatar, into an open object.
void append_public_fields(json::Writer& json, const account::User& user, std::string_view avatar);

}  // namespace belfry::gateway

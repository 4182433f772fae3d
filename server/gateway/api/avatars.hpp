// Pictures of users (SPEC K50): what a request says of one, and the path under which it is read. The path is new with every
// picture, so that it can be kept for ever.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "app/files/files.hpp"
#include "gateway/api/account_routes.hpp"
#include "gateway/api/api_call.hpp"

namespace belfry::gateway {

/// Room for a picture of 5 MiB as a data URL in JSON, and for what is around it.
constexpr std::size_t kMaxPictureBody = files::kMaxAvatarBytes / 3 * 4 + 256 * 1024;

[[nodiscard]] std::string avatar_path(const account::UserId& owner, const file::FileId& picture);

struct NewAvatar {
  std::optional<std::string> value{};  // nullopt: the request says nothing of it
  bool stored = false;                 // it is the path of a picture that was stored just now
};
/// The request's picture becomes the new value of the user's avatar: one that is sent (a file or a data URL) is made small and
/// stored, and any other text stays as it is. If something is wrong, the call is failed and `done` is not called.
void take_picture(files::Files& files, const ApiCallPtr& call, std::function<void(NewAvatar)> done);
/// Fails the call: its user was not changed, so what take_picture() has stored is nobody's picture, and goes. Not where the store
/// cannot say; then it may be theirs.
void refuse_change(files::Files& files, const ApiCallPtr& call, const NewAvatar& avatar, accounts::AccountFault why);

/// What a user's old picture leaves in the storage, once `now` is the new one.
void drop_picture(files::Files& files, const account::UserId& owner, std::string_view before, std::string_view now);

}  // namespace belfry::gateway

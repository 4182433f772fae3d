#include "gateway/api/avatars.hpp"

#include <utility>

#include "app/files/data_url.hpp"
#include "gateway/api/account_answers.hpp"
#include "gateway/json/files.hpp"

namespace belfry::gateway {
namespace {

std::string path_of_user(const account::UserId& owner) { return "/api/users/" + to_text(owner.value()) + "/avatars/"; }

/// nullopt: it is none that this user has here.
std::optional<file::FileId> picture_in(const account::UserId& owner, std::string_view path) {
  const std::string start = path_of_user(owner);
  if (!path.starts_with(start)) return std::nullopt;
  const auto id = parse_uuid(path.substr(start.size()));
  return id ? std::optional(file::FileId(*id)) : std::nullopt;
}

}  // namespace

std::string avatar_path(const account::UserId& owner, const file::FileId& picture) {
  return path_of_user(owner) + to_text(picture.value());
}

void take_picture(files::Files& files, const ApiCallPtr& call, std::function<void(NewAvatar)> done) {
  std::string field = call->has("image") ? "image" : "avatar";
  std::optional<std::string> bytes;
  if (call->upload) {
    field = call->upload->field;
    bytes = std::move(call->upload->bytes);
  } else {
    auto text = call->text(field);
    if (!text || !text->starts_with("data:")) return done({.value = std::move(text)});
    auto picture = files::read_data_url(*text);
    if (!picture) return call->fail_field(field, "invalid");
    bytes = std::move(picture->bytes);
  }
  files.make_avatar(call->who.user, *std::move(bytes), [call, field, done = std::move(done)](const auto& picture) {
    if (!picture) return call->fail(failure_of(picture.error(), field, files::kMaxAvatarBytes));
    done({.value = avatar_path(call->who.user, *picture), .stored = true});
  });
}

void refuse_change(files::Files& files, const ApiCallPtr& call, const NewAvatar& avatar, accounts::AccountFault why) {
  if (avatar.stored && why != accounts::AccountFault::unavailable) drop_picture(files, call->who.user, *avatar.value, {});
  call->fail(failure_of(why));
}

void drop_picture(files::Files& files, const account::UserId& owner, std::string_view before, std::string_view now) {
  if (before == now) return;
  if (const auto picture = picture_in(owner, before)) files.remove_avatar(owner, *picture);
}

}  // namespace belfry::gateway

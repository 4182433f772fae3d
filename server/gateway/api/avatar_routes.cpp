// /api/users/me/avatar: a new picture of oneself, or none (SPEC K50); and reading those of others. /user/avatar/{id} serves the
// picture of an account whose avatar is still a data URL, as they were before: messages about calls contain its path instead,
// because the image may be larger than the rest of the message. Answers that are no JSON are not in the OpenAPI document.
#include <utility>

#include "app/files/data_url.hpp"
#include "gateway/api/account_answers.hpp"
#include "gateway/api/account_routes.hpp"
#include "gateway/api/api_call.hpp"
#include "gateway/api/avatars.hpp"
#include "gateway/api/file_answer.hpp"
#include "gateway/json/files.hpp"

namespace belfry::gateway {
namespace {

// The path names one picture for ever (K50).
constexpr std::string_view kForEver = "public, max-age=31536000, immutable";

void show_data_url(store::AccountStore& store, const ApiCallPtr& call) {
  store.find(store::UserId(call->id("id")), [call](const auto& found) {
    if (!found) return call->fail(store_unavailable());
    auto image = *found ? files::read_data_url((*found)->avatar) : std::nullopt;
    if (!image) return call->fail(ApiError::not_found);
    call->add_header("Cache-Control", "private, max-age=60");
    call->answer({.content_type = std::move(image->type), .body = std::move(image->bytes)});
  });
}

void show(files::Files& files, const ApiCallPtr& call) {
  const account::UserId owner(call->id("id"));
  const file::FileId picture(call->id("picture"));
  files.open_avatar(owner, picture, [call, picture](const Expected<files::Content, files::Refused>& content) {
    if (!content) return call->fail(failure_of(content.error(), "id", files::kMaxAvatarBytes));
    call->answer(answer_file(
        {.mime = content->mime, .etag = "\"" + to_text(picture.value()) + "\"", .caching = kForEver, .bytes = content->bytes},
        {call->range, call->if_range, call->if_none_match}));
  });
}

/// The user as they were before stays known until the change is stored: their old picture goes after it.
void change(const AccountServices& services, const ApiCallPtr& call, const NewAvatar& avatar) {
  const auto refuse = [services, call, avatar](accounts::AccountFault why) { refuse_change(services.files, call, avatar, why); };
  services.accounts.profile(call->who, [services, call, refuse, avatar](const auto& before) {
    if (!before) return refuse(before.error());
    services.accounts.update(call->who, {.profile = {.avatar = avatar.value}, .client = client_of(*call)},
                             [services, call, refuse, old = before->avatar](const auto& user) {
                               if (!user) return refuse(user.error());
                               drop_picture(services.files, call->who.user, old, user->avatar);
                               call->succeed(user_json(*user));
                             });
  });
}

void put(const AccountServices& services, const ApiCallPtr& call) {
  if (!call->upload) return call->fail_field("avatar", "required");
  take_picture(services.files, call, [services, call](const NewAvatar& avatar) { change(services, call, avatar); });
}

}  // namespace

Operations avatar_operations(const AccountServices& services) {
  const AccountServices& s = services;
  return {{.method = http::Method::post,
           .path = "/api/users/me/avatar",
           .id = "setAvatar",
           .summary = "A new picture of me: PNG, JPEG or WebP, at most 5 MiB; it is made small, and says nothing else of me",
           .errors = {ApiError::rate_limited},
           .data = "User",
           .files = {"avatar", "image", "file"},
           .max_body = kMaxPictureBody,
           .too_large = too_large_sentence("image", files::kMaxAvatarBytes),
           .act = [s](const ApiCallPtr& call) { put(s, call); }},
          {.method = http::Method::del,
           .path = "/api/users/me/avatar",
           .id = "removeAvatar",
           .summary = "No picture of me",
           .data = "User",
           .act = [s](const ApiCallPtr& call) { change(s, call, {.value = ""}); }},
          {.path = "/api/users/{id}/avatars/{picture}",
           .id = "readAvatar",
           .summary = "The picture of a user",
           .auth = Auth::none,
           .documented = false,
           .asks_store = false,
           .act = [&files = s.files](const ApiCallPtr& call) { show(files, call); }},
          {.path = "/user/avatar/{id}",
           .id = "avatar",
           .summary = "The picture of a user whose avatar is a data URL",
           .documented = false,
           .act = [&store = services.store](const ApiCallPtr& call) { show_data_url(store, call); }}};
}

}  // namespace belfry::gateway

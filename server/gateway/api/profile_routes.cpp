// /api/users/me: reads and changes a user's own data.
#include <string>
#include <string_view>
#include <utility>

#include "gateway/api/account_answers.hpp"
#include "gateway/api/account_routes.hpp"
#include "gateway/api/avatars.hpp"
#include "gateway/api/form.hpp"
#include "gateway/api/profile_fields.hpp"
#include "gateway/api/rate_limit.hpp"
#include "gateway/json/files.hpp"

namespace belfry::gateway {
namespace {

void show_me(const AccountServices& services, const ApiCallPtr& call, ProfileShape shape, std::string_view message) {
  services.accounts.profile(call->who, [call, shape, message](const auto& user) {
    if (!user && user.error() == accounts::AccountFault::no_such_user) return call->fail(ApiError::unauthenticated);
    if (!user) return call->fail(failure_of(user.error()));
    if (shape == ProfileShape::enveloped) return call->succeed(user_json(*user));
    std::string text;
    json::Writer json(text);
    const std::string shown = user_json(*user, shape);
    json.open_object().member("success", true).key("data").open_object().key("user").raw(shown).close_object();
    json.member("message", message).key("user").raw(shown);
    append_user_fields(json, *user, shape);
    json.close_object();
    call->answer({.body = std::move(text)});
  });
}

void write(const AccountServices& services, const ApiCallPtr& call, ProfileShape shape, accounts::ProfileUpdate change,
           NewAvatar avatar) {
  const auto refuse = [services, call, avatar](accounts::AccountFault why) { refuse_change(services.files, call, avatar, why); };
  change.profile.avatar = std::move(avatar.value);
  // As it was before: their old picture goes after the change.
  services.accounts.profile(call->who, [services, call, shape, refuse, change = std::move(change)](const auto& before) {
    if (!before) return refuse(before.error());
    services.accounts.update(call->who, change, [services, call, shape, refuse, old = before->avatar](const auto& user) {
      if (!user) return refuse(user.error());
      drop_picture(services.files, call->who.user, old, user->avatar);
      show_me(services, call, shape, "Profile updated");
    });
  });
}

void update(const AccountServices& services, const ApiCallPtr& call, ProfileShape shape) {
  if (const auto image = call->text("image"); shape == ProfileShape::fields_beside && image && says_nothing(*image))
    call->set("image", {});
  if (auto details = wrong_forms(*call); !details.empty())
    return call->fail(Failure{.error = ApiError::validation_failed, .details = std::move(details)});
  accounts::ProfileUpdate change{
      .profile = {.display_name = call->has("displayName") ? call->text("displayName") : call->text("name"),
                  .email = call->text("email"),
                  .username = call->text("username"),
                  .bio = call->text("bio")},
      .new_password = call->text("password"),
      .current_password = call->text("currentPassword"),
      .client = client_of(*call)};
  // A guess at a password counts here too, as at the login.
  if (change.current_password) {
    const auto status = take_of_account(services, *call, to_text(call->who.user.value()));
    if (status.wait) return refuse_for_now(status, *call);
  }
  take_picture(services.files, call, [services, call, shape, change = std::move(change)](NewAvatar avatar) {
    write(services, call, shape, change, std::move(avatar));
  });
}

}  // namespace

Operations profile_operations(const AccountServices& services, ProfileShape shape) {
  const AccountServices& s = services;
  const std::string_view schema = shape == ProfileShape::enveloped ? "User" : "Me";
  Operations all;
  all.push_back({.path = "/api/users/me",
                 .id = "readMe",
                 .summary = "My profile",
                 .data = schema,
                 .act = [s, shape](const ApiCallPtr& call) { show_me(s, call, shape, "Logged in"); }});
  all.push_back({.method = http::Method::patch,
                 .path = "/api/users/me",
                 .id = "updateMe",
                 .summary = "Change my profile",
                 .body = profile_fields(s.min_password),
                 .errors = {ApiError::duplicate, ApiError::forbidden, ApiError::rate_limited},
                 .data = schema,
                 .files = {"image", "avatar"},
                 .max_body = kMaxPictureBody,
                 .too_large = too_large_sentence("image", files::kMaxAvatarBytes),
                 .act = [s, shape](const ApiCallPtr& call) { update(s, call, shape); }});
  return all;
}

}  // namespace belfry::gateway

#include "gateway/api/profile_fields.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "domain/account/shown_name.hpp"
#include "domain/account/user.hpp"
#include "gateway/api/avatars.hpp"
#include "gateway/api/router.hpp"
#include "gateway/json/people.hpp"

namespace belfry::gateway {
namespace {

using account::NameFault;

// Of a data URL; its picture is made small (K50).
constexpr auto kMaxAvatar = static_cast<std::int64_t>(kMaxPictureBody);

/// A path of this host that no browser reads as another one, and none that a route answers but that of a picture: everybody who
/// is shown it asks for it, with their own cookie.
bool names_a_picture_here(std::string_view path) {
  constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/_.~-";
  const bool plain = path.find_first_not_of(kPlain) == std::string_view::npos;
  if (!plain || path.find("//") != std::string_view::npos || path.find("/.") != std::string_view::npos) return false;
  if (path.starts_with("/api/users/") && path.find("/avatars/") != std::string_view::npos) return true;
  return path.starts_with("/user/avatar/") || !ApiRouter::serves(path);
}

/// Everybody's browser gets it, and may read it otherwise than we do: it drops tabs and line breaks, and takes a backslash for a
/// slash. So there is none of these, and what would be sent along with it, a user's name and password, is not there either.
bool is_https_address(std::string_view text) {
  constexpr std::string_view kScheme = "https://";
  if (!text.starts_with(kScheme)) return false;
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F && c != '\\'; });
  const std::string_view rest = text.substr(kScheme.size());
  const std::string_view host = rest.substr(0, rest.find_first_of("/?#"));
  return plain && !host.empty() && host.find('@') == std::string_view::npos;
}

/// One of which nothing can be seen is none. Of seed 001's two either may be missing.
void note_wrong_names(const ApiCall& call, std::vector<Detail>& details) {
  for (const std::string_view field : {"name", "displayName", "firstName", "lastName"}) {
    const auto name = call.text(field);
    const auto checked = name ? account::check_shown_name(*name) : Expected<void, NameFault>{};
    if (checked) continue;
    const bool unseen = checked.error() == NameFault::unseen;
    if (unseen && (field == "firstName" || field == "lastName")) continue;
    details.push_back({std::string(field), unseen ? "required" : "invalid"});
  }
}

Field end_previous_field() {
  return {"endPrevious", FieldKind::boolean, Need::optional, "also log out the credential that comes along"};
}

}  // namespace

bool is_email(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at > 0 && at == text.rfind('@') && text.find('.', at) != std::string_view::npos &&
         text.back() != '.' && text.find_first_of(" \t\r\n<>") == std::string_view::npos;
}

bool is_image(std::string_view text) {
  if (!text.starts_with("data:") && text.size() > kMaxAvatarUrl) return false;
  if (text.starts_with("/")) return names_a_picture_here(text);
  constexpr std::array<std::string_view, 3> kForms = {"data:image/png;base64,", "data:image/jpeg;base64,",
                                                      "data:image/webp;base64,"};
  return text.empty() || is_https_address(text) ||
         std::any_of(kForms.begin(), kForms.end(), [&](std::string_view form) { return text.starts_with(form); });
}

std::vector<Field> sign_up_fields(std::int64_t min_password) {
  return {{"username", FieldKind::text, Need::optional, "letters, digits, _ and -; made of the name if absent", {}, 1, 64},
          {"email", FieldKind::text, Need::optional, "", {}, 3, 254},
          {"password", FieldKind::text, Need::required, "", {}, min_password, kMaxPassword},
          {"name", FieldKind::text, Need::optional, "what others see", {}, 1, kMaxName},
          end_previous_field()};
}

std::vector<Field> log_in_fields() {
  return {{"email", FieldKind::text, Need::optional, "or username", {}, 1, 254},
          {"username", FieldKind::text, Need::optional, "or email", {}, 1, 254},
          {"identifier", FieldKind::text, Need::optional, "either of them", {}, 1, 254},
          {"password", FieldKind::text, Need::required, "", {}, 1, kMaxPassword},
          end_previous_field()};
}

std::vector<Field> register_fields(std::int64_t min_password) {
  return {{"username", FieldKind::text, Need::required, "letters, digits, _ and -", {}, 1, 64},
          {"email", FieldKind::text, Need::required, "", {}, 3, 254},
          {"password", FieldKind::text, Need::required, "", {}, min_password, kMaxPassword},
          {"firstName", FieldKind::text, Need::optional, "", {}, 0, 63},
          {"lastName", FieldKind::text, Need::optional, "", {}, 0, 64}};
}

Field refresh_token_field() { return {"refreshToken", FieldKind::text, Need::optional, "instead of a session", {}, 1, 128}; }

std::vector<Field> profile_fields(std::int64_t min_password) {
  return {{"displayName", FieldKind::text, Need::optional, "", {}, 1, kMaxName},
          {"name", FieldKind::text, Need::optional, "the same", {}, 1, kMaxName},
          {"username", FieldKind::text, Need::optional, "letters, digits, _ and -", {}, 1, 64},
          {"bio", FieldKind::text, Need::optional, "a line about oneself", {}, 0, static_cast<std::int64_t>(account::kMaxBio)},
          {"avatar", FieldKind::text, Need::optional, "an https URL, or a PNG, JPEG or WebP as data URL", {}, 0, kMaxAvatar},
          {"image", FieldKind::text, Need::optional, "the same", {}, 0, kMaxAvatar},
          {"email", FieldKind::text, Need::optional, "", {}, 3, 254},
          {"password", FieldKind::text, Need::optional, "a new one", {}, min_password, kMaxPassword},
          {"currentPassword", FieldKind::text, Need::optional, "with a new password or email", {}, 1, kMaxPassword}};
}

std::vector<Detail> wrong_forms(const ApiCall& call) {
  std::vector<Detail> details;
  if (const auto username = call.text("username"); username && !account::is_username(*username))
    details.push_back({"username", "invalid"});
  if (const auto email = call.text("email"); email && !is_email(*email)) details.push_back({"email", "invalid"});
  note_wrong_names(call, details);
  // PostgreSQL takes no U+0000.
  if (const auto bio = call.text("bio"); bio && bio->find('\0') != std::string::npos) details.push_back({"bio", "invalid"});
  for (const std::string_view field : {"avatar", "image"})
    if (const auto image = call.text(field); image && !is_image(*image)) details.push_back({std::string(field), "invalid"});
  return details;
}

}  // namespace belfry::gateway

#include "adapters/push/google_token.hpp"

#include <algorithm>
#include <utility>

#include "adapters/push/reply.hpp"
#include "wire/json/json.hpp"
#include "wire/json/writer.hpp"
#include "wire/jwt/jws.hpp"

namespace belfry::push {
namespace {

constexpr std::string_view kScope = "https://www.googleapis.com/auth/firebase.messaging";
// Google gives no longer life to a token whatever the assertion says, and refuses an assertion of more than an hour.
constexpr std::int64_t kHour_s = 3600;
// A token that expires while a push is under way is refused, and the push needs another round trip.
constexpr Duration kMargin = std::chrono::minutes{1};

/// In seconds; an hour if it is not said (RFC 6749 5.1), and at most. A shorter life than the true one costs a request, a longer
/// one a refused push.
std::int64_t lifetime_in(std::string_view json) {
  json::Reader reader;
  const auto object = reader.validate(json);
  if (!object || object->kind != json::Kind::object) return kHour_s;
  const auto seconds = json::member(*object, "expires_in");
  const auto said = seconds ? json::integer_value(*seconds) : std::nullopt;
  return std::clamp(said.value_or(kHour_s), std::int64_t{0}, kHour_s);
}

/// The token goes into a header: one with a blank, a line break or no ASCII is none (RFC 6750 2.1).
std::string token_in(std::string_view json) {
  std::string token = text_at(json, {"access_token"});
  const bool fits = std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < '\x7F'; });
  return fits ? token : std::string();
}

}  // namespace

Expected<ServiceAccount, std::string> read_service_account(std::string_view json) {
  const auto pem = text_at(json, {"private_key"});
  const auto key_id = text_at(json, {"private_key_id"});
  auto key = jwt::SigningKey::from_pem(pem, key_id.empty() ? jwt::Key::Id() : jwt::Key::Id(key_id));
  if (!key || key->algorithm() != jwt::Algorithm::rs256) return unexpected(std::string("has no RSA key in private_key"));
  ServiceAccount account{.project = text_at(json, {"project_id"}),
                         .email = text_at(json, {"client_email"}),
                         .token_uri = text_at(json, {"token_uri"}),
                         .key = *std::move(key)};
  if (account.project.empty() || account.email.empty() || account.token_uri.empty())
    return unexpected(std::string("needs project_id, client_email and token_uri"));
  return account;
}

void GoogleToken::get(Duration left, Got got) {
  if (!token_.empty() && now_() < expires_) return got(token_);
  waiting_.push_back(std::move(got));
  if (waiting_.size() == 1) fetch(left);
}

void GoogleToken::refused(std::string_view token) {
  if (token_ == token) token_.clear();
}

void GoogleToken::fetch(Duration left) {
  const std::int64_t now = now_().unix_ms / 1000;
  std::string claims;
  json::Writer(claims)
      .open_object()
      .member("iss", account_.email)
      .member("scope", kScope)
      .member("aud", account_.token_uri)
      .member("iat", now)
      .member("exp", now + kHour_s)
      .close_object();
  http_({.url = account_.token_uri,
         .headers = {"Content-Type: application/x-www-form-urlencoded"},
         .body =
             "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" + jwt::sign_jws(claims, account_.key),
         .left = left},
        [this](const HttpResult& result) { fetched(result); });
}

void GoogleToken::fetched(const HttpResult& result) {
  Expected<std::string, std::string> outcome = unexpected(std::string("oauth unreachable"));
  if (result) {
    token_ = result->status == 200 ? token_in(result->body) : std::string();
    const std::chrono::seconds lifetime{lifetime_in(result->body)};
    expires_ = now_() + std::max<Duration>(lifetime - kMargin, Duration{});
    if (token_.empty()) {
      outcome = unexpected("oauth " + error_text(*result, text_at(result->body, {"error"})));
    } else {
      outcome = token_;
    }
  }
  for (const Got& got : std::exchange(waiting_, {})) got(outcome);
}

}  // namespace belfry::push

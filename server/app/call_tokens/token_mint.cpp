#include "app/call_tokens/token_mint.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "base/check.hpp"
#include "wire/agora/access_token.hpp"
#include "wire/json/writer.hpp"
#include "wire/jwt/jws.hpp"
#include "wire/jwt/jwt.hpp"

namespace belfry::call_tokens {
namespace {

// RFC 7519 4.1.3: what a grant is for, so that no other token that we may ever sign with this key is taken for one.
constexpr std::string_view kAudience = "belfry/media";
constexpr std::string_view kAppId = "belfry";
// What a grant's key is derived for. A change voids all grants.
constexpr std::string_view kPurpose = "belfry media grant v1";
constexpr std::string_view kConversation = "conversation", kCall = "call";

jwt::Key key_of(std::string_view secret) {
  auto key = jwt::Key::hs256(secret);
  CHECK(key.has_value(), "an empty secret: the configuration refuses it");
  return *std::move(key);
}

jwt::Key grant_key(const std::string& session_secret) { return key_of(key_of(session_secret).mac(kPurpose)); }

std::int64_t in_seconds(WallTime time) { return time.unix_ms / 1000; }

/// NumericDate with a fraction (RFC 7519 2), so that a grant ends when its answer says.
std::string numeric_date(WallTime time) {
  std::string fraction = std::to_string(time.unix_ms % 1000);
  fraction.insert(0, 3 - fraction.size(), '0');
  return std::to_string(in_seconds(time)) + "." + fraction;
}

/// Signatures are checked first. A clock of another node may be ahead, so an issue time in the near future passes; an expiry gets
/// no such grace.
Expected<jwt::Claims, jwt::Fault> verified(std::string_view token, std::span<const jwt::Key> keys,
                                           const jwt::Expectations& expected, WallTime now) {
  auto claims = jwt::verify(token, keys, expected, now);
  if (claims && claims->expires <= now) return unexpected(jwt::Fault::expired);
  return claims;
}

bool is_number(std::string_view uid) {
  return !uid.empty() && std::all_of(uid.begin(), uid.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}
bool may_name(std::string_view uid, const UserId& user) { return uid.empty() || uid == to_text(user.value()) || is_number(uid); }

}  // namespace

TokenMint::TokenMint(MintSettings settings) : settings_(std::move(settings)) {
  settings_.privilege_life = std::max(settings_.privilege_life, settings_.life);
  grant_keys_.push_back(grant_key(settings_.secret));
  for (const std::string& secret : settings_.previous_secrets) grant_keys_.push_back(grant_key(secret));
  if (has(Provider::livekit)) livekit_keys_.push_back(key_of(settings_.livekit.secret));
}

bool TokenMint::has(Provider provider) const {
  switch (provider) {
    case Provider::native:
      return true;
    case Provider::agora:
      return !settings_.agora.app_id.empty() && !settings_.agora.certificate.empty();
    case Provider::livekit:
      return !settings_.livekit.key.empty() && !settings_.livekit.secret.empty();
  }
  CHECK(false, "a provider that there is not");
}

Minted TokenMint::mint(Provider provider, const Order& order, WallTime now, Random& random) const {
  CHECK(has(provider), "a provider that is configured");
  Minted minted{.expires = now + settings_.life, .privilege_expires = now + settings_.privilege_life};
  switch (provider) {
    case Provider::native:
      minted.app_id = kAppId;
      minted.token = native(order, minted, now);
      break;
    case Provider::agora:
      minted.app_id = settings_.agora.app_id;
      minted.token = agora(order, minted, now, random);
      break;
    case Provider::livekit:
      minted.app_id = settings_.livekit.key;
      minted.token = livekit(order, minted, now);
      break;
  }
  return minted;
}

std::string TokenMint::native(const Order& order, const Minted& minted, WallTime now) const {
  std::string claims;
  json::Writer json(claims);
  json.open_object().member("aud", kAudience).member("sub", to_text(order.user.value())).member("uid", order.uid);
  json.member("of", order.kind == MediaChannel::Kind::conversation ? kConversation : kCall).member("channel", order.channel);
  json.member("role", to_text(order.role)).member("iat", in_seconds(now)).key("exp").raw(numeric_date(minted.expires));
  json.close_object();
  return jwt::sign_jws(claims, grant_keys_.front());
}

// J-3.3. AccessToken2 counts times from the issue in whole seconds, AccessToken from 1970.
std::string TokenMint::agora(const Order& order, const Minted& minted, WallTime now, Random& random) const {
  const bool old = settings_.agora.form == AgoraForm::v006;
  const auto seconds = [](std::chrono::milliseconds time) { return static_cast<std::uint32_t>(time.count() / 1000); };
  constexpr WallTime k1970{};
  const std::uint32_t until = seconds(minted.privilege_expires - (old ? k1970 : now));
  std::array<std::byte, 4> salt{};
  random.fill(salt);
  agora::RtcToken token{.app_id = settings_.agora.app_id,
                        .channel = order.channel,
                        .uid = order.uid,
                        .issued = seconds(now - k1970),
                        .life = seconds(minted.expires - now),
                        .salt = 0,
                        .privileges = {{agora::Right::join, until}}};
  for (const std::byte byte : salt) token.salt = token.salt << 8U | std::to_integer<std::uint32_t>(byte);
  if (order.role == MediaRole::publisher)
    for (const auto right : {agora::Right::publish_audio, agora::Right::publish_video, agora::Right::publish_data})
      token.privileges.push_back({right, until});
  // The old form has one time for both; the vendor's own code writes the expiry where the new form has the issue.
  if (old) token.issued = seconds(minted.expires - k1970);
  return old ? agora::sign_006(token, settings_.agora.certificate) : agora::sign_007(token, settings_.agora.certificate);
}

// J-3.3; LiveKit, "Authentication": the claims of an access token.
std::string TokenMint::livekit(const Order& order, const Minted& minted, WallTime now) const {
  const bool publishes = order.role == MediaRole::publisher;
  std::string claims;
  json::Writer json(claims);
  json.open_object().member("iss", settings_.livekit.key).member("sub", order.uid).member("iat", in_seconds(now));
  json.member("nbf", in_seconds(now)).member("exp", in_seconds(minted.expires)).key("video").open_object();
  json.member("roomJoin", true).member("room", order.channel).member("canPublish", publishes);
  json.member("canSubscribe", true).member("canPublishData", publishes).close_object().close_object();
  return jwt::sign_jws(claims, livekit_keys_.front());
}

Expected<Grant, GrantFault> TokenMint::read_grant(std::string_view token, WallTime now) const {
  const auto claims = verified(token, grant_keys_, {.audience = std::string(kAudience)}, now);
  if (!claims) return unexpected(claims.error() == jwt::Fault::expired ? GrantFault::expired : GrantFault::invalid);
  const auto user = parse_uuid(claims->subject);
  const auto channel = parse_uuid(claims->text("channel").value_or(""));
  const auto of = claims->text("of");
  const auto role = parse_media_role(claims->text("role").value_or(""));
  const auto uid = claims->text("uid");
  if (!user || !channel || !role || !uid || (of != kConversation && of != kCall)) return unexpected(GrantFault::invalid);
  Grant grant{.user = UserId(*user), .uid = *uid, .role = *role, .expires = claims->expires};
  grant.channel = {of == kCall ? MediaChannel::Kind::call : MediaChannel::Kind::conversation, *channel};
  return grant;
}

std::optional<Provider> TokenMint::provider_of(std::string_view token, const UserId& user, const MediaChannel& channel,
                                               WallTime now) const {
  if (const auto grant = read_grant(token, now)) {
    const bool theirs = grant->user == user && grant->channel == channel;
    return theirs ? std::optional(Provider::native) : std::nullopt;
  }
  if (made_for_agora(token, user, channel.name(), now)) return Provider::agora;
  if (made_for_livekit(token, user, channel.name(), now)) return Provider::livekit;
  return std::nullopt;
}

bool TokenMint::made_for_agora(std::string_view token, const UserId& user, std::string_view channel, WallTime now) const {
  if (!has(Provider::agora)) return false;
  const auto& [app_id, certificate, form] = settings_.agora;
  if (const auto read = agora::read_007(token, certificate))
    return read->app_id == app_id && read->channel == channel && may_name(read->uid, user) &&
           in_seconds(now) < std::int64_t{read->issued} + read->life;
  for (const std::string& uid : {std::string(), to_text(user.value())})
    if (const auto read = agora::read_006(token, {.app_id = app_id, .channel = std::string(channel), .uid = uid}, certificate))
      return in_seconds(now) < read->issued;  // the expiry: see agora()
  return false;
}

bool TokenMint::made_for_livekit(std::string_view token, const UserId& user, std::string_view channel, WallTime now) const {
  if (livekit_keys_.empty()) return false;
  const auto claims = verified(token, livekit_keys_, {.issuer = settings_.livekit.key}, now);
  if (!claims || !may_name(claims->subject, user)) return false;
  const auto video = json::member({json::Kind::object, claims->json}, "video");
  const auto room = video && video->kind == json::Kind::object ? json::member(*video, "room") : std::nullopt;
  return room && json::string_value(*room) == channel;
}

}  // namespace belfry::call_tokens

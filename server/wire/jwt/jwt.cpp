#include "wire/jwt/jwt.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>

#include "base/check.hpp"
#include "wire/json/json.hpp"

namespace belfry::jwt {
namespace {

// Far beyond the year 9999, and far from overflow in milliseconds.
constexpr double kMaxSeconds = 1e12;
// A token names the few services it is for; each costs a string.
constexpr std::size_t kMaxAudiences = 64;

/// NumericDate (RFC 7519 2): seconds, perhaps with a fraction.
std::optional<WallTime> numeric_date(json::Slice slice) {
  if (slice.kind != json::Kind::number) return std::nullopt;
  double seconds = 0;
  const char* end = slice.raw.data() + slice.raw.size();
  const auto read = std::from_chars(slice.raw.data(), end, seconds);
  if (read.ec != std::errc{} || read.ptr != end || std::abs(seconds) > kMaxSeconds) return std::nullopt;
  return WallTime{static_cast<std::int64_t>(std::floor(seconds * 1000))};
}

/// False when the claim is there but is no string.
bool read_text(const std::optional<json::Slice>& slice, std::optional<std::string>& text) {
  if (slice) text = json::string_value(*slice);
  return !slice || text;
}

bool read_date(const std::optional<json::Slice>& slice, std::optional<WallTime>& date) {
  if (slice) date = numeric_date(*slice);
  return !slice || date;
}

/// RFC 7519 4.1.3: one string or several.
bool read_audience(const std::optional<json::Slice>& slice, std::vector<std::string>& audience) {
  if (!slice) return true;
  std::vector<json::Slice> names{*slice};
  if (slice->kind == json::Kind::array && !json::elements(*slice, names, kMaxAudiences)) return false;
  for (const json::Slice name : names) {
    auto text = json::string_value(name);
    if (!text) return false;
    audience.push_back(*std::move(text));
  }
  return true;
}

Expected<Claims, Fault> read_claims(std::string_view payload) {
  json::Reader reader;
  const auto object = reader.validate(payload);
  if (!object || object->kind != json::Kind::object) return unexpected(Fault::malformed);  // RFC 7519 7.2, step 10
  // RFC 7519 4.1: the registered claims. All are optional there; what we insist on stands below.
  constexpr std::array<std::string_view, 7> kNames = {"sub", "jti", "iss", "aud", "exp", "iat", "nbf"};
  std::array<std::optional<json::Slice>, kNames.size()> found;
  json::members(*object, kNames, found);
  const auto& [sub, jti, iss, aud, exp, iat, nbf] = found;
  Claims claims;
  std::optional<WallTime> expires;
  if (!read_text(jti, claims.id) || !read_text(iss, claims.issuer) || !read_audience(aud, claims.audience) ||
      !read_date(exp, expires) || !read_date(iat, claims.issued_at) || !read_date(nbf, claims.not_before))
    return unexpected(Fault::malformed);
  if (!expires) return unexpected(Fault::malformed);  // no token of ours lasts for ever, and a revocation could not be forgotten
  auto subject = sub ? json::string_value(*sub) : std::nullopt;
  if (!subject || subject->empty()) return unexpected(Fault::no_subject);
  claims.subject = *std::move(subject);
  claims.expires = *expires;
  claims.json = object->raw;
  return claims;
}

/// RFC 7519 4.1.4: not on or after `exp`; 4.1.5: not before `nbf`; 4.1.1 and 4.1.3: issuer and audience. A future `iat` (4.1.6)
/// is a forgery or a clock far off, so it is judged as `nbf` is, although the RFC does not ask for it.
Expected<void, Fault> check_claims(const Claims& claims, const Expectations& expected, WallTime now) {
  const Duration skew = expected.clock_skew;
  if (now >= claims.expires + skew) return unexpected(Fault::expired);
  const auto in_future = [&](const std::optional<WallTime>& date) { return date && *date > now + skew; };
  if (in_future(claims.not_before) || in_future(claims.issued_at)) return unexpected(Fault::not_yet_valid);
  if (expected.issuer && claims.issuer != expected.issuer) return unexpected(Fault::wrong_issuer);
  if (expected.audience && std::ranges::find(claims.audience, *expected.audience) == claims.audience.end())
    return unexpected(Fault::wrong_audience);
  return {};
}

}  // namespace

std::optional<std::string> Claims::text(std::string_view name) const {
  const auto value = json::member({json::Kind::object, json}, name);
  return value ? json::string_value(*value) : std::nullopt;
}

Expected<Claims, Fault> verify(std::string_view token, std::span<const Key> keys, const Expectations& expected, WallTime now) {
  auto payload = open_jws(token, keys);
  if (!payload) return unexpected(payload.error());
  auto claims = read_claims(*payload);
  if (!claims) return claims;
  if (const auto checked = check_claims(*claims, expected, now); !checked) return unexpected(checked.error());
  return claims;
}

std::string sign_hs256(std::string_view claims_json, std::string_view secret, const Key::Id& key_id) {
  const auto key = Key::hs256(secret, key_id);
  CHECK(key, "a secret to sign with");
  return sign_jws(claims_json, *key);
}

std::string sign_hs256(std::string_view claims_json, std::string_view secret) {
  return sign_hs256(claims_json, secret, std::nullopt);
}

}  // namespace belfry::jwt

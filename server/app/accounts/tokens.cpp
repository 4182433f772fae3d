#include "app/accounts/tokens.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"
#include "store/fingerprint.hpp"
#include "wire/json/writer.hpp"
#include "wire/jwt/jws.hpp"

namespace belfry::accounts {
namespace {

// RFC 7519 4.1.1: distinguishes our tokens from those that other tools sign with our secret.
constexpr std::string_view kIssuer = "belfry";

CredentialFault fault_of(jwt::Fault fault) {
  return fault == jwt::Fault::expired ? CredentialFault::expired : CredentialFault::invalid;
}

/// A version 8 UUID (RFC 9562 5.8) derived from a text; equal texts give equal ids.
Uuid derived_uuid(const std::string& text) {
  const std::string hex = store::fingerprint(text);
  std::string spelled;
  for (std::size_t i = 0; i < 32; ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20) spelled += '-';
    spelled += hex[i];
  }
  Uuid id = parse_uuid(spelled).value_or(Uuid{});
  id[6] = static_cast<std::uint8_t>((id[6] & 0x0FU) | 0x80U);
  id[8] = static_cast<std::uint8_t>((id[8] & 0x3FU) | 0x80U);
  return id;
}

std::string sanitized(std::string_view text) {
  std::string clean;
  for (const char c : text.substr(0, text.find('@')))
    if (const char one[] = {c, '\0'}; account::is_username(one)) clean += c;
  return clean.substr(0, account::kMaxUsernameLength);
}

std::string external_username(const jwt::Claims& claims) {
  for (const std::string_view name : {"username", "preferred_username", "email"})
    if (const auto text = claims.text(name))
      if (auto clean = sanitized(*text); !clean.empty()) return clean;
  const auto clean = sanitized(claims.subject);
  return clean.empty() ? "user" : clean;
}

}  // namespace

Tokens::Tokens(const TokenSettings& settings, KeySource source, const RevocationCache& revocations)
    : settings_(settings),
      source_(std::move(source)),
      revocations_(revocations) {
  const auto add = [](std::vector<jwt::Key>& keys, const std::string& secret) {
    auto key = jwt::Key::hs256(secret);
    CHECK(key.has_value(), "an empty secret: the configuration refuses it");
    keys.push_back(std::move(*key));
  };
  add(own_, settings_.secret);
  for (const auto& secret : settings_.previous_secrets) add(own_, secret);
  if (!settings_.external_secret.empty()) add(shared_, settings_.external_secret);
}

Tokens::Issued Tokens::issue(const account::User& user, account::LoginId login, WallTime now) const {
  const WallTime expires = now + settings_.lifetime;
  std::string claims;
  json::Writer json(claims);
  json.open_object()
      .member("iss", kIssuer)
      .member("sub", to_text(user.id.value()))
      .member("jti", to_text(login.value()))
      .member("iat", now.unix_ms / 1000)
      .member("exp", expires.unix_ms / 1000)
      .member("username", user.username)
      .member("role", to_text(user.role))
      .close_object();
  return {jwt::sign_jws(claims, own_.front()), expires};
}

WallTime Tokens::refresh_until(WallTime now) const { return now + std::max(settings_.lifetime, settings_.refresh_lifetime); }

Expected<Identity, CredentialFault> Tokens::verify(std::string_view token, WallTime now) const {
  // Another node's clock may be ahead, so accept an issue time in the near future; but allow no skew on the expiry.
  auto claims = jwt::verify(token, own_, {}, now);
  if (claims && claims->expires <= now) claims = unexpected(jwt::Fault::expired);
  if (!claims) {
    if (claims.error() == jwt::Fault::expired || token.empty()) return unexpected(fault_of(claims.error()));
    return verify_external(token, now);
  }
  Identity identity;
  if (!is_for_us(*claims)) return unexpected(CredentialFault::invalid);
  const auto user = parse_uuid(claims->subject);
  // Supabase's tokens, which a shared secret signs, have no `jti` (W-002-03): the token itself stands for the login.
  const auto& id = claims->id;
  const auto login = id ? parse_uuid(*id) : std::optional(derived_uuid(std::string(token)));
  const auto username = claims->text("username");
  if (!user || !login) return unexpected(CredentialFault::invalid);
  identity.user = account::UserId(*user);
  identity.login = account::LoginId(*login);
  // Signed with our secret but not by us: `sub, jti, iat, exp` suffice (SPEC 2.8.5), and the store finds or creates the user.
  identity.external = !username;
  identity.username = username ? std::string(*username) : external_username(*claims);
  identity.role = account::parse_role(claims->text("role").value_or("")).value_or(account::Role::user);
  identity.listed = username && claims->issuer == kIssuer;
  identity.issued = claims->issued_at.value_or(WallTime{});
  identity.expires = claims->expires;
  return in_good_standing(std::move(identity));
}

/// J-8.8: a token that is signed with our secret for another service; ours name no audience.
bool Tokens::is_for_us(const jwt::Claims& claims) const {
  const auto& wanted = settings_.external.audience;
  return !wanted || claims.audience.empty() ||
         std::find(claims.audience.begin(), claims.audience.end(), *wanted) != claims.audience.end();
}

Expected<Identity, CredentialFault> Tokens::verify_external(std::string_view token, WallTime now) const {
  std::vector<jwt::Key> keys = shared_;
  if (source_.keys)
    if (const KeySet published = source_.keys()) keys.insert(keys.end(), published->begin(), published->end());
  const auto claims = jwt::verify(token, keys, settings_.external, now);
  if (!claims) {
    if (claims.error() == jwt::Fault::unknown_key && source_.want)
      if (const auto id = jwt::key_id_of(token)) source_.want(*id);
    return unexpected(fault_of(claims.error()));
  }
  Identity identity;
  identity.external = identity.foreign = true;
  const auto user = parse_uuid(claims->subject);
  identity.user = account::UserId(user ? *user : derived_uuid(claims->issuer.value_or("") + '\n' + claims->subject));
  const std::optional<std::string>& id = claims->id;
  identity.login = account::LoginId(derived_uuid(id ? *id + '\n' + claims->subject : std::string(token)));
  identity.username = external_username(*claims);
  identity.issued = claims->issued_at.value_or(WallTime{});
  identity.expires = claims->expires;
  return in_good_standing(std::move(identity));
}

Expected<Identity, CredentialFault> Tokens::in_good_standing(Identity identity) const {
  // First: the logins of a user who is not active are revoked too.
  if (!revocations_.is_active(identity.user)) return unexpected(CredentialFault::not_active);
  if (revocations_.is_revoked(identity.login)) return unexpected(CredentialFault::revoked);
  // `iat` has whole seconds. A limit would also reject a login made in the same second after "log out everywhere", so for a token
  // of ours only its row decides.
  if (!identity.listed && !revocations_.meet(identity)) return unexpected(CredentialFault::revoked);
  return identity;
}

}  // namespace belfry::accounts

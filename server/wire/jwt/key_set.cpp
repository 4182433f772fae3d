#include "wire/jwt/key_set.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "base/check.hpp"
#include "wire/base64/base64.hpp"
#include "wire/json/json.hpp"

namespace belfry::jwt {
namespace {

std::optional<std::string> text_member(json::Slice object, std::string_view name) {
  const auto value = json::member(object, name);
  return value ? json::string_value(*value) : std::nullopt;
}

std::optional<std::string> bytes_member(json::Slice object, std::string_view name) {
  const auto text = text_member(object, name);
  return text ? base64::decode(*text, base64::Form::url) : std::nullopt;
}

bool absent_or(json::Slice object, std::string_view name, std::string_view wanted) {
  return !json::member(object, name) || text_member(object, name) == wanted;
}

/// RFC 7517 4.2, 4.3: `use` and `key_ops`, where they stand, must allow checking signatures.
bool meant_for_signatures(json::Slice jwk) {
  if (!absent_or(jwk, "use", "sig")) return false;
  const auto operations = json::member(jwk, "key_ops");
  if (!operations) return true;
  std::vector<json::Slice> words;
  if (operations->kind != json::Kind::array || !json::elements(*operations, words)) return false;
  return std::ranges::any_of(words, [](json::Slice word) { return json::string_value(word) == "verify"; });
}

std::optional<Key> key_of(json::Slice jwk) {
  if (jwk.kind != json::Kind::object || !meant_for_signatures(jwk)) return std::nullopt;
  const auto kind = text_member(jwk, "kty");
  Key::Id id = text_member(jwk, "kid");
  if (kind == "RSA" && absent_or(jwk, "alg", "RS256")) {
    const auto modulus = bytes_member(jwk, "n");
    const auto exponent = bytes_member(jwk, "e");
    if (modulus && exponent) return Key::rs256(*modulus, *exponent, std::move(id));
  } else if (kind == "EC" && text_member(jwk, "crv") == "P-256" && absent_or(jwk, "alg", "ES256")) {
    const auto x = bytes_member(jwk, "x");
    const auto y = bytes_member(jwk, "y");
    if (x && y) return Key::es256(*x, *y, std::move(id));
  }
  return std::nullopt;
}

}  // namespace

std::string_view explain(KeySetFault fault) {
  switch (fault) {
    case KeySetFault::too_large:
      return "too large";
    case KeySetFault::malformed:
      return "malformed";
    case KeySetFault::too_many_keys:
      return "too many keys";
  }
  CHECK(false, "a fault of a key set without its explanation");
}

Expected<std::vector<Key>, KeySetFault> parse_key_set(std::string_view document) {
  if (document.size() > kMaxKeySetSize) return unexpected(KeySetFault::too_large);
  json::Reader reader;
  const auto set = reader.validate(document);
  if (!set || set->kind != json::Kind::object) return unexpected(KeySetFault::malformed);
  const auto list = json::member(*set, "keys");
  if (!list || list->kind != json::Kind::array) return unexpected(KeySetFault::malformed);
  std::vector<json::Slice> jwks;
  if (!json::elements(*list, jwks, kMaxKeys)) return unexpected(KeySetFault::too_many_keys);
  std::vector<Key> keys;
  for (const json::Slice jwk : jwks)
    if (auto key = key_of(jwk)) keys.push_back(*std::move(key));
  return keys;
}

}  // namespace belfry::jwt

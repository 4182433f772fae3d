#include "wire/jwt/jws.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "wire/base64/base64.hpp"
#include "wire/json/json.hpp"

namespace belfry::jwt {
namespace {

// RFC 7515 2: base64url, with all trailing "=" omitted.
constexpr auto kForm = base64::Form::url;

struct Parts {
  std::string_view header, payload, signature;
  std::string_view signed_text;  // header.payload, RFC 7515 5.1 step 8
};

struct Header {
  std::string algorithm;
  Key::Id key_id;
};

/// RFC 7515 7.1: three parts and two dots. The JSON serialization (7.2) and encrypted tokens (five parts) are none.
std::optional<Parts> split(std::string_view token) {
  if (token.size() > kMaxTokenSize) return std::nullopt;
  const auto first = token.find('.');
  const auto second = first == token.npos ? token.npos : token.find('.', first + 1);
  if (second == token.npos || token.find('.', second + 1) != token.npos) return std::nullopt;
  return Parts{.header = token.substr(0, first),
               .payload = token.substr(first + 1, second - first - 1),
               .signature = token.substr(second + 1),
               .signed_text = token.substr(0, second)};
}

/// A media type, so letters of either case (RFC 7515 4.1.9). Others (`at+jwt`, `dpop+jwt`) are tokens for other purposes.
bool is_jwt_type(json::Slice typ) {
  constexpr std::string_view kType = "jwt";
  const auto type = json::string_value(typ);
  return type && std::ranges::equal(*type, kType, [](char a, char b) {
           return std::tolower(static_cast<unsigned char>(a)) == static_cast<int>(b);
         });
}

std::optional<Header> read_header(std::string_view encoded) {
  const auto text = base64::decode(encoded, kForm);
  if (!text) return std::nullopt;
  json::Reader reader;
  const auto object = reader.validate(*text);
  if (!object || object->kind != json::Kind::object) return std::nullopt;  // RFC 7515 4
  // RFC 7515 4.1.1, 4.1.4, 4.1.9, 4.1.11. A key or a place to fetch one from (`jwk`, `jku`, `x5u`) is the sender's word: ignored.
  constexpr std::array<std::string_view, 4> kNames = {"alg", "kid", "typ", "crit"};
  std::array<std::optional<json::Slice>, kNames.size()> found;
  json::members(*object, kNames, found);
  const auto& [alg, kid, typ, crit] = found;
  if (crit) return std::nullopt;  // RFC 7515 4.1.11: extensions we would have to understand, and we have none
  if (typ && !is_jwt_type(*typ)) return std::nullopt;
  auto algorithm = alg ? json::string_value(*alg) : std::nullopt;
  auto key_id = kid ? json::string_value(*kid) : std::nullopt;
  if (!algorithm || (kid && !key_id)) return std::nullopt;
  return Header{.algorithm = *std::move(algorithm), .key_id = std::move(key_id)};
}

/// RFC 8725 3.1: the key's own algorithm, and no other. RFC 7515 4.1.4: `kid` is a hint, so a key without one may do.
bool may_verify(const Key& key, const Header& header) {
  return name_of(key.algorithm()) == header.algorithm && (!header.key_id || !key.id() || key.id() == header.key_id);
}

/// Why no key may verify such a token.
Fault no_key_fault(const Header& header, std::span<const Key> keys) {
  // RFC 7518 3.1: those of its table that we have.
  constexpr std::array kOurs = {Algorithm::hs256, Algorithm::rs256, Algorithm::es256};
  if (std::ranges::none_of(kOurs, [&](Algorithm ours) { return name_of(ours) == header.algorithm; }))
    return Fault::wrong_algorithm;
  if (keys.empty()) return Fault::unknown_key;
  const bool named = header.key_id && std::ranges::any_of(keys, [&](const Key& key) { return key.id() == header.key_id; });
  return header.key_id && !named ? Fault::unknown_key : Fault::wrong_algorithm;
}

/// header.payload
std::string unsigned_token(std::string_view payload, Algorithm algorithm, const Key::Id& id) {
  std::string header = R"({"alg":")";
  header.append(name_of(algorithm)).append(R"(","typ":"JWT")");
  if (id) {
    header += R"(,"kid":)";
    json::append_quoted(header, *id);
  }
  header += '}';
  std::string token = base64::encode(header, kForm);
  token += '.';
  base64::append(token, payload, kForm);
  return token;
}

}  // namespace

Expected<std::string, Fault> open_jws(std::string_view token, std::span<const Key> keys) {
  const auto parts = split(token);
  if (!parts) return unexpected(Fault::malformed);
  const auto header = read_header(parts->header);
  if (!header) return unexpected(Fault::malformed);
  if (std::ranges::none_of(keys, [&](const Key& key) { return may_verify(key, *header); }))
    return unexpected(no_key_fault(*header, keys));
  const auto signature = base64::decode(parts->signature, kForm);
  if (!signature) return unexpected(Fault::malformed);
  const bool verified = std::ranges::any_of(
      keys, [&](const Key& key) { return may_verify(key, *header) && key.verifies(parts->signed_text, *signature); });
  if (!verified) return unexpected(Fault::bad_signature);
  auto payload = base64::decode(parts->payload, kForm);
  if (!payload) return unexpected(Fault::malformed);
  return *std::move(payload);
}

std::optional<std::string> key_id_of(std::string_view token) {
  const auto parts = split(token);
  const auto header = parts ? read_header(parts->header) : std::nullopt;
  return header ? header->key_id : std::nullopt;
}

std::string sign_jws(std::string_view payload, const Key& key) {
  std::string token = unsigned_token(payload, Algorithm::hs256, key.id());
  const std::string signature = key.mac(token);
  token += '.';
  base64::append(token, signature, kForm);
  return token;
}

std::string sign_jws(std::string_view payload, const SigningKey& key) {
  std::string token = unsigned_token(payload, key.algorithm(), key.id());
  const std::string signature = key.sign(token);
  token += '.';
  base64::append(token, signature, kForm);
  return token;
}

}  // namespace belfry::jwt

#include "wire/turn/rest_credential.hpp"

#include <utility>

#include "wire/base64/base64.hpp"
#include "wire/hmac/hmac.hpp"

namespace belfry::turn {

// draft-uberti-behave-turn-rest-00, 2.2: username = timestamp ":" userid; password = base64(HMAC-SHA1(secret, username)).
RestCredential rest_credential(std::string_view secret, std::string_view user, WallTime expires) {
  std::string name = std::to_string(expires.unix_ms / 1000).append(":").append(user);
  std::string password = base64::encode(hmac::code(hmac::Hash::sha1, secret, name), base64::Form::padded);
  return {std::move(name), std::move(password)};
}

}  // namespace belfry::turn

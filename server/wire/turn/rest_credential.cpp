#include "wire/turn/rest_credential.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "base/check.hpp"
#include "wire/base64/base64.hpp"

namespace belfry::turn {

// draft-uberti-behave-turn-rest-00, 2.2: username = timestamp ":" userid; password = base64(HMAC-SHA1(secret, username)).
RestCredential rest_credential(std::string_view secret, std::string_view user, WallTime expires) {
  std::string name = std::to_string(expires.unix_ms / 1000).append(":").append(user);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  CHECK(HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(name.data()),
             name.size(), digest.data(), &size) != nullptr,
        "OpenSSL has HMAC-SHA1");
  std::string password = base64::encode({reinterpret_cast<const char*>(digest.data()), size}, base64::Form::padded);
  return {std::move(name), std::move(password)};
}

}  // namespace belfry::turn

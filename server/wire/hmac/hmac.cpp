#include "wire/hmac/hmac.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/check.hpp"

namespace belfry::hmac {

std::string code(Hash hash, std::string_view key, std::string_view message) {
  std::string code(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  CHECK(HMAC(hash == Hash::sha1 ? EVP_sha1() : EVP_sha256(), key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(message.data()), message.size(),
             reinterpret_cast<unsigned char*>(code.data()), &size) != nullptr,
        "HMAC of bytes in memory");
  code.resize(size);
  return code;
}

}  // namespace belfry::hmac

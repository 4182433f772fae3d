#include "wire/storage/digest.hpp"

#include <openssl/evp.h>

#include "base/check.hpp"

namespace belfry::storage {

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";  // RFC 4648 8, in lower case as both formats want it
  std::string text;
  for (const char each : bytes) {
    const auto byte = static_cast<unsigned char>(each);
    text.push_back(kDigits[byte >> 4U]);
    text.push_back(kDigits[byte & 15U]);
  }
  return text;
}

std::string hex_digest(Hash hash, std::string_view bytes) {
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  CHECK(EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), &size,
                   hash == Hash::sha1 ? EVP_sha1() : EVP_sha256(), nullptr) == 1,
        "a hash of bytes in memory");
  digest.resize(size);
  return hex(digest);
}

}  // namespace belfry::storage

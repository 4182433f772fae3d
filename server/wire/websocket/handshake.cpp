// The two facts of the opening handshake (RFC 6455 4.2) which are bytes and not HTTP.
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>

#include "base/check.hpp"
#include "wire/base64/base64.hpp"
#include "wire/websocket/frame.hpp"

namespace belfry::websocket {

namespace {

constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // RFC 6455 1.3
constexpr std::size_t kKeySize = 24;  // RFC 6455 4.2.1, item 5: base64 of 16 bytes, 22 characters and "=="

}  // namespace

std::string accept_key(std::string_view client_key) {
  std::string joined(client_key);
  joined.append(kGuid);
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  // SHA-1 here proves only that we speak WebSocket (RFC 6455 10.8: it rests on none of SHA-1's security properties).
  const int hashed = EVP_Digest(joined.data(), joined.size(), digest.data(), nullptr, EVP_sha1(), nullptr);
  CHECK(hashed == 1, "OpenSSL gives SHA-1");
  std::array<unsigned char, 4 * ((SHA_DIGEST_LENGTH + 2) / 3) + 1> text{};
  const int size = EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(digest.size()));
  return {reinterpret_cast<const char*>(text.data()), static_cast<std::size_t>(size)};
}

bool is_valid_key(std::string_view client_key) {
  // The four bits left over in the last character are not looked at: the key is hashed as text and never decoded, and
  // some clients make it of 22 random characters.
  if (client_key.size() != kKeySize || !client_key.ends_with("==")) return false;
  return std::ranges::all_of(client_key.substr(0, kKeySize - 2), base64::is_digit);
}

}  // namespace belfry::websocket

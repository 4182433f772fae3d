#include "wire/webpush/message.hpp"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>

#include <array>
#include <memory>
#include <span>
#include <utility>

#include "base/check.hpp"
#include "wire/base64/base64.hpp"
#include "wire/hmac/hmac.hpp"

namespace belfry::webpush {
namespace {

// SEC 2 2.4.2: a number of P-256 has 256 bits.
constexpr std::size_t kNumberSize = 32;
// RFC 8291 3.1: uncompressed.
constexpr std::size_t kPointSize = 65;
// RFC 8188 2.1; RFC 8291 3.2 has as many bytes of `auth`.
constexpr std::size_t kSaltSize = 16;
// RFC 8188 2.2: of AES-128.
constexpr std::size_t kKeySize = 16;
// RFC 8188 2.3
constexpr std::size_t kNonceSize = 12;
// RFC 5116 5.1: of AEAD_AES_128_GCM.
constexpr std::size_t kTagSize = 16;
// RFC 8291 4: one record, and no smaller than the message.
constexpr std::uint32_t kRecordSize = 4096;
// RFC 8188 2: the delimiter behind the plaintext of the last record.
constexpr char kLastRecord = '\2';

template <auto kFree>
struct FreeWith {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};
template <class T, auto kFree>
using Owned = std::unique_ptr<T, FreeWith<kFree>>;
using OwnedGroup = Owned<EC_GROUP, EC_GROUP_free>;
using OwnedPoint = Owned<EC_POINT, EC_POINT_free>;
using OwnedSecret = Owned<BIGNUM, BN_clear_free>;
using OwnedCipher = Owned<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

const unsigned char* octets(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* octets(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

/// P-256, and what this message does with it.
class Curve {
 public:
  Curve() : group_(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1)) { CHECK(group_ != nullptr, "OpenSSL has P-256"); }

  /// Null: it is not on the curve, or the point at infinity.
  [[nodiscard]] OwnedPoint point(std::string_view uncompressed) const {
    OwnedPoint point = empty();
    const bool good = uncompressed.size() == kPointSize && uncompressed.front() == '\4' &&
                      EC_POINT_oct2point(group_.get(), point.get(), octets(uncompressed), kPointSize, nullptr) == 1;
    ERR_clear_error();
    return good ? std::move(point) : OwnedPoint();
  }
  /// Null: it is zero or not below the order.
  [[nodiscard]] OwnedSecret secret(std::string_view number) const {
    if (number.size() != kNumberSize) return {};
    OwnedSecret secret(BN_bin2bn(octets(number), kNumberSize, nullptr));
    CHECK(secret != nullptr, "memory for a number");
    const bool good = BN_is_zero(secret.get()) == 0 && BN_cmp(secret.get(), EC_GROUP_get0_order(group_.get())) < 0;
    return good ? std::move(secret) : OwnedSecret();
  }
  [[nodiscard]] std::string public_of(const BIGNUM* secret) const {
    const OwnedPoint made = empty();
    CHECK(EC_POINT_mul(group_.get(), made.get(), secret, nullptr, nullptr, nullptr) == 1, "a multiple of the generator");
    return text_of(made.get());
  }
  /// ECDH: the x coordinate (RFC 8291 3.1).
  [[nodiscard]] std::string shared(const BIGNUM* secret, const EC_POINT* theirs) const {
    const OwnedPoint made = empty();
    CHECK(EC_POINT_mul(group_.get(), made.get(), nullptr, theirs, secret, nullptr) == 1, "a multiple of a point");
    return text_of(made.get()).substr(1, kNumberSize);
  }

 private:
  [[nodiscard]] OwnedPoint empty() const {
    OwnedPoint point(EC_POINT_new(group_.get()));
    CHECK(point != nullptr, "memory for a point");
    return point;
  }
  [[nodiscard]] std::string text_of(const EC_POINT* point) const {
    std::string text(kPointSize, '\0');
    CHECK(
        EC_POINT_point2oct(group_.get(), point, POINT_CONVERSION_UNCOMPRESSED, octets(text), text.size(), nullptr) == kPointSize,
        "P-256 has prime order, so no multiple of a point is at infinity");
    return text;
  }
  OwnedGroup group_;
};

std::string hmac_sha256(std::string_view key, std::string_view text) { return hmac::code(hmac::Hash::sha256, key, text); }

/// HKDF's expansion to at most 32 bytes: its first block (RFC 5869 2.3).
std::string expand(std::string_view key, std::string info, std::size_t size) {
  info += '\1';
  return hmac_sha256(key, info).substr(0, size);
}

struct ContentKeys {
  std::string key, nonce;
};

/// RFC 8291 3.4.
ContentKeys content_keys(const SubscriptionKeys& keys, const std::string& shared, const std::string& ours,
                         std::string_view salt) {
  std::string info = "WebPush: info";
  info.append(1, '\0').append(keys.point).append(ours);
  const std::string material = expand(hmac_sha256(keys.auth, shared), info, 32);
  const std::string secret = hmac_sha256(salt, material);
  using namespace std::string_literals;
  return {expand(secret, "Content-Encoding: aes128gcm\0"s, kKeySize), expand(secret, "Content-Encoding: nonce\0"s, kNonceSize)};
}

std::string seal(const std::string& plaintext, const ContentKeys& keys) {
  const OwnedCipher cipher(EVP_CIPHER_CTX_new());
  std::string sealed(plaintext.size() + kTagSize, '\0');
  int size = 0, rest = 0;
  CHECK(cipher && EVP_EncryptInit_ex(cipher.get(), EVP_aes_128_gcm(), nullptr, octets(keys.key), octets(keys.nonce)) == 1 &&
            EVP_EncryptUpdate(cipher.get(), octets(sealed), &size, octets(plaintext), static_cast<int>(plaintext.size())) == 1 &&
            EVP_EncryptFinal_ex(cipher.get(), octets(sealed) + size, &rest) == 1 &&
            EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagSize, octets(sealed) + plaintext.size()) == 1,
        "AES-GCM of bytes in memory");
  return sealed;
}

std::optional<std::string> decoded(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  return base64::decode(text, base64::Form::url);
}

std::string drawn(Random& random, std::size_t size) {
  std::string bytes(size, '\0');
  random.fill(as_mutable_bytes(std::span(bytes.data(), bytes.size())));
  return bytes;
}

}  // namespace

std::optional<SubscriptionKeys> read_keys(std::string_view p256dh, std::string_view auth) {
  auto point = decoded(p256dh), secret = decoded(auth);
  if (!point || !secret || secret->size() != kSaltSize || Curve().point(*point) == nullptr) return std::nullopt;
  return SubscriptionKeys{.point = *std::move(point), .auth = *std::move(secret)};
}

std::optional<std::string> encrypt(std::string_view plaintext, const SubscriptionKeys& keys, const Ephemeral& ephemeral) {
  CHECK(plaintext.size() <= kMaxPlaintext && ephemeral.salt.size() == kSaltSize, "a message of one record");
  const Curve curve;
  const OwnedSecret secret = curve.secret(ephemeral.number);
  if (!secret) return std::nullopt;
  const OwnedPoint theirs = curve.point(keys.point);
  CHECK(theirs != nullptr, "the keys were read by read_keys()");
  const std::string ours = curve.public_of(secret.get());
  const ContentKeys content = content_keys(keys, curve.shared(secret.get(), theirs.get()), ours, ephemeral.salt);
  std::string body = ephemeral.salt;  // RFC 8188 2.1: salt, record size, length of the key id, key id
  for (const unsigned shift : {24U, 16U, 8U, 0U}) body += static_cast<char>(kRecordSize >> shift & 0xFFU);
  body.append(1, static_cast<char>(ours.size())).append(ours);
  return body.append(seal(std::string(plaintext) + kLastRecord, content));
}

std::string encrypt(std::string_view plaintext, const SubscriptionKeys& keys, Random& random) {
  while (true) {  // one number in four billion is no private key
    if (auto body = encrypt(plaintext, keys, {.number = drawn(random, kNumberSize), .salt = drawn(random, kSaltSize)}))
      return *std::move(body);
  }
}

}  // namespace belfry::webpush

#include "wire/agora/access_token.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <zlib.h>

#include <array>
#include <limits>
#include <optional>

#include "base/check.hpp"
#include "wire/agora/fields.hpp"
#include "wire/base64/base64.hpp"
#include "wire/hmac/hmac.hpp"

namespace belfry::agora {
namespace {

// agora-token, getVersion(); agora-access-token, `version`: the first three letters of each token.
constexpr std::string_view kVersion7 = "007", kVersion6 = "006";
// agora-token, kRtcServiceType: the kind of service that channels are.
constexpr std::uint16_t kRtcService = 1;
// Of a token that is read, in bytes before compression: app id, channel, uid, signature and a few numbers. A small text that
// inflates to more is an attack.
constexpr std::size_t kMaxContent = 4096;
// agora-token lists four rights of RTC; a token with more entries is not ours.
constexpr std::uint32_t kMaxPrivileges = 16;

std::string hmac_sha256(std::string_view key, std::string_view message) { return hmac::code(hmac::Hash::sha256, key, message); }

/// agora-token, __signing(): each token is signed with a key of its own, made of its time and salt.
std::string signature_007(std::string_view content, const RtcToken& token, std::string_view certificate) {
  const std::string by_time = hmac_sha256(FieldWriter().u32(token.issued).out(), certificate);
  return hmac_sha256(hmac_sha256(FieldWriter().u32(token.salt).out(), by_time), content);
}

void put(FieldWriter& out, const std::vector<Privilege>& privileges) {
  out.u16(static_cast<std::uint32_t>(privileges.size()));
  for (const auto& [right, until] : privileges) out.u16(static_cast<std::uint32_t>(right)).u32(until);
}

std::string deflated(const std::string& content) {
  uLongf size = compressBound(content.size());
  std::string out(size, '\0');
  CHECK(compress(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(content.data()), content.size()) ==
            Z_OK,
        "the bound is large enough");
  out.resize(size);
  return out;
}

/// nullopt: not one whole zlib stream, or of more than kMaxContent bytes.
std::optional<std::string> inflated(std::string_view packed) {
  std::string out(kMaxContent, '\0');
  uLongf size = out.size();
  uLong used = packed.size();
  const int done = uncompress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(packed.data()), &used);
  if (done != Z_OK || used != packed.size()) return std::nullopt;
  out.resize(size);
  return out;
}

std::uint32_t crc32_of(std::string_view text) {
  const uLong crc = ::crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size()));
  return static_cast<std::uint32_t>(crc & std::numeric_limits<std::uint32_t>::max());
}

/// agora-token, AccessToken2.from_string(). False: something else.
bool read_content(std::string_view content, RtcToken& token) {
  FieldReader in(content);
  token.app_id = in.text();
  token.issued = in.u32();
  token.life = in.u32();
  token.salt = in.u32();
  if (in.u16() != 1 || in.u16() != kRtcService) return false;
  const std::uint32_t count = in.u16();
  if (count > kMaxPrivileges) return false;
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto right = static_cast<Right>(in.u16());
    token.privileges.push_back({right, in.u32()});
  }
  token.channel = in.text();
  token.uid = in.text();
  return in.good() && in.rest().empty();
}

}  // namespace

std::string sign_007(const RtcToken& token, std::string_view certificate) {
  FieldWriter content;
  content.text(token.app_id).u32(token.issued).u32(token.life).u32(token.salt).u16(1).u16(kRtcService);
  put(content, token.privileges);
  content.text(token.channel).text(token.uid);
  const std::string whole = FieldWriter().text(signature_007(content.out(), token, certificate)).out() + content.out();
  return std::string(kVersion7) + base64::encode(deflated(whole), base64::Form::padded);
}

std::string sign_006(const RtcToken& token, std::string_view certificate) {
  FieldWriter message;
  message.u32(token.salt).u32(token.issued);
  put(message, token.privileges);
  const std::string signature = hmac_sha256(certificate, token.app_id + token.channel + token.uid + message.out());
  const std::string content =
      FieldWriter().text(signature).u32(crc32_of(token.channel)).u32(crc32_of(token.uid)).text(message.out()).out();
  return std::string(kVersion6) + token.app_id + base64::encode(content, base64::Form::padded);
}

Expected<RtcToken, Fault> read_007(std::string_view token, std::string_view certificate) {
  if (token.size() > kMaxTokenSize || !token.starts_with(kVersion7)) return unexpected(Fault::malformed);
  const auto packed = base64::decode(token.substr(kVersion7.size()), base64::Form::padded);
  const auto whole = packed ? inflated(*packed) : std::nullopt;
  if (!whole) return unexpected(Fault::malformed);
  FieldReader in(*whole);
  const std::string_view signature = in.text();
  const std::string_view content = in.rest();
  RtcToken read;
  if (!in.good() || !read_content(content, read)) return unexpected(Fault::malformed);
  const std::string expected = signature_007(content, read, certificate);
  if (signature.size() != expected.size() || CRYPTO_memcmp(signature.data(), expected.data(), expected.size()) != 0)
    return unexpected(Fault::bad_signature);
  return read;
}

}  // namespace belfry::agora

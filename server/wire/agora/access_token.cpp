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

/// False: too many.
bool read_privileges(FieldReader& in, RtcToken& token) {
  const std::uint32_t count = in.u16();
  if (count > kMaxPrivileges) return false;
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto right = static_cast<Right>(in.u16());
    token.privileges.push_back({right, in.u32()});
  }
  return true;
}

/// agora-token, AccessToken2.from_string(). False: something else.
bool read_content(std::string_view content, RtcToken& token) {
  FieldReader in(content);
  token.app_id = in.text();
  token.issued = in.u32();
  token.life = in.u32();
  token.salt = in.u32();
  if (in.u16() != 1 || in.u16() != kRtcService || !read_privileges(in, token)) return false;
  token.channel = in.text();
  token.uid = in.text();
  return in.good() && in.rest().empty();
}

/// What a "006" token signs of itself. False: something else.
bool read_message(std::string_view message, RtcToken& token) {
  FieldReader in(message);
  token.salt = in.u32();
  token.issued = in.u32();
  return read_privileges(in, token) && in.good() && in.rest().empty();
}

std::string signature_006(const RtcToken& token, std::string_view message, std::string_view certificate) {
  return hmac_sha256(certificate, (token.app_id + token.channel + token.uid).append(message));
}

bool same_bytes(std::string_view one, std::string_view other) {
  return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
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
  const std::string signature = signature_006(token, message.out(), certificate);
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
  if (!same_bytes(signature, signature_007(content, read, certificate))) return unexpected(Fault::bad_signature);
  return read;
}

Expected<RtcToken, Fault> read_006(std::string_view token, const RtcToken& expected, std::string_view certificate) {
  if (token.size() > kMaxTokenSize || !token.starts_with(kVersion6)) return unexpected(Fault::malformed);
  token.remove_prefix(kVersion6.size());
  if (!token.starts_with(expected.app_id)) return unexpected(Fault::malformed);
  const auto content = base64::decode(token.substr(expected.app_id.size()), base64::Form::padded);
  if (!content) return unexpected(Fault::malformed);
  FieldReader in(*content);
  const std::string_view signature = in.text();
  const std::uint32_t channel = in.u32(), uid = in.u32();
  const std::string_view message = in.text();
  RtcToken read{.app_id = expected.app_id, .channel = expected.channel, .uid = expected.uid};
  if (!in.good() || !in.rest().empty() || !read_message(message, read)) return unexpected(Fault::malformed);
  const bool is_of_both = channel == crc32_of(read.channel) && uid == crc32_of(read.uid);
  if (!is_of_both || !same_bytes(signature, signature_006(read, message, certificate))) return unexpected(Fault::bad_signature);
  return read;
}

}  // namespace belfry::agora

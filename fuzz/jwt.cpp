// No token verifies without our secret unless we signed it; a key set gives at most kMaxKeys keys; and base64 in each form has
// one spelling. The keys of a Web Push subscription that we accept encrypt a message. The first byte chooses the parser.
#include "wire/jwt/jwt.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "wire/base64/base64.hpp"
#include "wire/jwt/key_set.hpp"
#include "wire/webpush/message.hpp"

using namespace belfry;

namespace {

void expect(bool condition) {
  if (!condition) std::abort();
}

jwt::Key secret(std::string_view text, jwt::Key::Id id = {}) {
  const auto key = jwt::Key::hs256(text, std::move(id));
  if (!key) std::abort();
  return *key;
}

void check_token(const std::string& token) {
  // Two secrets: one known to the corpus, so that fuzzing gets past the signature to the claims.
  static const std::vector<jwt::Key> keys = {secret("fuzz"), secret("other", "k")};
  static_cast<void>(jwt::key_id_of(token));
  const auto payload = jwt::open_jws(token, keys);
  const auto claims = jwt::verify(token, keys, {}, WallTime{0});
  if (claims) expect(payload && !claims->subject.empty() && claims->json.size() <= payload->size());
}

/// Signs arbitrary bytes as claims, so that the claims parser gets inputs that a fuzzer cannot sign.
void check_claims(const std::string& json) {
  static const std::vector<jwt::Key> keys = {secret("fuzz")};
  const auto token = jwt::sign_jws(json, keys[0]);
  const auto payload = jwt::open_jws(token, keys);
  expect(token.size() > jwt::kMaxTokenSize ? !payload : payload == json);
  if (const auto claims = jwt::verify(token, keys, {}, WallTime{0})) static_cast<void>(claims->text("username"));
}

void check_base64(const std::string& text) {
  for (const auto form : {base64::Form::padded, base64::Form::unpadded, base64::Form::url}) {
    if (const auto bytes = base64::decode(text, form)) expect(base64::encode(*bytes, form) == text);
    expect(base64::decode(base64::encode(text, form), form) == text);
  }
}

/// The point and the secret, parted by a line feed.
void check_subscription(const std::string& text) {
  const auto end = std::min(text.find('\n'), text.size());
  const auto keys = webpush::read_keys(text.substr(0, end), text.substr(std::min(end + 1, text.size())));
  const webpush::Ephemeral ours{.number = std::string(32, 'n'), .salt = std::string(16, 's')};
  if (keys) expect(webpush::encrypt("ring", *keys, ours).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 't':
      check_token(text);
      break;
    case 'c':
      check_claims(text);
      break;
    case 'k':
      if (const auto keys = jwt::parse_key_set(text)) expect(keys->size() <= jwt::kMaxKeys);
      break;
    case 's':
      check_subscription(text);
      break;
    default:
      check_base64(text);
  }
  return 0;
}

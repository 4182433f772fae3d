// No text is a media grant unless we signed it as one: not even claims that are signed with the key of sessions. The first byte
// chooses whether the rest is a whole token, or claims that are signed here with the grants' key.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "app/call_tokens/token_mint.hpp"
#include "base/must_have.hpp"
#include "wire/jwt/jws.hpp"

using namespace belfry;

namespace {

constexpr std::string_view kSecret = "fuzz";
constexpr std::string_view kPurpose = "belfry media grant v1";

void expect(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static const call_tokens::TokenMint mint({.secret = std::string(kSecret), .livekit = {"", "key", "fuzz"}});
  static const jwt::Key session = must_have(jwt::Key::hs256(kSecret), "the secret is long enough");
  static const jwt::Key grants = must_have(jwt::Key::hs256(session.mac(kPurpose)), "a MAC is long enough");
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] == 'c') {
    const auto grant = mint.read_grant(jwt::sign_jws(text, grants), WallTime{0});
    if (grant) expect(!grant->uid.empty() || text.find("uid") != std::string::npos);
    expect(!mint.read_grant(jwt::sign_jws(text, session), WallTime{0}).has_value());
    static_cast<void>(mint.provider_of(jwt::sign_jws(text, session), {}, {}, WallTime{0}));  // LiveKit's key is the same here
  } else {
    static_cast<void>(mint.read_grant(text, WallTime{0}));
    static_cast<void>(mint.provider_of(text, {}, {}, WallTime{0}));
  }
  return 0;
}

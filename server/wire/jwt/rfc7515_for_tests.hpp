// The tokens and keys of RFC 7515 appendix A, as printed there. For tests only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.hpp"
#include "wire/base64/base64.hpp"
#include "wire/jwt/key.hpp"

namespace belfry::jwt {

/// What a test knows to be there.
template <class T>
T must(std::optional<T> value) {
  CHECK(value, "the test's own data is fine");
  return *std::move(value);
}

inline std::string base64url(std::string_view bytes) { return base64::encode(bytes, base64::Form::url); }
inline std::optional<std::string> decode_base64url(std::string_view text) { return base64::decode(text, base64::Form::url); }

}  // namespace belfry::jwt

namespace belfry::jwt::rfc7515 {

inline constexpr std::string_view kPayload = "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";

inline constexpr std::string_view kHs256Token =
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
    "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
inline constexpr std::string_view kHs256Secret =
    "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";

inline constexpr std::string_view kRs256Token =
    "eyJhbGciOiJSUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_"
    "O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4"
    "BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-"
    "eOkHWEsqtFZESc6BfI7noOPqv"
    "hJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
inline constexpr std::string_view kRsaModulus =
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_"
    "YpRPEwOW"
    "vG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-"
    "UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9k"
    "G4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";

inline constexpr std::string_view kEs256Token =
    "eyJhbGciOiJFUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
inline constexpr std::string_view kEcX = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
inline constexpr std::string_view kEcY = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";

inline Key hs256_key() { return must(Key::hs256(must(decode_base64url(kHs256Secret)))); }
inline Key rs256_key(const Key::Id& id) {
  return must(Key::rs256(must(decode_base64url(kRsaModulus)), must(decode_base64url("AQAB")), id));
}
inline Key es256_key(const Key::Id& id) {
  return must(Key::es256(must(decode_base64url(kEcX)), must(decode_base64url(kEcY)), id));
}

// No default arguments: of a temporary empty optional g++ 12 with ASan believes that it may be uninitialized.
inline Key rs256_key() {
  const Key::Id none;
  return rs256_key(none);
}
inline Key es256_key() {
  const Key::Id none;
  return es256_key(none);
}

inline std::string rsa_jwk(std::string_view more = "") {
  return std::string(R"({"kty":"RSA","e":"AQAB","n":")").append(kRsaModulus).append("\"").append(more).append("}");
}
inline std::string ec_jwk(std::string_view more = "") {
  return std::string(R"({"kty":"EC","crv":"P-256","x":")")
             .append(kEcX)
             .append(R"(","y":")")
             .append(kEcY)
             .append("\"")
             .append(more) +
         "}";
}
inline std::string jwk_set(const std::vector<std::string>& jwks) {
  std::string set = R"({"keys":[)";
  for (const auto& jwk : jwks) set.append(set.back() == '[' ? "" : ",").append(jwk);
  return set + "]}";
}

}  // namespace belfry::jwt::rfc7515

// Settings: who signs tokens, ours and those of an external issuer.
#include "main/config/sections.hpp"

namespace belfry::config {
namespace {

constexpr Setting kAuth[] = {
    Setting{"auth.mode", FIELD(auth.asked), "required, or open (names are believed; only with --dev)"}
        .also_named("AUTH_MODE")
        .by_default("open with --dev, else required"),
    Setting{"auth.secret", FIELD(auth.secret), "signs session tokens: 32 bytes or more, known to nobody else"}
        .also_named("JWT_SECRET")
        .by_default("generated, and kept in the data folder")
        .kept_secret(),
    Setting{"auth.previous_secrets", FIELD(auth.previous_secrets),
            "secrets before this one, by commas: their tokens stay good until they are taken out"}
        .also_named("JWT_SECRET_PREVIOUS")
        .kept_secret(),
    Setting{"auth.session_ttl", FIELD(auth.session_ttl), "how long a login lasts"}
        .within(Unit::seconds, 60'000, 400 * kDay)
        .also_named("SESSION_TTL_SECONDS"),
    Setting{"auth.refresh_ttl", FIELD(auth.refresh_ttl), "how long a refresh token is good, for one use; not less than a login"}
        .within(Unit::seconds, 60'000, 400 * kDay)
        .also_named("REFRESH_TTL_SECONDS"),
    Setting{"auth.jwks_url", FIELD(auth.jwks_url), "public keys of an external issuer (RS256, ES256)"}.also_named("JWKS_URL"),
    Setting{"auth.external_secret", FIELD(auth.external_secret), "shared secret of an external issuer (HS256)"}
        .also_named("JWT_EXTERNAL_SECRET")
        .kept_secret(),
    Setting{"auth.issuer", FIELD(auth.issuer), "`iss` that external tokens must bear"}.also_named("JWT_ISSUER"),
    Setting{"auth.audience", FIELD(auth.audience), "`aud` that external tokens must bear"}.also_named("JWT_AUDIENCE"),
    Setting{"auth.password_min", FIELD(auth.password_min_asked), "characters of a new password, at the least"}
        .within(Unit::none, 1, 128)
        .also_named("AUTH_PASSWORD_MIN")
        .by_default("6 with --dev and at /user/sign-up, else 8"),
    Setting{"auth.password_threads", FIELD(auth.password_threads), "threads that hash passwords, 19 MiB each"}.within(Unit::none,
                                                                                                                      1, 64),
};

}  // namespace

std::span<const Setting> auth_settings() { return kAuth; }

}  // namespace belfry::config

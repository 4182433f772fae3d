// Settings: tokens with which clients join the media of a call, and the servers that help them to reach each other.
#include "main/config/sections.hpp"

namespace belfry::config {
namespace {

constexpr Setting kMedia[] = {
    Setting{"media.provider", FIELD(media.provider),
            "whose tokens clients get that name no provider: native, agora or livekit; the last two need their settings"}
        .also_named("MEDIA_PROVIDER"),
    Setting{"media.uid_type", FIELD(media.uid_type), "how media tokens name their holder: string (the user id) or numeric"}
        .also_named("MEDIA_UID_TYPE"),
    Setting{"token.ttl", FIELD(token.ttl), "how long a media token is good for joining; above an hour a stolen one is a danger"}
        .within(Unit::seconds, 60'000, 28'800'000)
        .also_named("TOKEN_TTL_SECONDS"),
    Setting{"token.privilege", FIELD(token.privilege),
            "how long someone who joined with a token of Agora may stay; at least token.ttl"}
        .within(Unit::seconds, 60'000, 30 * kDay)
        .also_named("TOKEN_PRIVILEGE_SECONDS"),
    Setting{"token.strict", FIELD(token.strict), "a token-and-join client starts a call only after it got a token"}.also_named(
        "TOKEN_STRICT"),
    Setting{"agora.app_id", FIELD(agora.app_id), "Agora: the project's App ID, 32 hexadecimal digits"}.also_named("AGORA_APP_ID"),
    Setting{"agora.app_cert", FIELD(agora.app_cert), "Agora: the project's certificate, which never leaves the server"}
        .also_named("AGORA_APP_CERT")
        .kept_secret(),
    Setting{"agora.token_version", FIELD(agora.token_version), "Agora: 007, or 006 for SDKs older than 2022"}.also_named(
        "AGORA_TOKEN_VERSION"),
    Setting{"livekit.url", FIELD(livekit.url), "LiveKit: where clients connect, wss://HOST"}.also_named("LIVEKIT_URL"),
    Setting{"livekit.api_key", FIELD(livekit.api_key), "LiveKit: the API key"}.also_named("LIVEKIT_API_KEY"),
    Setting{"livekit.api_secret", FIELD(livekit.api_secret), "LiveKit: its secret"}
        .also_named("LIVEKIT_API_SECRET")
        .kept_secret(),
};

constexpr Setting kIce[] = {
    Setting{"stun.urls", FIELD(stun.urls), "STUN servers that browsers may ask, by commas: stun:HOST:PORT"}.also_named(
        "STUN_URLS"),
    Setting{"turn.urls", FIELD(turn.urls), "TURN servers that share turn.secret, by commas: turn:HOST:PORT?transport=udp"}
        .also_named("TURN_URLS"),
    Setting{"turn.secret", FIELD(turn.secret), "what the TURN servers check credentials with; coturn: static-auth-secret"}
        .also_named("TURN_SECRET")
        .kept_secret(),
    Setting{"turn.ttl", FIELD(turn.ttl), "how long a TURN credential is good"}
        .within(Unit::seconds, 60'000, kDay)
        .also_named("TURN_TTL_SECONDS"),
    Setting{"twilio.account_sid", FIELD(twilio.account_sid), "Twilio: the account whose relays are offered too"}.also_named(
        "TWILIO_ACCOUNT_SID"),
    Setting{"twilio.auth_token", FIELD(twilio.auth_token), "Twilio: its password"}.also_named("TWILIO_AUTH_TOKEN").kept_secret(),
    Setting{"twilio.api_base", FIELD(twilio.api_base), "Twilio: where it is asked"}.also_named("TWILIO_API_BASE"),
};

}  // namespace

std::span<const Setting> media_settings() { return kMedia; }
std::span<const Setting> ice_settings() { return kIce; }

}  // namespace belfry::config

// Settings: push notifications, and the providers that carry them (docs/push.md).
#include "main/config/sections.hpp"

namespace belfry::config {
namespace {

// It is for a whole try, which must end, with its two writes to the store, before the claim of its entry lapses after 20 s
// (app/outbox/worker.hpp).
constexpr std::int64_t kLongestTimeout = 15'000;

constexpr Setting kPush[] = {
    Setting{"push.always", FIELD(push.always), "push everybody who is called, not only those without a live session"}.also_named(
        "PUSH_ALWAYS"),
    Setting{"push.active_days", FIELD(push.active_days), "a device that was not used for this many days is not pushed"}
        .within(Unit::none, 1, 3650)
        .also_named("PUSH_ACTIVE_DAYS"),
    Setting{"push.timeout", FIELD(push.timeout), "how long a push provider may take to answer"}
        .within(Unit::milliseconds, 100, kLongestTimeout)
        .also_named("PUSH_TIMEOUT_MS", Unit::milliseconds),
    Setting{"push.retry", FIELD(push.retry), "the wait before a push is tried again; doubles each time"}
        .within(Unit::milliseconds, 10, 60'000)
        .also_named("PUSH_RETRY_MS", Unit::milliseconds),
    Setting{"push.max_attempts", FIELD(push.max_attempts), "how often a push is tried"}
        .within(Unit::none, 1, 100)
        .also_named("PUSH_MAX_ATTEMPTS"),
    Setting{"push.allow_private", FIELD(push.allow_private),
            "let users register Web Push endpoints on http and on private addresses; --dev does too"}
        .also_named("PUSH_ALLOW_PRIVATE"),
    Setting{"push.ca_file", FIELD(push.ca_file), "PEM: authorities for push providers, beside the system's"}.also_named(
        "PUSH_CA_FILE"),
};

constexpr Setting kFcm[] = {
    Setting{"fcm.service_account", FIELD(fcm.service_account), "FCM: the service account's JSON, or its file"}
        .also_named("FCM_SERVICE_ACCOUNT")
        .kept_secret(),
    Setting{"fcm.endpoint", FIELD(fcm.endpoint), "FCM: where it is"}.also_named("FCM_ENDPOINT"),
};

constexpr Setting kApns[] = {
    Setting{"apns.key_file", FIELD(apns.key_file), "APNs: Apple's .p8 file"}.also_named("APNS_KEY_FILE"),
    Setting{"apns.key_id", FIELD(apns.key_id), "APNs: the id of that key"}.also_named("APNS_KEY_ID"),
    Setting{"apns.team_id", FIELD(apns.team_id), "APNs: the developer team"}.also_named("APNS_TEAM_ID"),
    Setting{"apns.topic", FIELD(apns.topic), "APNs: the app's bundle id"}.also_named("APNS_TOPIC"),
    Setting{"apns.endpoint", FIELD(apns.endpoint), "APNs: where it is"}.also_named("APNS_ENDPOINT"),
};

constexpr Setting kVapid[] = {
    Setting{"vapid.public_key", FIELD(vapid.public_key), "Web Push: our public key, 65 bytes in base64url"}.also_named(
        "VAPID_PUBLIC_KEY"),
    Setting{"vapid.private_key", FIELD(vapid.private_key), "Web Push: our private key, 32 bytes in base64url"}
        .also_named("VAPID_PRIVATE_KEY")
        .kept_secret(),
    Setting{"vapid.subject", FIELD(vapid.subject), "Web Push: how its operators reach you, mailto:... or https://..."}.also_named(
        "VAPID_SUBJECT"),
};

}  // namespace

std::span<const Setting> push_settings() { return kPush; }
std::span<const Setting> fcm_settings() { return kFcm; }
std::span<const Setting> apns_settings() { return kApns; }
std::span<const Setting> vapid_settings() { return kVapid; }

}  // namespace belfry::config

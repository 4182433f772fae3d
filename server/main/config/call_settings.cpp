// Settings: how long a call rings, waits and lasts.
#include "app/calls/policy.hpp"
#include "main/config/sections.hpp"

namespace belfry::config {
namespace {

constexpr std::int64_t kMaxRing = 1000 * std::int64_t{calls::kMaxRingSeconds};  // milliseconds

constexpr Setting kCall[] = {
    Setting{"call.timeout", FIELD(call.timeout), "how long a call rings, whichever client started it"}
        .within(Unit::seconds, 1000, kMaxRing)
        .also_named("CALL_TIMEOUT_MS", Unit::milliseconds)
        .also_named("CALL_TIMEOUT_SECONDS")
        .by_default("native 45s, token 30s, REST 60s, signaling 30s, chat 15s"),
    Setting{"call.timeout_native", FIELD(call.timeout_native), "the same for calls started by native sockets"}
        .within(Unit::seconds, 1000, kMaxRing)
        .also_named("CALL_TIMEOUT_NATIVE")
        .by_default("call.timeout"),
    Setting{"call.timeout_token", FIELD(call.timeout_token), "the same for calls started by token-and-join clients"}
        .within(Unit::seconds, 1000, kMaxRing)
        .also_named("CALL_TIMEOUT_TOKEN")
        .by_default("call.timeout"),
    Setting{"call.timeout_rest", FIELD(call.timeout_rest), "the same for calls started by REST"}
        .within(Unit::seconds, 1000, kMaxRing)
        .also_named("CALL_TIMEOUT_REST")
        .by_default("call.timeout"),
    Setting{"call.timeout_signaling", FIELD(call.timeout_signaling), "the same for calls started by signaling clients"}
        .within(Unit::seconds, 1000, kMaxRing)
        .also_named("CALL_TIMEOUT_SIGNALING")
        .by_default("call.timeout"),
    Setting{"call.timeout_chat", FIELD(call.timeout_chat), "the same for calls started by chat clients"}
        .within(Unit::seconds, 1000, kMaxRing)
        .also_named("CALL_TIMEOUT_CHAT")
        .by_default("call.timeout"),
    Setting{"call.ring_grace", FIELD(call.ring_grace), "a ringing call outlives a lost connection this long"}
        .within(Unit::seconds, 0, kMaxRing)
        .also_named("RING_GRACE_SECONDS"),
    Setting{"call.connected_grace", FIELD(call.connected_grace), "a connected call outlives a lost connection this long"}
        .within(Unit::seconds, 0, 3'600'000)
        .also_named("CONNECTED_GRACE_SECONDS")
        .by_default("30s; signaling and chat 3s"),
    Setting{"call.away_grace", FIELD(call.away_grace),
            "the same, at most, once the page of the participant has said that it closes"}
        .within(Unit::seconds, 0, 3'600'000)
        .also_named("AWAY_GRACE_SECONDS"),
    Setting{"call.restart_grace", FIELD(call.restart_grace),
            "a connected call waits this long for its people after the server was restarted"}
        .within(Unit::seconds, 0, 3'600'000)
        .also_named("RESTART_GRACE_SECONDS"),
    Setting{"call.sweep", FIELD(call.sweep), "how often the store is searched for ringing calls that no timer knows of"}
        .within(Unit::seconds, 1000, 60'000)
        .also_named("CALL_SWEEP_SECONDS"),
    Setting{"call.strict_end", FIELD(call.strict_end), "refuse to end a call which has not begun, instead of cancelling it"}
        .also_named("CALL_STRICT_END"),
    Setting{"call.media_timeout", FIELD(call.media_timeout),
            "end a connected call if neither client has reported live media within; 0: never"}
        .within(Unit::seconds, 0, 3'600'000)
        .also_named("MEDIA_TIMEOUT_SECONDS"),
    Setting{"call.max_duration", FIELD(call.max_duration), "end a connected call after; 0: never"}.within(Unit::seconds, 0, kDay),
    Setting{"call.busy_status", FIELD(call.busy_status), "HTTP status of a call to somebody who is busy: 400 or 409"}.within(
        Unit::none, 400, 409),
    Setting{"call.mesh_max", FIELD(call.mesh_max), "most people in a group call at once; each of them sends to each other"}
        .within(Unit::none, 2, 64)
        .also_named("CALL_MESH_MAX"),
};

}  // namespace

std::span<const Setting> call_settings() { return kCall; }

}  // namespace belfry::config

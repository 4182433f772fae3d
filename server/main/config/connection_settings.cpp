// Settings: Engine.IO, Socket.IO, presence, the chat dialect, HTTP and TCP: heartbeats, time-outs and sizes.
#include "main/config/sections.hpp"

namespace belfry::config {
namespace {

constexpr std::int64_t kGiB = 1 << 30;

constexpr Setting kEngine[] = {
    Setting{"engine.ping_interval", FIELD(engine.ping_interval), "Engine.IO heartbeat"}.within(Unit::milliseconds, 10, kDay),
    Setting{"engine.ping_timeout", FIELD(engine.ping_timeout), "silence after a ping that ends the session"}.within(
        Unit::milliseconds, 10, kDay),
    Setting{"engine.upgrade_timeout", FIELD(engine.upgrade_timeout), "a WebSocket probe must become an upgrade within"}.within(
        Unit::seconds, 1, kDay),
    Setting{"engine.max_payload", FIELD(engine.max_payload), "the largest message or polling body"}.within(Unit::bytes, 1024,
                                                                                                           kGiB),
    Setting{"engine.deflate", FIELD(engine.deflate), "permessage-deflate where clients offer it"},
};

constexpr Setting kSocket[] = {
    Setting{"socket.connect_timeout", FIELD(socket.connect_timeout), "a session must join a namespace within"}.within(
        Unit::seconds, 1, kDay),
    Setting{"socket.recovery_window", FIELD(socket.recovery_window), "how long a lost socket may come back as itself; 0: off"}
        .within(Unit::seconds, 0, kDay)
        .also_named("SESSION_RESUME_SECONDS"),
    Setting{"socket.recovery_bytes", FIELD(socket.recovery_bytes), "bytes of missed events kept for a lost socket"}.within(
        Unit::bytes, 0, kGiB),
};

constexpr Setting kPresence[] = {
    Setting{"presence.grace", FIELD(presence.grace), "a user whose connection is lost stays online for; 0: not at all"}
        .within(Unit::seconds, 0, kDay)
        .also_named("PRESENCE_GRACE_SECONDS"),
    Setting{"presence.coalesce", FIELD(presence.coalesce), "changes of who is online within this time are sent together"}
        .within(Unit::milliseconds, 0, kDay)
        .also_named("PRESENCE_COALESCE_MS", Unit::milliseconds),
};

constexpr Setting kChat[] = {
    Setting{"chat.end_events", FIELD(chat.end_events),
            "how seed 004's clients hear of an end: both (call-ended and end-call), or end-call"}
        .also_named("CHAT_END_EVENTS"),
};

constexpr Setting kHttp[] = {
    Setting{"http.head_timeout", FIELD(http.head_timeout), "a request head must be complete within"}.within(Unit::seconds, 1,
                                                                                                            kDay),
    Setting{"http.body_timeout", FIELD(http.body_timeout), "a request body must be complete within"}.within(Unit::seconds, 1,
                                                                                                            kDay),
    Setting{"http.idle_timeout", FIELD(http.idle_timeout), "an idle connection between two requests is closed after"}.within(
        Unit::seconds, 1, kDay),
};

constexpr Setting kConnection[] = {
    Setting{"connection.max_unsent", FIELD(connection.max_unsent), "a peer that leaves more than this unread is closed"}.within(
        Unit::bytes, 65536, kGiB),
    Setting{"connection.unsent_timeout", FIELD(connection.unsent_timeout), "a peer that reads nothing for this long is closed"}
        .within(Unit::seconds, 1, kDay),
    Setting{"connection.max_per_address", FIELD(connection.max_per_address_asked), "open connections of one address; 0: no limit"}
        .within(Unit::none, 0, 1'000'000'000)
        .by_default("no limit with --dev, else 4096"),
};

}  // namespace

std::span<const Setting> engine_settings() { return kEngine; }
std::span<const Setting> socket_settings() { return kSocket; }
std::span<const Setting> presence_settings() { return kPresence; }
std::span<const Setting> chat_settings() { return kChat; }
std::span<const Setting> http_settings() { return kHttp; }
std::span<const Setting> connection_settings() { return kConnection; }

}  // namespace belfry::config

// Settings: how often a user, a session or an address may do something; 0 is no limit.
#include "main/config/sections.hpp"

namespace belfry::config {
namespace {

constexpr Setting kRateLimit[] = {
    Setting{"rate_limit.call_max", FIELD(rate_limit.call_max_asked), "calls a user may start within the window; 0: no limit"}
        .within(Unit::none, 0, 1'000'000)
        .also_named("RATE_LIMIT_CALL_MAX")
        .by_default("no limit with --dev, else 5"),
    Setting{"rate_limit.call_window", FIELD(rate_limit.call_window), "that window"}
        .within(Unit::seconds, 1, kDay)
        .also_named("RATE_LIMIT_CALL_WINDOW_MS", Unit::milliseconds),
    Setting{"rate_limit.login_max", FIELD(rate_limit.login_max_asked),
            "tries to log in to one account from one address within the window; 0: no limit"}
        .within(Unit::none, 0, 1'000'000)
        .also_named("RATE_LIMIT_LOGIN_MAX")
        .by_default("no limit with --dev, else 10"),
    Setting{"rate_limit.login_window", FIELD(rate_limit.login_window), "that window"}.within(Unit::seconds, 1, kDay),
    Setting{"rate_limit.login_address_max", FIELD(rate_limit.login_address_max_asked),
            "tries to log in from one address, to any account, within that window; 0: no limit"}
        .within(Unit::none, 0, 1'000'000)
        .also_named("RATE_LIMIT_LOGIN_ADDRESS_MAX")
        .by_default("no limit with --dev, else 300"),
    Setting{"rate_limit.signup_max", FIELD(rate_limit.signup_max_asked),
            "accounts made from one address within that window; 0: no limit"}
        .within(Unit::none, 0, 1'000'000)
        .also_named("RATE_LIMIT_SIGNUP_MAX")
        .by_default("no limit with --dev, else 60"),
    Setting{"rate_limit.password_max", FIELD(rate_limit.password_max_asked),
            "passwords of one address that wait to be hashed at once; 0: no limit"}
        .within(Unit::none, 0, 1'000'000)
        .also_named("RATE_LIMIT_PASSWORD_MAX")
        .by_default("no limit with --dev, else 16"),
    Setting{"rate_limit.connect_max", FIELD(rate_limit.connect_max_asked),
            "new connections of one address within the window; 0: no limit. Raise it behind a proxy, whose address all share"}
        .within(Unit::none, 0, 1'000'000'000)
        .also_named("RATE_LIMIT_CONNECT_MAX")
        .by_default("no limit with --dev, else 6000"),
    Setting{"rate_limit.connect_window", FIELD(rate_limit.connect_window), "that window"}.within(Unit::seconds, 1, kDay),
    Setting{"rate_limit.signal_max", FIELD(rate_limit.signal_max_asked),
            "WebRTC signals of one session within the window; 0: no limit"}
        .within(Unit::none, 0, 1'000'000)
        .also_named("RATE_LIMIT_SIGNAL_MAX")
        .by_default("no limit with --dev, else 200"),
    Setting{"rate_limit.signal_window", FIELD(rate_limit.signal_window), "that window"}.within(Unit::seconds, 1, kDay),
    Setting{"rate_limit.report_max", FIELD(rate_limit.report_max_asked),
            "reports on media and quality of one session within the window; 0: no limit"}
        .within(Unit::none, 0, 1'000'000)
        .also_named("RATE_LIMIT_REPORT_MAX")
        .by_default("no limit with --dev, else 60"),
    Setting{"rate_limit.report_window", FIELD(rate_limit.report_window), "that window"}.within(Unit::seconds, 1, kDay),
    Setting{"rate_limit.message_max", FIELD(rate_limit.message_max_asked),
            "messages that a user may send or edit within the window; 0: no limit"}
        .within(Unit::none, 0, 1'000'000)
        .also_named("RATE_LIMIT_MESSAGE_MAX")
        .by_default("no limit with --dev, else 120"),
    Setting{"rate_limit.message_window", FIELD(rate_limit.message_window), "that window"}
        .within(Unit::seconds, 1, kDay)
        .also_named("RATE_LIMIT_MESSAGE_WINDOW_MS", Unit::milliseconds),
    Setting{"rate_limit.upload_max", FIELD(rate_limit.upload_max_asked),
            "files and pictures that a user may upload within the window; 0: no limit"}
        .within(Unit::none, 0, 1'000'000)
        .also_named("RATE_LIMIT_UPLOAD_MAX")
        .by_default("no limit with --dev, else 60"),
    Setting{"rate_limit.upload_window", FIELD(rate_limit.upload_window), "that window"}
        .within(Unit::seconds, 1, kDay)
        .also_named("RATE_LIMIT_UPLOAD_WINDOW_MS", Unit::milliseconds),
    Setting{"rate_limit.token_max", FIELD(rate_limit.token_max_asked),
            "media tokens that a user may ask for within the window; 0: no limit"}
        .within(Unit::none, 0, 1'000'000)
        .also_named("RATE_LIMIT_TOKEN_MAX")
        .by_default("no limit with --dev, else 3"),
    Setting{"rate_limit.token_window", FIELD(rate_limit.token_window), "that window"}
        .within(Unit::seconds, 1, kDay)
        .also_named("RATE_LIMIT_TOKEN_WINDOW_MS", Unit::milliseconds),
    Setting{"rate_limit.token_renew_max", FIELD(rate_limit.token_renew_max_asked),
            "media tokens that a user may ask for again in one call within the window; 0: no limit"}
        .within(Unit::none, 0, 1'000'000)
        .also_named("RATE_LIMIT_TOKEN_RENEW_MAX")
        .by_default("no limit with --dev, else 10"),
    Setting{"rate_limit.token_renew_window", FIELD(rate_limit.token_renew_window), "that window"}
        .within(Unit::seconds, 1, kDay)
        .also_named("RATE_LIMIT_TOKEN_RENEW_WINDOW_MS", Unit::milliseconds),
    Setting{"rate_limit.token_ip_max", FIELD(rate_limit.token_ip_max_asked),
            "requests of one address to GET /api/token within a minute; 0: no limit"}
        .within(Unit::none, 0, 1'000'000)
        .also_named("RATE_LIMIT_TOKEN_IP_MAX")
        .by_default("no limit with --dev, else 10"),
    Setting{"rate_limit.reads", FIELD(rate_limit.reads),
            "questions of one user (history, statistics, sync) that may wait for their answers at once, a search counts as 8; 0: "
            "no limit"}
        .within(Unit::none, 0, 1'000'000),
};

}  // namespace

std::span<const Setting> rate_limit_settings() { return kRateLimit; }

}  // namespace belfry::config

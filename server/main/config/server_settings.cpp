// Settings: what the process is and writes: address, store, web pages, shutdown, TLS, log, CORS.
#include "base/shard_limit.hpp"
#include "main/config/sections.hpp"

namespace belfry::config {
namespace {

constexpr std::int64_t kGiB = 1 << 30;

constexpr Setting kServer[] = {
    Setting{"listen", FIELD(listen), "HOST:PORT to serve on; port 0 lets the kernel pick one. PORT changes the port only"}
        .within(Unit::none, 0, 65535)
        .also_named("PORT")
        .by_default("127.0.0.1:3000 with --dev, else 0.0.0.0:3000"),
    Setting{"threads", FIELD(threads), "shards, each one thread with its own connections; 0: one per core"}
        .within(Unit::none, 0, std::int64_t{kMaxShards})
        .by_default("one per core"),
    Setting{"data", FIELD(data), "folder for what must outlive a restart"},
    Setting{"database", FIELD(database),
            "where users and calls are kept: `sqlite:PATH`, `postgres://USER:PASSWORD@HOST/NAME`, or `memory:`, which forgets at "
            "the end"}
        .also_named("DATABASE_URL")
        .by_default("sqlite:belfry.db in the data folder")
        .kept_secret(),
    Setting{"redis", FIELD(redis),
            "`redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE]`: keep call:pending:* and chat:online_users there for other "
            "programs; empty: nowhere"}
        .also_named("REDIS_URL")
        .kept_secret(),
    Setting{"default_dialect", FIELD(default_dialect),
            "the dialect of a socket with a credential that names none: native, or token if all clients are seed 000's app"}
        .also_named("DEFAULT_DIALECT"),
    Setting{"dev", FIELD(dev), "trial mode: names are believed, any web origin may call, no rate limits unless set"},
    Setting{"virtual_time", FIELD(virtual_time), "timers run on a clock which POST /test/clock/advance moves; needs --dev"},
    Setting{"private_descriptors", FIELD(private_descriptors),
            "give each shard thread its own descriptor table, where the limit per process is low"},
    Setting{"web", FIELD(web), "folder with the web pages; holds app/, public/ and socket.io/"}.by_default(
        "web/ beside the executable"),
    Setting{"static", FIELD(static_dir),
            "folder of a web application to serve at /, read at start; unknown pages get its index.html"}
        .also_named("STATIC_DIR"),
    Setting{"trust_proxy", FIELD(trust_proxy),
            "believe X-Forwarded-For and X-Forwarded-Proto; only behind a proxy that sets them"},
    Setting{"role", FIELD(role),
            "all, or token: only accounts, media tokens and the routes for operators, without sockets and calls"},
    Setting{"stats_interval", FIELD(stats_interval), "how often the log records connected users and active calls; 0: never"}
        .within(Unit::seconds, 0, kDay),
    Setting{"retention", FIELD(retention),
            "how long refused calls and quality samples are kept; 0: for ever. Calls and their audit stay: its hash chain must "
            "not lose a link"}
        .within(Unit::seconds, 0, 20'000 * kDay),
    Setting{"drain_notice", FIELD(drain_notice), "after SIGTERM: how long new calls are refused before connections close"}.within(
        Unit::seconds, 0, kDay),
    Setting{"drain_deadline", FIELD(drain_deadline), "after SIGTERM: how long what is under way may take"}.within(Unit::seconds,
                                                                                                                  0, kDay),
};

constexpr Setting kTls[] = {
    Setting{"tls.cert", FIELD(tls.cert), "PEM file with the certificate chain; with tls.key, serves https"},
    Setting{"tls.key", FIELD(tls.key), "PEM file with the private key"},
};

constexpr Setting kLog[] = {
    Setting{"log.level", FIELD(log.level), "debug, info, warn or error"}.also_named("LOG_LEVEL"),
    Setting{"log.format", FIELD(log.format), "json is the only one"}.also_named("LOG_FORMAT"),
    Setting{"log.file", FIELD(log.file), "write there instead of stderr; SIGHUP opens it anew"},
    Setting{"log.max_size", FIELD(log.max_size), "a log file that reaches this is rotated"}.within(Unit::bytes, 4096, 16 * kGiB),
    Setting{"log.files", FIELD(log.files), "rotated files that are kept"}.within(Unit::none, 1, 1000),
};

constexpr Setting kCors[] = {
    Setting{"cors.origins", FIELD(cors.origins),
            "web origins that may call, by commas, e.g. https://yourdomain.com,capacitor://localhost"}
        .also_named("CORS_ORIGINS")
        .also_named("CLIENT_ORIGIN")
        .by_default("any with --dev, else none but our own"),
};

}  // namespace

std::span<const Setting> server_settings() { return kServer; }
std::span<const Setting> tls_settings() { return kTls; }
std::span<const Setting> log_settings() { return kLog; }
std::span<const Setting> cors_settings() { return kCors; }

}  // namespace belfry::config

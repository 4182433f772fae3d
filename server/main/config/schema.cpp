#include "main/config/schema.hpp"

#include <algorithm>
#include <cctype>

namespace belfry::config {
namespace {

constexpr std::int64_t kDay = 86'400'000;
constexpr std::int64_t kGiB = 1 << 30;

#define PLACE(member) [](Config& config) -> Place { return &config.member; }

const std::vector<Setting>& table() {
  static const std::vector<Setting> kTable = {
      {"listen",
       PLACE(listen),
       "HOST:PORT to serve on; port 0 lets the kernel pick one. PORT changes the port only",
       Unit::none,
       {{"PORT"}},
       0,
       65535,
       "127.0.0.1:3000 with --dev, else 0.0.0.0:3000"},
      {"threads",
       PLACE(threads),
       "shards, each one thread with its own connections; 0: one per core",
       Unit::none,
       {},
       0,
       256,
       "one per core"},
      {"data", PLACE(data), "folder for what must outlive a restart"},
      {"database",
       PLACE(database),
       "where calls are remembered; only `memory:` in this release",
       Unit::none,
       {{"DATABASE_URL"}},
       0,
       0,
       "memory:",
       true},
      {"redis", PLACE(redis), "other nodes of a cluster; refused in this release", Unit::none, {{"REDIS_URL"}}, 0, 0, {}, true},
      {"dev", PLACE(dev), "trial mode: names are believed, any web origin may call, no rate limits unless set"},
      {"virtual_time", PLACE(virtual_time), "timers run on a clock that tests move; refused in this release"},
      {"private_descriptors", PLACE(private_descriptors),
       "give each shard thread its own descriptor table, where the limit per process is low"},
      {"web", PLACE(web), "folder with the web pages; holds demo/", Unit::none, {}, 0, 0, "web/ beside the executable"},
      {"trust_proxy", PLACE(trust_proxy), "believe X-Forwarded-For and X-Forwarded-Proto; only behind a proxy that sets them"},
      {"stats_interval",
       PLACE(stats_interval),
       "how often the log tells connected users and active calls; 0: never",
       Unit::seconds,
       {},
       0,
       kDay},
      {"drain_deadline", PLACE(drain_deadline), "after SIGTERM: how long what is under way may take", Unit::seconds, {}, 0, kDay},
      {"tls.cert", PLACE(tls.cert), "PEM file with the certificate chain; with tls.key, serves https"},
      {"tls.key", PLACE(tls.key), "PEM file with the private key"},
      {"log.level", PLACE(log.level), "debug, info, warn or error", Unit::none, {{"LOG_LEVEL"}}},
      {"log.format", PLACE(log.format), "json is the only one", Unit::none, {{"LOG_FORMAT"}}},
      {"log.file", PLACE(log.file), "write there instead of stderr; SIGHUP opens it anew"},
      {"log.max_size", PLACE(log.max_size), "a log file that reaches this is rotated", Unit::bytes, {}, 4096, 16 * kGiB},
      {"log.files", PLACE(log.files), "rotated files that are kept", Unit::none, {}, 1, 1000},
      {"cors.origins",
       PLACE(cors.origins),
       "web origins that may call, by commas, e.g. https://yourdomain.com,capacitor://localhost",
       Unit::none,
       {{"CORS_ORIGINS"}},
       0,
       0,
       "any with --dev, else none but our own"},
      {"auth.mode",
       PLACE(auth.asked),
       "required, or open (names are believed; only with --dev)",
       Unit::none,
       {{"AUTH_MODE"}},
       0,
       0,
       "open with --dev, else required"},
      {"call.timeout",
       PLACE(call.timeout),
       "how long a call rings",
       Unit::seconds,
       {{"CALL_TIMEOUT_SIGNALING"}, {"CALL_TIMEOUT_MS", Unit::milliseconds}, {"CALL_TIMEOUT_SECONDS"}},
       1000,
       180'000},
      {"call.ring_grace",
       PLACE(call.ring_grace),
       "a ringing call outlives a lost connection this long",
       Unit::seconds,
       {{"RING_GRACE_SECONDS"}},
       0,
       180'000},
      {"call.connected_grace",
       PLACE(call.connected_grace),
       "a connected call outlives a lost connection this long",
       Unit::seconds,
       {{"CONNECTED_GRACE_SECONDS"}},
       0,
       3'600'000},
      {"rate_limit.call_max",
       PLACE(rate_limit.call_max_asked),
       "calls a user may start within the window; 0: no limit",
       Unit::none,
       {{"RATE_LIMIT_CALL_MAX"}},
       0,
       1'000'000,
       "no limit with --dev, else 5"},
      {"rate_limit.call_window",
       PLACE(rate_limit.call_window),
       "that window",
       Unit::seconds,
       {{"RATE_LIMIT_CALL_WINDOW_MS", Unit::milliseconds}},
       1,
       kDay},
      {"engine.ping_interval", PLACE(engine.ping_interval), "Engine.IO heartbeat", Unit::milliseconds, {}, 10, kDay},
      {"engine.ping_timeout",
       PLACE(engine.ping_timeout),
       "silence after a ping that ends the session",
       Unit::milliseconds,
       {},
       10,
       kDay},
      {"engine.upgrade_timeout",
       PLACE(engine.upgrade_timeout),
       "a WebSocket probe must become an upgrade within",
       Unit::seconds,
       {},
       1,
       kDay},
      {"engine.max_payload", PLACE(engine.max_payload), "the largest message or polling body", Unit::bytes, {}, 1024, kGiB},
      {"engine.deflate", PLACE(engine.deflate), "permessage-deflate where clients offer it"},
      {"socket.connect_timeout",
       PLACE(socket.connect_timeout),
       "a session must join a namespace within",
       Unit::seconds,
       {},
       1,
       kDay},
      {"socket.recovery_window",
       PLACE(socket.recovery_window),
       "how long a lost socket may come back as itself; 0: off",
       Unit::seconds,
       {{"SESSION_RESUME_SECONDS"}},
       0,
       kDay},
      {"socket.recovery_bytes",
       PLACE(socket.recovery_bytes),
       "what is kept per session to be told again",
       Unit::bytes,
       {},
       0,
       kGiB},
      {"socket.msgpack", PLACE(socket.msgpack), "speak socket.io-msgpack-parser instead of the default parser"},
      {"http.head_timeout", PLACE(http.head_timeout), "a request head must be complete within", Unit::seconds, {}, 1, kDay},
      {"http.body_timeout", PLACE(http.body_timeout), "a request body must be complete within", Unit::seconds, {}, 1, kDay},
      {"http.idle_timeout",
       PLACE(http.idle_timeout),
       "an idle connection between two requests is closed after",
       Unit::seconds,
       {},
       1,
       kDay},
      {"connection.max_unsent",
       PLACE(connection.max_unsent),
       "a peer that leaves more than this unread is closed",
       Unit::bytes,
       {},
       65536,
       kGiB},
      {"connection.max_per_address",
       PLACE(connection.max_per_address_asked),
       "open connections of one address; 0: no limit",
       Unit::none,
       {},
       0,
       1'000'000'000,
       "no limit with --dev, else 4096"},
  };
  return kTable;
}

#undef PLACE

std::string respell(std::string_view key, char separator, int (*letter)(int)) {
  std::string spelled;
  for (const char character : key)
    spelled.push_back(character == '.' || character == '_' ? separator : static_cast<char>(letter(character)));
  return spelled;
}

}  // namespace

std::span<const Setting> settings() { return table(); }

const Setting* find_setting(std::string_view key) {
  const auto found = std::find_if(table().begin(), table().end(), [key](const Setting& setting) { return setting.key == key; });
  return found == table().end() ? nullptr : &*found;
}

std::string variable_of(const Setting& setting) { return "BELFRY_" + respell(setting.key, '_', std::toupper); }
std::string flag_of(const Setting& setting) { return "--" + respell(setting.key, '-', std::tolower); }

}  // namespace belfry::config

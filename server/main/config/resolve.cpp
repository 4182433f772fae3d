#include "main/config/resolve.hpp"

#include <algorithm>
#include <cctype>
#include <thread>

#include "adapters/redis/address.hpp"
#include "base/shard_limit.hpp"

namespace belfry::config {
namespace {

using Result = Expected<void, std::string>;

Result fail(std::string why) { return unexpected(std::move(why)); }

Result refuse_what_is_not_there_yet(const Config& config) {
  if (config.virtual_time && !config.dev) return fail("--virtual-time needs --dev: it lets anybody move the clock");
  if (config.log.format != "json") return fail("log.format: \"" + config.log.format + "\" is not there; json is the only one");
  return {};
}

/// SPEC C-17: browsers reject `*` with credentials, and where it is accepted it is dangerous.
Result resolve_cors(Config& config) {
  auto& [origins, echo_any] = config.cors;
  const bool any = std::find(origins.begin(), origins.end(), "*") != origins.end();
  if (any && !config.dev)
    return fail(
        "cors.origins: \"*\" is refused outside --dev; list the origins, e.g. https://yourdomain.com,capacitor://localhost");
  echo_any = config.dev && (any || origins.empty());
  for (const std::string& origin : origins)
    if (origin != "*" && (origin.find("://") == std::string::npos || origin.ends_with('/')))
      return fail("cors.origins: \"" + origin +
                  "\" is no origin such as https://yourdomain.com (scheme and host, no slash behind)");
  return {};
}

Result resolve_database(Config& config) {
  if (config.database.empty()) config.database = "sqlite:" + config.data + "/belfry.db";
  for (const std::string_view scheme : {"sqlite:", "postgres://", "postgresql://", "memory:"})
    if (config.database.starts_with(scheme)) return {};
  return fail("database: expected sqlite:PATH, postgres://USER:PASSWORD@HOST/NAME or memory:");
}

Result check_redis(const Config& config) {
  if (config.redis.empty()) return {};
  const auto address = redis::parse_address(config.redis);
  return address ? Result{} : fail("redis (REDIS_URL): " + address.error());
}

/// R-004-53: refuses a secret that was copied from a tutorial or can be guessed.
Result check_secret(const std::string& secret, const std::string& name) {
  if (secret.empty()) return {};
  const auto refuse = [&](const char* why) { return fail(name + " " + why + "; make one with: openssl rand -hex 32"); };
  if (secret.size() < 32) return refuse("is shorter than 32 bytes");
  std::string lower = secret;
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const std::string_view placeholder :
       {"your_", "your-", "changeme", "change_me", "change-me", "placeholder", "secret_here", "example", "long_random"})
    if (lower.find(placeholder) != std::string::npos) return refuse("is a placeholder");
  if (std::all_of(secret.begin(), secret.end(), [&](char c) { return c == secret.front(); }))
    return refuse("is one letter over and over");
  return {};
}

Result resolve_auth(Config& config) {
  config.auth.mode = config.auth.asked.value_or(config.dev ? AuthMode::open : AuthMode::required);
  config.auth.password_min = config.auth.password_min_asked.value_or(config.dev ? 6 : 8);  // W-004-16
  config.auth.seed_004_password_min = config.auth.password_min_asked.value_or(6);
  if (!config.dev) {
    // Previous secrets are not checked: a weak one may be the reason for the rotation.
    if (auto own = check_secret(config.auth.secret, "auth.secret (JWT_SECRET)"); !own) return own;
    if (auto other = check_secret(config.auth.external_secret, "auth.external_secret (JWT_EXTERNAL_SECRET)"); !other)
      return other;
  }
  if (config.auth.mode == AuthMode::open && !config.dev) return fail("auth.mode: open needs --dev, since it believes every name");
  return {};
}

Result check_pairs(const Config& config) {
  if (config.tls.cert.empty() != config.tls.key.empty()) return fail("tls.cert and tls.key go together; only one is set");
  // The heartbeat ring checks a session's answer before its next ping (protocol/heartbeat_ring.hpp).
  if (config.engine.ping_timeout >= config.engine.ping_interval)
    return fail("engine.ping_timeout must be below engine.ping_interval, e.g. 20s and 25s");
  return {};
}

/// J-6.8: a provider with half of its settings would lose pushes in silence.
Result check_push(const Config& config) {
  const auto half = [](std::initializer_list<const std::string*> all) {
    const auto set = std::count_if(all.begin(), all.end(), [](const std::string* each) { return !each->empty(); });
    return set != 0 && set != static_cast<std::ptrdiff_t>(all.size());
  };
  if (half({&config.apns.key_file, &config.apns.key_id, &config.apns.team_id, &config.apns.topic}))
    return fail("apns.key_file, apns.key_id, apns.team_id and apns.topic go together; some are not set");
  if (half({&config.vapid.public_key, &config.vapid.private_key, &config.vapid.subject}))
    return fail("vapid.public_key, vapid.private_key and vapid.subject go together; some are not set");
  for (const std::string* endpoint : {&config.fcm.endpoint, &config.apns.endpoint})
    if (!endpoint->starts_with("https://") && !endpoint->starts_with("http://"))
      return fail("\"" + *endpoint + "\" is no address of a push provider such as https://api.push.apple.com");
  return {};
}

/// No other status fits a busy call, and the HTTP counters have no series for others (gateway/http_counters.hpp).
Result check_busy_status(const Config& config) {
  const std::size_t status = config.call.busy_status;
  if (status == 400 || status == 409) return {};
  return fail("call.busy_status: " + std::to_string(status) + " is neither 400 nor 409");
}

Result check_word(std::string_view setting, std::string_view word, std::initializer_list<std::string_view> words) {
  if (std::find(words.begin(), words.end(), word) != words.end()) return {};
  std::string all;
  for (const std::string_view each : words) all.append(all.empty() ? "" : ", ").append(each);
  return fail(std::string(setting) + ": \"" + std::string(word) + "\" is none of " + all);
}

/// Of these settings all are set or none.
Result check_together(std::string_view names, std::initializer_list<bool> set) {
  const auto count = std::count(set.begin(), set.end(), true);
  if (count == 0 || count == std::ssize(set)) return {};
  return fail(std::string(names) + " go together; some are set, and some are not");
}

/// SPEC J-3.9, J-4.
Result check_media(const Config& config) {
  const auto& [provider, uid_type] = config.media;
  const auto& [app_id, app_cert, version] = config.agora;
  const auto& [url, api_key, api_secret] = config.livekit;
  const bool has_agora = !app_id.empty(), has_livekit = !api_key.empty();
  for (const Result& result :
       {check_word("role", config.role, {"all", "token"}), check_word("media.provider", provider, {"native", "agora", "livekit"}),
        check_word("media.uid_type", uid_type, {"string", "numeric"}), check_word("agora.token_version", version, {"007", "006"}),
        check_together("agora.app_id and agora.app_cert", {has_agora, !app_cert.empty()}),
        check_together("livekit.url, livekit.api_key and livekit.api_secret", {!url.empty(), has_livekit, !api_secret.empty()})})
    if (!result) return result;
  if (!config.turn.urls.empty() && config.turn.secret.empty()) return fail("turn.urls: turn.secret (TURN_SECRET) is missing");
  if (provider == "agora" && !has_agora) return fail("media.provider: agora needs agora.app_id and agora.app_cert");
  if (provider == "livekit" && !has_livekit) return fail("media.provider: livekit needs livekit.url, api_key and api_secret");
  return {};
}

bool is_address(std::string_view url) { return url.starts_with("https://") || url.starts_with("http://"); }

/// A storage service with half of its settings would lose files in silence.
Result resolve_files(Config& config) {
  auto& files = config.files;
  const auto& [bucket, endpoint, region, key, secret] = config.s3;
  const auto& [cloud, api_key, api_secret, api_base] = config.cloudinary;
  if (auto all = check_together("s3.bucket, s3.access_key_id and s3.secret_access_key",
                                {!bucket.empty(), !key.empty(), !secret.empty()});
      !all)
    return all;
  if (auto all = check_together("cloudinary.cloud_name, cloudinary.api_key and cloudinary.api_secret",
                                {!cloud.empty(), !api_key.empty(), !api_secret.empty()});
      !all)
    return all;
  if (files.store.empty()) files.store = !bucket.empty() ? "s3" : !cloud.empty() ? "cloudinary" : "disk";
  if (auto word = check_word("files.store", files.store, {"disk", "s3", "cloudinary"}); !word) return word;
  if (files.store == "s3" && bucket.empty()) return fail("files.store: s3 needs s3.bucket and its key");
  if (files.store == "cloudinary" && cloud.empty())
    return fail("files.store: cloudinary needs cloudinary.cloud_name and its key");
  for (const std::string* address : {&endpoint, &api_base})
    if (!is_address(*address))
      return fail("\"" + *address + "\" is no address of a storage service such as https://s3.amazonaws.com");
  if (files.folder.empty()) files.folder = config.data + "/files";
  return {};
}

void resolve_numbers(Config& config) {
  if (config.listen.host.empty()) config.listen.host = config.dev ? "127.0.0.1" : "0.0.0.0";
  if (config.threads == 0) config.threads = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, kMaxShards);
  config.rate_limit.call_max = config.rate_limit.call_max_asked.value_or(config.dev ? 0 : 5);
  config.rate_limit.login_max = config.rate_limit.login_max_asked.value_or(config.dev ? 0 : 10);
  config.rate_limit.login_address_max = config.rate_limit.login_address_max_asked.value_or(config.dev ? 0 : 300);
  config.rate_limit.signup_max = config.rate_limit.signup_max_asked.value_or(config.dev ? 0 : 60);
  config.rate_limit.password_max = config.rate_limit.password_max_asked.value_or(config.dev ? 0 : 16);
  config.rate_limit.signal_max = config.rate_limit.signal_max_asked.value_or(config.dev ? 0 : 200);
  config.rate_limit.report_max = config.rate_limit.report_max_asked.value_or(config.dev ? 0 : 60);
  config.rate_limit.message_max = config.rate_limit.message_max_asked.value_or(config.dev ? 0 : 120);
  config.rate_limit.upload_max = config.rate_limit.upload_max_asked.value_or(config.dev ? 0 : 60);
  config.rate_limit.connect_max = config.rate_limit.connect_max_asked.value_or(config.dev ? 0 : 6000);
  config.rate_limit.token_max = config.rate_limit.token_max_asked.value_or(config.dev ? 0 : 3);
  config.rate_limit.token_renew_max = config.rate_limit.token_renew_max_asked.value_or(config.dev ? 0 : 10);
  config.rate_limit.token_ip_max = config.rate_limit.token_ip_max_asked.value_or(config.dev ? 0 : 10);
  config.connection.max_per_address = config.connection.max_per_address_asked.value_or(config.dev ? 0 : 4096);
}

void warn(const Config& config, std::vector<std::string>& warnings) {
  if (config.dev && config.listen.host != "127.0.0.1" && config.listen.host != "::1" && config.listen.host != "localhost")
    warnings.emplace_back("trial mode is reachable from other machines, because --listen says so");
  if (!config.dev) warnings.emplace_back("clients need an account (POST /api/auth/signup); to try it without, use --dev");
  const bool other_issuer = !config.auth.jwks_url.empty() || !config.auth.external_secret.empty();
  if (other_issuer && (config.auth.issuer.empty() || config.auth.audience.empty()))
    warnings.emplace_back(
        "tokens of any issuer or audience are accepted that the external key has signed: set JWT_ISSUER and "
        "JWT_AUDIENCE");
  if (config.database == "memory:") warnings.emplace_back("users and calls are kept in memory and lost when the server stops");
  if (config.virtual_time) warnings.emplace_back("virtual time: nothing rings out until POST /test/clock/advance says so");
}

/// R-004-54: the rules of production hold without --dev anyway; naming production also refuses settings that only fit a trial.
Result check_production(const Config& config) {
  if (!config.production) return {};
  if (config.dev) return fail("NODE_ENV (or APP_ENV) is production: --dev is refused");
  if (config.cors.origins.empty())
    return fail("NODE_ENV (or APP_ENV) is production: set CORS_ORIGINS, e.g. https://yourdomain.com");
  return {};
}

}  // namespace

Expected<void, std::string> resolve(Config& config, std::vector<std::string>& warnings) {
  if (auto there = refuse_what_is_not_there_yet(config); !there) return there;
  if (auto production = check_production(config); !production) return production;
  if (auto pairs = check_pairs(config); !pairs) return pairs;
  if (auto push = check_push(config); !push) return push;
  if (auto busy = check_busy_status(config); !busy) return busy;
  if (auto media = check_media(config); !media) return media;
  if (auto files = resolve_files(config); !files) return files;
  if (auto dialect = check_word("default_dialect", config.default_dialect, {"native", "token"}); !dialect)  // W-000-05
    return dialect;
  if (auto ends = check_word("chat.end_events", config.chat.end_events, {"both", "call-ended", "end-call"}); !ends)  // C-20
    return ends;
  if (auto auth = resolve_auth(config); !auth) return auth;
  if (auto database = resolve_database(config); !database) return database;
  if (auto address = check_redis(config); !address) return address;
  if (auto cors = resolve_cors(config); !cors) return cors;
  resolve_numbers(config);
  warn(config, warnings);
  return {};
}

}  // namespace belfry::config

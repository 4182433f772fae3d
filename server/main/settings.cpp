#include "main/settings.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "adapters/metrics/prometheus_text.hpp"
#include "gateway/api/avatars.hpp"
#include "main/config/lint.hpp"
#include "main/config/schema.hpp"
#include "main/version.hpp"
#include "net/kernel_random.hpp"
#include "wire/json/writer.hpp"

namespace belfry {
namespace {

protocol::CorsPolicy cors_policy(const config::Config& config) {
  protocol::CorsPolicy policy;
  policy.mode = config.cors.echo_any ? protocol::CorsPolicy::Mode::echo_any : protocol::CorsPolicy::Mode::listed_only;
  policy.allowed = config.cors.origins;
  policy.loopback = config.dev ? protocol::CorsPolicy::Loopback::own : protocol::CorsPolicy::Loopback::foreign;
  return policy;
}

protocol::Forwarded forwarded(const config::Config& config) {
  return config.trust_proxy ? protocol::Forwarded::believed : protocol::Forwarded::ignored;
}

/// Of each, resolve() has accepted all settings or none.
bool has_push_provider(const config::Config& config) {
  return !config.fcm.service_account.empty() || !config.apns.key_file.empty() || !config.vapid.public_key.empty();
}

}  // namespace

calls::CallSettings call_settings(const config::Config& config) {
  using call::Dialect;
  const auto& wanted = config.call;
  calls::CallSettings settings = calls::default_settings();
  for (auto& dialect : settings.dialects) {
    dialect.call.ringing_grace = wanted.ring_grace;
    dialect.call.connected_grace = wanted.connected_grace.value_or(dialect.call.connected_grace);
    dialect.call.media_timeout = wanted.media_timeout;
    dialect.call.max_duration = wanted.max_duration;
    if (wanted.strict_end) dialect.call.end_while_ringing = call::EndWhileRinging::refused;
  }
  const std::pair<Dialect, std::optional<Duration>> ring_times[] = {{Dialect::native, wanted.timeout_native},
                                                                    {Dialect::token, wanted.timeout_token},
                                                                    {Dialect::rest, wanted.timeout_rest},
                                                                    {Dialect::signaling, wanted.timeout_signaling},
                                                                    {Dialect::chat, wanted.timeout_chat}};
  for (const auto& [dialect, own] : ring_times) {
    Duration& ring_time = settings.of(dialect).call.ring_time;
    ring_time = own.value_or(wanted.timeout.value_or(ring_time));
  }
  settings.restart_grace = wanted.restart_grace;
  settings.away_grace = wanted.away_grace;
  settings.sweep_every = wanted.sweep;
  settings.most_joined = wanted.mesh_max;
  settings.provider = token_rules(config).provider;
  if (has_push_provider(config)) settings.push = config.push.always ? calls::PushTo::everybody : calls::PushTo::absent;
  settings.starts.max = static_cast<std::uint32_t>(config.rate_limit.call_max);
  settings.starts.window = config.rate_limit.call_window;
  net::KernelRandom().fill(std::as_writable_bytes(std::span(&settings.redaction_salt, 1)));
  return settings;
}

gateway::ChatSettings chat_settings(const config::Config& config) {
  // `call-ended` would leave out what stock clients hear, so it is as `both` (W-004-07).
  const bool alone = config.chat.end_events == "end-call";
  return {.events = signal_limit(config),
          .ends = alone ? gateway::chat_clients::EndEvents::end_call : gateway::chat_clients::EndEvents::both};
}

protocol::EngineSettings engine_settings(const config::Config& config) {
  protocol::EngineSettings settings;
  settings.ping_interval = config.engine.ping_interval;
  settings.ping_timeout = config.engine.ping_timeout;
  settings.upgrade_timeout = config.engine.upgrade_timeout;
  settings.max_payload = static_cast<std::uint32_t>(config.engine.max_payload);
  settings.max_buffered = config.connection.max_unsent;
  settings.deflate = config.engine.deflate;
  return settings;
}

protocol::SocketSettings socket_settings(const config::Config& config) {
  protocol::SocketSettings settings;
  settings.connect_timeout = config.socket.connect_timeout;
  settings.recovery_window = config.socket.recovery_window;
  settings.recovery_bytes = config.socket.recovery_bytes;
  return settings;
}

protocol::HttpSettings http_settings(const config::Config& config) {
  protocol::HttpSettings settings;
  settings.limits.max_body = config.engine.max_payload;
  settings.head_timeout = config.http.head_timeout;
  settings.body_timeout = config.http.body_timeout;
  settings.idle_timeout = config.http.idle_timeout;
  settings.cors = cors_policy(config);
  settings.session_cookie = accounts::kCookieName;
  settings.forwarded = forwarded(config);
  return settings;
}

gateway::FileLimits site_limits(const config::Config& config) {
  constexpr std::size_t kHeadOfAnswer = 64 * 1024;
  gateway::FileLimits limits;
  limits.one = config.connection.max_unsent - std::min(config.connection.max_unsent, kHeadOfAnswer);
  return limits;
}

gateway::CookieSafety cookie_safety(const config::Config& config) {
  return config.dev ? gateway::CookieSafety::plain : gateway::CookieSafety::secure;
}

gateway::HttpRoutes::Options route_options(const config::Config& config) {
  gateway::HttpRoutes::Options options;
  options.users = config.auth.mode == config::AuthMode::open ? gateway::HttpRoutes::UserList::open
                                                             : gateway::HttpRoutes::UserList::needs_session;
  options.version = kVersion;
  options.render_metrics = metrics::prometheus_text;
  return options;
}

gateway::SocketRouterSettings router_settings(const config::Config& config) {
  gateway::SocketRouterSettings settings;
  settings.admission =
      config.auth.mode == config::AuthMode::open ? gateway::Admission::open : gateway::Admission::credential_required;
  settings.origins = cors_policy(config);
  settings.default_dialect = config.default_dialect == "token" ? "token" : "native";
  return settings;
}

gateway::ApiSettings api_settings(const config::Config& config) {
  gateway::ApiSettings settings;
  settings.origins = cors_policy(config);
  settings.forwarded = forwarded(config);
  settings.max_body = config.engine.max_payload;
  settings.version = kVersion;
  return settings;
}

RateLimit signal_limit(const config::Config& config) {
  return {static_cast<std::uint32_t>(config.rate_limit.signal_max), config.rate_limit.signal_window};
}

RateLimit report_limit(const config::Config& config) {
  return {static_cast<std::uint32_t>(config.rate_limit.report_max), config.rate_limit.report_window};
}

RateLimit message_limit(const config::Config& config) {
  return {static_cast<std::uint32_t>(config.rate_limit.message_max), config.rate_limit.message_window};
}

RateLimit upload_limit(const config::Config& config) {
  return {static_cast<std::uint32_t>(config.rate_limit.upload_max), config.rate_limit.upload_window};
}

gateway::NativeSettings native_settings(const config::Config& config) {
  gateway::NativeSettings settings;
  settings.signals = signal_limit(config);
  settings.reports = report_limit(config);
  settings.max_file_bytes = config.files.max_bytes;
  return settings;
}

peers::PeerSettings peer_settings(const config::Config& config) {
  peers::PeerSettings settings;
  settings.expire = config.peerjs.expire;
  settings.alive = config.peerjs.alive;
  settings.concurrent_limit = config.peerjs.concurrent_limit;
  settings.stranger_limit = config.dev ? settings.concurrent_limit : (settings.concurrent_limit + 1) / 2;
  // What one peer gets at once must not look like a slow reader: half of it at most is held, and all that one sender may send in
  // a burst fits, but for what goes with each message.
  const std::size_t unsent = config.connection.max_unsent;
  settings.held_for_one = std::min(settings.held_for_one, unsent / 2);
  settings.bytes_per_count = std::min(settings.bytes_per_count, unsent / settings.messages.max);
  return settings;
}

gateway::PeerJsSettings peerjs_settings(const config::Config& config) {
  return {.key = config.peerjs.key,
          .account_ids = config.dev ? gateway::AccountIds::open : gateway::AccountIds::reserved,
          .discovery = config.peerjs.discovery ? gateway::Discovery::on : gateway::Discovery::off,
          .origins = cors_policy(config)};
}

net::ServerConfig server_config(const config::Config& config) {
  net::ServerConfig net;
  net.host = config.listen.host;
  net.port = config.listen.port;
  net.threads = static_cast<unsigned>(config.threads);
  net.private_descriptors = config.private_descriptors;
  if (!config.tls.cert.empty()) net.tls = net::TlsFiles{config.tls.cert, config.tls.key};
  net.max_unsent = config.connection.max_unsent;
  net.unsent_timeout = config.connection.unsent_timeout;
  // What a session waits for must fit: a whole message or body, and another behind it.
  const std::size_t upload = std::max(config.files.max_bytes + 64 * 1024, gateway::kMaxPictureBody);
  net.max_unread = std::max<std::size_t>(net.max_unread, 2 * std::max(config.engine.max_payload, upload) + 64 * 1024);
  net.per_address = {.open = config.connection.max_per_address,
                     .arrivals = config.rate_limit.connect_max,
                     .window = config.rate_limit.connect_window};
  net.drain_deadline = config.drain_deadline;
  return net;
}

passwords::Settings password_settings(const config::Config& config) {
  passwords::Settings settings;
  settings.threads = config.auth.password_threads;
  settings.max_of_client = config.rate_limit.password_max;
  return settings;
}

accounts::TokenSettings token_settings(const config::Config& config, std::string secret) {
  accounts::TokenSettings settings;
  settings.secret = std::move(secret);
  settings.previous_secrets = config.auth.previous_secrets;
  settings.lifetime = config.auth.session_ttl;
  settings.refresh_lifetime = config.auth.refresh_ttl;
  settings.external_secret = config.auth.external_secret;
  if (!config.auth.issuer.empty()) settings.external.issuer = config.auth.issuer;
  if (!config.auth.audience.empty()) settings.external.audience = config.auth.audience;
  return settings;
}

call_tokens::MintSettings mint_settings(const config::Config& config, const std::string& session_secret) {
  call_tokens::MintSettings settings;
  settings.life = config.token.ttl;
  settings.privilege_life = config.token.privilege;
  settings.secret = session_secret;
  settings.previous_secrets = config.auth.previous_secrets;
  settings.agora.app_id = config.agora.app_id;
  settings.agora.certificate = config.agora.app_cert;
  settings.agora.form = config.agora.token_version == "006" ? call_tokens::AgoraForm::v006 : call_tokens::AgoraForm::v007;
  settings.livekit = {config.livekit.url, config.livekit.api_key, config.livekit.api_secret};
  return settings;
}

call_tokens::TokenRules token_rules(const config::Config& config) {
  call_tokens::TokenRules rules;
  rules.provider = call_tokens::parse_provider(config.media.provider).value_or(rules.provider);
  rules.uid_form = call_tokens::parse_uid_form(config.media.uid_type).value_or(rules.uid_form);
  rules.strictness = config.token.strict ? call_tokens::Strictness::on : call_tokens::Strictness::off;
  return rules;
}

gateway::TokenLimits token_limits(const config::Config& config) {
  const auto& limit = config.rate_limit;
  const auto max = [](std::size_t count) { return static_cast<std::uint32_t>(count); };
  return {{max(limit.token_max), limit.token_window},
          {max(limit.token_renew_max), limit.token_renew_window},
          {max(limit.token_ip_max), std::chrono::minutes{1}}};
}

ice::IceSettings ice_settings(const config::Config& config) {
  return {config.stun.urls, config.turn.urls, config.turn.secret, config.turn.ttl};
}

std::optional<twilio::Settings> twilio_settings(const config::Config& config) {
  const auto& [sid, auth_token, api_base] = config.twilio;
  if (sid.empty() || auth_token.empty()) return std::nullopt;
  return twilio::Settings{.account = {sid, auth_token, api_base}, .life = config.turn.ttl};
}

gateway::LoginLimits login_limits(const config::Config& config) {
  const auto within_window = [&](std::size_t max) {
    return gateway::LoginLimits::Limiter({static_cast<std::uint32_t>(max), config.rate_limit.login_window});
  };
  const auto& limit = config.rate_limit;
  return {within_window(limit.login_max), within_window(limit.login_max), within_window(limit.login_address_max),
          within_window(limit.signup_max)};
}

PushPolicy push_policy(const config::Config& config) {
  const bool private_too = config.dev || config.push.allow_private;
  return {.endpoints = private_too ? webpush::AllowedHosts::private_too : webpush::AllowedHosts::public_only,
          .active = std::chrono::hours{24 * static_cast<std::int64_t>(config.push.active_days)},
          .backoff = {.first = config.push.retry},
          .max_attempts = static_cast<std::uint32_t>(config.push.max_attempts),
          .vapid_public_key = config.vapid.public_key};
}

std::string config_json(const config::Config& config) {
  std::string text;
  json::Writer json(text);
  json.open_object();
  for (const config::Setting& setting : config::settings()) {
    const std::string value = show(setting, config);
    json.member(setting.key, setting.secret && !value.empty() ? std::string_view("(set)") : std::string_view(value));
  }
  json.close_object();
  return text;
}

std::string lint_json(const config::Config& config) {
  std::string text;
  json::Writer json(text);
  json.open_object().key("findings").open_array();
  for (const auto& [setting, level, message] : config::lint(config))
    json.open_object().member("setting", setting).member("level", level).member("message", message).close_object();
  json.close_array().close_object();
  return text;
}

}  // namespace belfry

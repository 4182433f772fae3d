// Config: every value that an operator may set, typed and checked, with defaults that are safe in production. It is read once at
// start and never changes. main/ passes each part the few values that it needs, so no code below main/ includes this header.
// Sources and spelling of the values: schema.hpp and read.hpp.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/time.hpp"

namespace belfry::config {

using namespace std::chrono_literals;

/// `host` without brackets. Empty until resolved: 127.0.0.1 in --dev (open mode stays on loopback, SPEC C-14), else 0.0.0.0.
struct ListenAddress {
  std::string host;
  std::uint16_t port = 3000;  // 0: the kernel picks one, and the ready line shows it
};

/// open: any name is accepted without a credential (seed 003). Only with --dev.
enum class AuthMode : std::uint8_t { open, required };

struct Config {
  ListenAddress listen;
  std::size_t threads = 0;  // resolved to the number of cores
  std::string data = "data";
  std::string database;  // resolved: sqlite:<data>/belfry.db
  std::string redis;     // empty: none
  std::string default_dialect = "native";
  bool dev = false;
  bool production = false;  // set by NODE_ENV or APP_ENV; without --dev the same rules apply
  bool virtual_time = false;
  bool private_descriptors = false;   // a descriptor table per shard thread: RLIMIT_NOFILE then holds per shard
  std::string web;                    // empty: the folder web/ beside the executable
  std::string static_dir;             // empty: no web application but our own pages
  std::string config_file, env_file;  // where settings were read from; empty: none was named
  bool trust_proxy = false;
  std::string role = "all";       // all, token
  Duration stats_interval = 60s;  // 0: no `stats` line
  Duration retention = 90 * 24h;  // 0: keep for ever
  Duration drain_notice = 1s;
  Duration drain_deadline = 10s;

  struct Tls {
    std::string cert;
    std::string key;
  } tls;

  struct LogFile {
    LogLevel level = LogLevel::info;
    std::string format = "json";
    std::string file;  // empty: stderr
    std::size_t max_size = 64 * 1024 * 1024;
    std::size_t files = 5;
  } log;

  struct Cors {
    std::vector<std::string> origins;
    bool echo_any = false;  // resolved: --dev without a list
  } cors;

  struct Auth {
    std::optional<AuthMode> asked;
    AuthMode mode = AuthMode::required;  // resolved
    std::string secret;                  // empty: generated, and kept in the data folder
    std::vector<std::string> previous_secrets;
    Duration session_ttl = 7 * 24h;
    Duration refresh_ttl = 30 * 24h;
    std::string jwks_url;
    std::string external_secret;
    std::string issuer;
    std::string audience;
    std::optional<std::size_t> password_min_asked;
    std::size_t password_min = 8;           // resolved
    std::size_t seed_004_password_min = 6;  // resolved: at the sign-up of seed 004's page
    std::size_t password_threads = 1;
  } auth;

  /// Absent values are those of each dialect (app/calls/policy.hpp).
  struct Call {
    std::optional<Duration> timeout;
    std::optional<Duration> timeout_native, timeout_token, timeout_rest, timeout_signaling, timeout_chat;
    Duration ring_grace = 5s;
    std::optional<Duration> connected_grace;
    Duration restart_grace = 30s;
    Duration away_grace = 8s;
    Duration sweep = 15s;
    bool strict_end = false;
    Duration media_timeout = 0s;
    Duration max_duration = 0s;
    std::size_t busy_status = 400;
    std::size_t mesh_max = 8;
  } call;

  /// Tokens for media (SPEC J-3). Words are checked by resolve().
  struct Media {
    std::string provider = "native";  // native, agora, livekit
    std::string uid_type = "string";  // string, numeric
  } media;

  struct Token {
    Duration ttl = 300s;
    Duration privilege = 24h;
    bool strict = true;
  } token;

  /// Empty: not configured; both or none.
  struct Agora {
    std::string app_id;
    std::string app_cert;
    std::string token_version = "007";  // 007, 006
  } agora;

  struct Livekit {
    std::string url;
    std::string api_key;
    std::string api_secret;
  } livekit;

  /// ICE servers (SPEC J-4).
  struct Stun {
    std::vector<std::string> urls;
  } stun;

  struct Turn {
    std::vector<std::string> urls;
    std::string secret;
    Duration ttl = 600s;
  } turn;

  struct Twilio {
    std::string account_sid;
    std::string auth_token;
    std::string api_base = "https://api.twilio.com";
  } twilio;

  struct Files {
    std::string store;   // resolved: disk, s3, cloudinary
    std::string folder;  // resolved: <data>/files
    std::size_t max_bytes = 10 * 1024 * 1024;
    std::size_t threads = 2;
    Duration unused_kept = 7 * 24h;  // 0: for ever
    std::string ca_file;
  } files;

  /// All or none; the endpoint has a default.
  struct S3 {
    std::string bucket;
    std::string endpoint = "https://s3.amazonaws.com";
    std::string region = "us-east-1";
    std::string access_key_id, secret_access_key;
  } s3;

  struct Cloudinary {
    std::string cloud_name, api_key, api_secret;  // all or none
    std::string api_base = "https://api.cloudinary.com";
  } cloudinary;

  struct RateLimit {
    std::optional<std::size_t> call_max_asked;
    std::size_t call_max = 5;  // resolved; 0: off
    Duration call_window = 60s;
    std::optional<std::size_t> login_max_asked;
    std::size_t login_max = 10;  // resolved; 0: off
    Duration login_window = 60s;
    std::optional<std::size_t> login_address_max_asked;
    std::size_t login_address_max = 300;  // resolved; 0: off
    std::optional<std::size_t> signup_max_asked;
    std::size_t signup_max = 60;  // resolved; 0: off
    std::optional<std::size_t> password_max_asked;
    std::size_t password_max = 16;  // resolved; 0: off
    std::optional<std::size_t> connect_max_asked;
    std::size_t connect_max = 6000;  // resolved; 0: off
    Duration connect_window = 60s;
    std::optional<std::size_t> signal_max_asked;
    std::size_t signal_max = 200;
    Duration signal_window = 10s;
    std::optional<std::size_t> report_max_asked;
    std::size_t report_max = 60;
    Duration report_window = 60s;
    std::optional<std::size_t> message_max_asked;
    std::size_t message_max = 120;  // resolved; 0: off
    Duration message_window = 60s;
    std::optional<std::size_t> upload_max_asked;
    std::size_t upload_max = 60;  // resolved; 0: off
    Duration upload_window = 60s;
    std::optional<std::size_t> token_max_asked;
    std::size_t token_max = 3;  // resolved; 0: off
    Duration token_window = 60s;
    std::optional<std::size_t> token_renew_max_asked;
    std::size_t token_renew_max = 10;  // resolved; 0: off
    Duration token_renew_window = 60s;
    std::optional<std::size_t> token_ip_max_asked;
    std::size_t token_ip_max = 10;  // resolved; 0: off
    std::size_t reads = 32;
  } rate_limit;

  struct Engine {
    Duration ping_interval = 25s;
    Duration ping_timeout = 20s;
    Duration upgrade_timeout = 10s;
    std::size_t max_payload = 1'000'000;
    bool deflate = false;
  } engine;

  struct Socket {
    Duration connect_timeout = 45s;
    Duration recovery_window = 120s;  // 0: off
    std::size_t recovery_bytes = 16 * 1024;
  } socket;

  struct Presence {
    Duration grace = 3s;
    Duration coalesce = 200ms;
  } presence;

  struct Chat {
    std::string end_events = "both";
  } chat;

  struct Http {
    Duration head_timeout = 10s;
    Duration body_timeout = 30s;
    Duration idle_timeout = 75s;
  } http;

  /// The defaults are those of npm `peer`.
  struct PeerJs {
    std::string key = "peerjs";
    Duration expire = 5s;
    Duration alive = 90s;
    std::size_t concurrent_limit = 5000;
    bool discovery = false;
  } peerjs;

  struct Push {
    bool always = false;
    std::size_t active_days = 7;
    Duration timeout = 10s;
    Duration retry = 1s;
    std::size_t max_attempts = 5;
    bool allow_private = false;
    std::string ca_file;
  } push;

  struct Fcm {
    std::string service_account;  // empty: off
    std::string endpoint = "https://fcm.googleapis.com";
  } fcm;

  struct Apns {
    std::string key_file, key_id, team_id, topic;  // all or none
    std::string endpoint = "https://api.push.apple.com";
  } apns;

  struct Vapid {
    std::string public_key, private_key, subject;  // all or none
  } vapid;

  struct Connection {
    std::size_t max_unsent = 4 * 1024 * 1024;
    Duration unsent_timeout = 30s;
    std::optional<std::size_t> max_per_address_asked;
    std::size_t max_per_address = 4096;  // resolved; 0: off
  } connection;
};

}  // namespace belfry::config

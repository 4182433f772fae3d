// What each part is configured with, worked out from the Config: one function for each part. Pure, but for the salt of redacted
// names, which is drawn anew. Not here: what a setting is called, its bounds and its default (config/), and the parts
// (product.cpp).
#pragma once

#include <optional>
#include <string>

#include "adapters/passwords/password_pool.hpp"
#include "adapters/twilio/twilio_relays.hpp"
#include "app/accounts/tokens.hpp"
#include "app/call_tokens/call_tokens.hpp"
#include "app/calls/shared_calls.hpp"
#include "app/ice/ice_servers.hpp"
#include "app/peers/shared_peers.hpp"
#include "gateway/api/account_routes.hpp"
#include "gateway/api/login_limits.hpp"
#include "gateway/api/router.hpp"
#include "gateway/api/token_limits.hpp"
#include "gateway/chat/chat_dialect.hpp"
#include "gateway/dialects/socket_router.hpp"
#include "gateway/http_routes.hpp"
#include "gateway/native/native.hpp"
#include "gateway/peerjs/settings.hpp"
#include "main/config/config.hpp"
#include "main/shard_push.hpp"
#include "net/server.hpp"
#include "protocol/endpoint.hpp"
#include "protocol/sockets.hpp"

namespace belfry {

[[nodiscard]] net::ServerConfig server_config(const config::Config& config);
[[nodiscard]] protocol::EngineSettings engine_settings(const config::Config& config);
[[nodiscard]] protocol::SocketSettings socket_settings(const config::Config& config);
[[nodiscard]] protocol::HttpSettings http_settings(const config::Config& config);
[[nodiscard]] calls::CallSettings call_settings(const config::Config& config);
[[nodiscard]] accounts::TokenSettings token_settings(const config::Config& config, std::string secret);
[[nodiscard]] passwords::Settings password_settings(const config::Config& config);
[[nodiscard]] gateway::SocketRouterSettings router_settings(const config::Config& config);
[[nodiscard]] gateway::NativeSettings native_settings(const config::Config& config);
[[nodiscard]] gateway::ChatSettings chat_settings(const config::Config& config);
[[nodiscard]] peers::PeerSettings peer_settings(const config::Config& config);
[[nodiscard]] gateway::PeerJsSettings peerjs_settings(const config::Config& config);
[[nodiscard]] gateway::ApiSettings api_settings(const config::Config& config);
/// Of --static.
[[nodiscard]] gateway::FileLimits site_limits(const config::Config& config);
[[nodiscard]] gateway::CookieSafety cookie_safety(const config::Config& config);
/// Without has_session, which asks the tokens.
[[nodiscard]] gateway::HttpRoutes::Options route_options(const config::Config& config);
/// Of one session over REST, and of one native socket (SPEC C-02).
[[nodiscard]] RateLimit signal_limit(const config::Config& config);
[[nodiscard]] RateLimit report_limit(const config::Config& config);
[[nodiscard]] RateLimit message_limit(const config::Config& config);
[[nodiscard]] RateLimit upload_limit(const config::Config& config);
[[nodiscard]] call_tokens::MintSettings mint_settings(const config::Config& config, const std::string& session_secret);
[[nodiscard]] call_tokens::TokenRules token_rules(const config::Config& config);
[[nodiscard]] gateway::TokenLimits token_limits(const config::Config& config);
[[nodiscard]] ice::IceSettings ice_settings(const config::Config& config);
/// nullopt: Twilio is not configured.
[[nodiscard]] std::optional<twilio::Settings> twilio_settings(const config::Config& config);
[[nodiscard]] gateway::LoginLimits login_limits(const config::Config& config);
[[nodiscard]] PushPolicy push_policy(const config::Config& config);

/// {"call.timeout":"30s", ...}; a secret is shown as set or not.
[[nodiscard]] std::string config_json(const config::Config& config);
/// {"findings":[{setting, level, message}]}
[[nodiscard]] std::string lint_json(const config::Config& config);

}  // namespace belfry

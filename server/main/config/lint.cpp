#include "main/config/lint.hpp"

#include <algorithm>
#include <cctype>

namespace belfry::config {
namespace {

// SPEC C-03: a longer life is for clients that cannot renew.
constexpr Duration kLongTokenLife = 3600s;

/// Agora's own code makes no token with another form.
bool is_agora_id(std::string_view text) {
  return text.size() == 32 && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isxdigit(c) != 0; });
}

}  // namespace

std::vector<Finding> lint(const Config& config) {
  std::vector<Finding> findings;
  const auto warn = [&](std::string_view setting, std::string message) {
    findings.push_back({setting, "warn", std::move(message)});
  };
  if (config.token.ttl > kLongTokenLife)
    warn("token.ttl", "a stolen media token is good for more than an hour; 120 to 300 s suffice for clients that renew");
  const auto& [app_id, app_cert, version] = config.agora;
  if (!app_id.empty() && !is_agora_id(app_id)) warn("agora.app_id", "an App ID of Agora has 32 hexadecimal digits");
  if (!app_cert.empty() && !is_agora_id(app_cert)) warn("agora.app_cert", "a certificate of Agora has 32 hexadecimal digits");
  // The seeds' sample files have a Twilio account without its password, so that one alone does not stop the start.
  if (config.twilio.account_sid.empty() != config.twilio.auth_token.empty())
    warn("twilio.account_sid", "Twilio is not asked: it needs twilio.account_sid and twilio.auth_token");
  const bool other_issuer = !config.auth.jwks_url.empty() || !config.auth.external_secret.empty();
  if (other_issuer && config.auth.audience.empty())
    warn("auth.audience", "tokens of the external issuer are accepted whatever service they are for");
  if (config.dev) warn("dev", "trial mode (--dev): every name is believed and any web origin may call");
  return findings;
}

}  // namespace belfry::config

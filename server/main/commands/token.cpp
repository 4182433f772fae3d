// belfry token: issues, verifies and revokes session tokens.
#include <cstdio>

#include "app/accounts/tokens.hpp"
#include "base/check.hpp"
#include "gateway/json/iso_time.hpp"
#include "main/commands/command.hpp"
#include "main/new_id.hpp"
#include "main/secret_file.hpp"

namespace belfry::commands {
namespace {

/// The same settings as the server's.
Expected<accounts::TokenSettings, std::string> token_settings(const config::Config& config) {
  accounts::TokenSettings settings;
  settings.secret = config.auth.secret;
  settings.previous_secrets = config.auth.previous_secrets;
  settings.lifetime = config.auth.session_ttl;
  settings.refresh_lifetime = config.auth.refresh_ttl;
  if (!settings.secret.empty()) return settings;
  auto secret = session_secret(config.data);
  if (!secret) return unexpected(secret.error());
  settings.secret = std::move(*secret);
  return settings;
}

int issue_token(const std::string& name, const accounts::TokenSettings& settings, BlockingStore& store) {
  const auto user = find_user(store, name);
  if (!user) return complain(user.error());
  const accounts::RevocationCache revocations;
  const accounts::Tokens tokens(settings, {}, revocations);
  const account::LoginId login(new_id(now()));
  const auto issued = tokens.issue(*user, login, now());
  const auto kept = store.ask<StoreResult<void>>([&](auto done) {
    store.ports().accounts.add_login({login, user->id, now(), issued.expires, "belfry token issue"}, std::move(done));
  });
  if (!kept) return complain(kUnavailable);
  std::printf("%s\n", issued.token.c_str());
  return 0;
}

const char* words_of(accounts::CredentialFault fault) {
  switch (fault) {
    case accounts::CredentialFault::missing:
    case accounts::CredentialFault::invalid:
      return "no token of this server: damaged, or signed with another secret";
    case accounts::CredentialFault::expired:
      return "expired";
    case accounts::CredentialFault::revoked:
      return "revoked";
    case accounts::CredentialFault::not_active:
      return "its user is not active";
  }
  CHECK(false, "a fault of a credential without its words");
}

/// The identity that the token proves; nullopt after an error message.
std::optional<accounts::Identity> check_token(const std::string& token, const accounts::TokenSettings& settings,
                                              BlockingStore& store) {
  const auto known = store.ask<StoreResult<store::RevocationSnapshot>>(
      [&](auto done) { store.ports().accounts.revocations(now(), std::move(done)); });
  if (!known) {
    complain(kUnavailable);
    return std::nullopt;
  }
  accounts::RevocationCache revocations;
  revocations.fill(*known);
  const auto who = accounts::Tokens(settings, {}, revocations).verify(token, now());
  if (!who) {
    complain(words_of(who.error()));
    return std::nullopt;
  }
  return *who;
}

int verify_token(const std::string& token, const accounts::TokenSettings& settings, BlockingStore& store) {
  const auto who = check_token(token, settings, store);
  if (!who) return 1;
  std::printf("%s %s %s session %s until %s\n", to_text(who->user.value()).c_str(), who->username.c_str(),
              std::string(to_text(who->role)).c_str(), to_text(who->login.value()).c_str(),
              gateway::iso_text(who->expires).c_str());
  return 0;
}

/// Running servers learn of it by the change feed. A session's id does as well: /api/sessions and the logs show it.
int revoke_token(const std::string& token_or_session, const accounts::TokenSettings& settings, BlockingStore& store) {
  auto session = parse_uuid(token_or_session);
  if (!session) {
    const auto who = check_token(token_or_session, settings, store);
    if (!who) return 1;
    session = who->login.value();
    if (!who->listed) {  // only a stored login can be revoked for good
      const auto listed = store.ask<StoreResult<void>>([&](auto answered) {
        store.ports().accounts.add_login({who->login, who->user, now(), who->expires, "belfry token revoke"},
                                         std::move(answered));
      });
      if (!listed) return complain(kUnavailable);
    }
  }
  const auto done = store.ask<StoreResult<std::vector<store::Login>>>(
      [&](auto answered) { store.ports().accounts.revoke_family(account::LoginId(*session), now(), std::move(answered)); });
  if (!done) return complain(kUnavailable);
  std::printf("session %s is revoked\n", to_text(*session).c_str());
  return 0;
}

}  // namespace

int token(const Request& request, BlockingStore& store) {
  const std::string verb = request.words.size() == 3 ? request.words[1] : "";
  const auto settings = token_settings(request.config);
  if (!settings) return complain(settings.error());
  if (verb == "issue") return issue_token(request.words[2], *settings, store);
  if (verb == "verify") return verify_token(request.words[2], *settings, store);
  if (verb == "revoke") return revoke_token(request.words[2], *settings, store);
  return complain("belfry token issue NAME, belfry token verify TOKEN, or belfry token revoke TOKEN|SESSION");
}

}  // namespace belfry::commands

#include "app/accounts/external_users.hpp"

#include <utility>

namespace belfry::accounts {
namespace {

std::string_view why_not(const Identity& who, const store::Account& account) {
  if (!who.foreign) return {};
  if (!account.password_hash.empty()) return "the subject is an account with a password";
  if (account.user.role == account::Role::admin) return "the subject is an administrator";
  return {};
}

}  // namespace

void ExternalUsers::ensure_known(const Identity& who, std::function<void(const KnownUser&)> done) {
  own_thread_.check();
  store::NewUser user{.id = who.user, .username = who.username, .display_name = who.username, .at = ports_.clock.wall()};
  ports_.store.ensure_external(std::move(user), [this, who, done = std::move(done)](const auto& account) {
    if (!account) return done(unexpected(ExternalUserFault::unavailable));
    const std::string_view reason = why_not(who, *account);
    if (reason.empty()) return done(account->user);
    ports_.log.warn("token of another issuer refused", {{"reason", reason}, {"user", ports_.redacted(account->user.username)}});
    done(unexpected(ExternalUserFault::not_theirs));
  });
}

}  // namespace belfry::accounts

// Refresh tokens: each is good once, and the logins of its family end when it is used again
// (docs/decisions/0024-refresh-tokens-are-used-once.md).
#include <array>
#include <string>
#include <utility>

#include "app/accounts/accounts.hpp"
#include "store/fingerprint.hpp"

namespace belfry::accounts {

std::string hash_of_refresh_token(std::string_view token) { return store::fingerprint(token); }

SignedIn Accounts::issue_with_refresh(const account::User& user) const {
  SignedIn in = issue(user);
  in.refresh_token = random_token();
  return in;
}

std::string Accounts::random_token() const {
  own_thread_.check();
  std::array<std::byte, 32> random{};
  ports_.random.fill(random);
  std::string text;
  for (const std::byte each : random)
    for (const unsigned half : {std::to_integer<unsigned>(each) >> 4U, std::to_integer<unsigned>(each) & 15U})
      text += "0123456789abcdef"[half];
  return text;
}

void Accounts::refresh_by_token(const store::RefreshableLogin& held, std::string user_agent, const Done<SignedIn>& done) {
  own_thread_.check();
  const auto stolen = [this, family = held.login.family, done] {
    end_family(family, LoginEnd::revoked,
               [done](const auto& ended) { done(unexpected(ended ? AccountFault::login_ended : ended.error())); });
  };
  if (!ports_.revocations.is_active(held.login.user)) return done(unexpected(AccountFault::not_active));
  if (held.revoked) return stolen();
  if (held.login.expires <= ports_.clock.wall()) return done(unexpected(AccountFault::refresh_token_invalid));
  profile({.user = held.login.user}, [this, old = Ended{held.login.id, held.login.expires}, user_agent = std::move(user_agent),
                                      stolen, done](const auto& user) {
    if (!user) return done(unexpected(user.error()));
    if (user->status != account::UserStatus::active) return done(unexpected(AccountFault::not_active));
    replace(old, issue_with_refresh(*user), user_agent, [stolen, done](const auto& in) {
      // Another request used the token since we looked it up: one of the two is a thief's.
      if (!in && in.error() == AccountFault::login_ended) return stolen();
      done(in);
    });
  });
}

void Accounts::log_out_family(const std::string& refresh_token, Done<void> done) {
  own_thread_.check();
  ports_.store.find_refresh(hash_of_refresh_token(refresh_token), [this, done = std::move(done)](const auto& found) {
    if (!found) return done(unexpected(AccountFault::unavailable));
    if (!*found) return done({});
    end_family((*found)->login.family, LoginEnd::left, done);
  });
}

void Accounts::end_family(account::LoginId login, LoginEnd how, Done<void> done) {
  ports_.store.revoke_family(login, ports_.clock.wall(), [this, how, done = std::move(done)](const auto& ended) {
    if (!ended) return done(unexpected(AccountFault::unavailable));
    for (const auto& each : *ended) {
      ports_.revocations.note_revoked(each.id, each.expires);
      tell_ended(each.id, each.user, how);
    }
    done({});
  });
}

}  // namespace belfry::accounts

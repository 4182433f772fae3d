// RevocationCache: whose credential is void though its signature and date are good: logins that were ended, users who are not
// active, tokens issued before their user logged out everywhere. In memory so that a check costs a look-up; filled at start from
// the store and kept up with its change feed. Thread-safe.
#pragma once

#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "app/accounts/identity.hpp"
#include "base/guarded.hpp"
#include "store/account_store.hpp"

namespace belfry::accounts {

class RevocationCache {
 public:
  void fill(const store::RevocationSnapshot& revocations);
  void note_revoked(account::LoginId login, WallTime expires);
  void note_status(account::UserId user, account::UserStatus status);
  /// `next` replaces `old`: sockets that connected with `old` stay, and end with `next`.
  void note_refreshed(account::LoginId old, account::LoginId next, WallTime next_expires);
  /// If the refresh failed.
  void forget_refreshed(account::LoginId old, account::LoginId next);
  /// Answers the logins of tokens met here which that ends; none if it, or a later one, is known already. Never swept: a token
  /// of another issuer may be good for any time, and one without `iat` is from before every limit.
  std::vector<account::LoginId> note_limit(account::UserId user, const store::TokenLimit& limit);
  void forget_all();

  [[nodiscard]] bool is_revoked(account::LoginId login) const;
  [[nodiscard]] bool is_refreshed(account::LoginId login) const;
  /// Of a token that is in no table: is it good? If so it is remembered, for its sockets have to end with it.
  [[nodiscard]] bool meet(const Identity& who) const;
  /// This login, and those whose place it took.
  [[nodiscard]] std::vector<account::LoginId> refresh_chain_of(account::LoginId login) const;
  [[nodiscard]] bool is_active(account::UserId user) const;
  /// Forgets logins whose tokens have ended by themselves.
  void sweep(WallTime now);

 private:
  struct Place {
    account::LoginId other{};
    WallTime until{};
  };
  struct Met {
    account::UserId user{};
    WallTime issued{}, expires{};
  };
  // 64 bytes each. Beyond it a token is good all the same, but its sockets outlive "log out everywhere".
  static constexpr std::size_t kMostMet = 100'000;
  struct Tables {
    boost::unordered_flat_map<account::LoginId, WallTime, UuidHash> revoked;
    boost::unordered_flat_map<account::UserId, account::UserStatus, UuidHash> not_active;
    boost::unordered_flat_map<account::LoginId, Place, UuidHash> before;  // the refreshed one, by what took its place
    boost::unordered_flat_map<account::LoginId, Place, UuidHash> after;   // and the other way round
    boost::unordered_flat_map<account::UserId, store::TokenLimit, UuidHash> limits;
    boost::unordered_flat_map<account::LoginId, Met, UuidHash> met;
  };
  mutable Guarded<Tables> tables_;
};

}  // namespace belfry::accounts

// StandingBook: whose credential is void though its signature and date are good: logins that were ended, users who are not
// active. Held in memory so that a check costs a look-up; filled at start from the store and kept up with its change feed.
// Thread-safe.
#pragma once

#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "app/accounts/identity.hpp"
#include "base/guarded.hpp"
#include "store/account_store.hpp"

namespace belfry::accounts {

class StandingBook {
 public:
  void fill(const store::Standing& standing);
  void note_revoked(account::LoginId login, WallTime expires);
  void note_status(account::UserId user, account::UserStatus status);
  /// `next` takes the place of `old`: sockets which `old` let in live on, and are `next`'s to end.
  void note_refreshed(account::LoginId old, account::LoginId next, WallTime next_expires);
  void forget_all();

  [[nodiscard]] bool is_revoked(account::LoginId login) const;
  [[nodiscard]] bool is_refreshed(account::LoginId login) const;
  /// This login, and those whose place it took.
  [[nodiscard]] std::vector<account::LoginId> line_of(account::LoginId login) const;
  [[nodiscard]] bool is_active(account::UserId user) const;
  /// Forgets logins whose tokens have ended by themselves.
  void sweep(WallTime now);

 private:
  struct Place {
    account::LoginId other{};
    WallTime until{};
  };
  struct Book {
    boost::unordered_flat_map<account::LoginId, WallTime, UuidHash> revoked;
    boost::unordered_flat_map<account::UserId, account::UserStatus, UuidHash> not_active;
    boost::unordered_flat_map<account::LoginId, Place, UuidHash> before;  // the refreshed one, by what took its place
    boost::unordered_flat_map<account::LoginId, Place, UuidHash> after;   // and the other way round
  };
  mutable Guarded<Book> book_;
};

}  // namespace belfry::accounts

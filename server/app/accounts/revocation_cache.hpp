// RevocationCache: the credentials that are void although their signature and expiry are good: ended logins, users who are not
// active, and tokens issued before their user logged out everywhere. It is in memory, so that a check costs one look-up; it is
// filled from the store at start and updated from the store's change feed. Thread-safe.
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
  /// `next` replaces `old`. Sockets that connected with `old` stay connected, and are closed when `next` is revoked.
  void note_refreshed(account::LoginId old, account::LoginId next, WallTime next_expires);
  /// Undoes note_refreshed() when the refresh fails.
  void forget_refreshed(account::LoginId old, account::LoginId next);
  /// Returns the logins of unlisted tokens seen here that the limit makes void; empty if this limit or a later one is already
  /// known. Limits are never swept: a token of another issuer may have any lifetime, and one without `iat` counts as older than
  /// every limit.
  std::vector<account::LoginId> note_limit(account::UserId user, const store::TokenLimit& limit);
  void forget_all();

  [[nodiscard]] bool is_revoked(account::LoginId login) const;
  [[nodiscard]] bool is_refreshed(account::LoginId login) const;
  /// For a token that has no row in the store: whether it is good. A good one is remembered, so that its sockets can be closed
  /// when it becomes void.
  [[nodiscard]] bool meet(const Identity& who) const;
  /// Whether such a token of this user is remembered. Reads all that are, so ask it for single users only.
  [[nodiscard]] bool has_met(account::UserId user) const;
  /// This login and the logins that it replaced, newest first.
  [[nodiscard]] std::vector<account::LoginId> refresh_chain_of(account::LoginId login) const;
  [[nodiscard]] bool is_active(account::UserId user) const;
  /// Forgets logins whose tokens have expired.
  void sweep(WallTime now);

 private:
  struct Refreshed {
    account::LoginId other{};
    WallTime until{};
  };
  struct Met {
    account::UserId user{};
    WallTime issued{}, expires{};
  };
  // 64 bytes each. A token beyond this number is still accepted, but "log out everywhere" does not close its sockets.
  static constexpr std::size_t kMostMet = 100'000;
  struct Tables {
    boost::unordered_flat_map<account::LoginId, WallTime, UuidHash> revoked;
    boost::unordered_flat_map<account::UserId, account::UserStatus, UuidHash> not_active;
    boost::unordered_flat_map<account::LoginId, Refreshed, UuidHash> before;  // key: the new login; value: the one it replaced
    boost::unordered_flat_map<account::LoginId, Refreshed, UuidHash> after;   // the reverse
    boost::unordered_flat_map<account::UserId, store::TokenLimit, UuidHash> limits;
    boost::unordered_flat_map<account::LoginId, Met, UuidHash> met;
  };
  mutable Guarded<Tables> tables_;
};

}  // namespace belfry::accounts

// ExternalUsers: finds or creates the user that an external token names (R-002-05). A token of another issuer is accepted only
// for users of that issuer: its subject is never an account with a password here, nor an administrator, even if the ids match,
// because some issuers let users choose their id. A token signed with our own secret is trusted for any user: anyone who has that
// secret can act as any user.
#pragma once

#include <functional>

#include "app/accounts/identity.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/own_thread.hpp"
#include "base/redacted.hpp"
#include "store/account_store.hpp"

namespace belfry::accounts {

enum class ExternalUserFault : std::uint8_t { not_theirs, unavailable };
using KnownUser = Expected<account::User, ExternalUserFault>;
/// ExternalUsers::ensure_known as the gateway calls it.
using EnsureKnown = std::function<void(const Identity&, std::function<void(const KnownUser&)>)>;

class ExternalUsers {
 public:
  /// All of them must outlive ExternalUsers.
  struct Ports {
    store::AccountStore& store;
    const Clock& clock;
    Log& log;
    const Redactor& redacted;
  };
  explicit ExternalUsers(const Ports& ports) : ports_(ports) {}
  /// Only for an external token.
  void ensure_known(const Identity& who, std::function<void(const KnownUser&)> done);

 private:
  [[no_unique_address]] OwnThread own_thread_;
  Ports ports_;
};

}  // namespace belfry::accounts

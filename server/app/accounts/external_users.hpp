// ExternalUsers: whom an external token lets in. The store has to say who that is, and makes them on first sight (R-002-05). A
// token of another issuer speaks for that issuer's people and nobody else: its subject is never an account that has a password
// here, nor an administrator, whatever put that id there: some issuers let a user choose it. A token signed with our own secret
// is believed: the holder of that secret can act as any user.
#pragma once

#include <functional>

#include "app/accounts/identity.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/redacted.hpp"
#include "store/account_store.hpp"

namespace belfry::accounts {

enum class ExternalUserFault : std::uint8_t { not_theirs, unavailable };
using KnownUser = Expected<account::User, ExternalUserFault>;
/// ExternalUsers as the gateway calls it.
using EnsureKnown = std::function<void(const Identity&, std::function<void(const KnownUser&)>)>;

class ExternalUsers {
 public:
  /// All outlive it.
  struct Ports {
    store::AccountStore& store;
    const Clock& clock;
    Log& log;
    const Redactor& redacted;
  };
  explicit ExternalUsers(const Ports& ports) : ports_(ports) {}
  /// Of an external token only.
  void ensure_known(const Identity& who, std::function<void(const KnownUser&)> done);

 private:
  Ports ports_;
};

}  // namespace belfry::accounts

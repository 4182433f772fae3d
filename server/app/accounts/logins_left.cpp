#include "app/accounts/logins_left.hpp"

#include <utility>

namespace belfry::accounts {

void if_no_login_is_left(store::AccountStore& store, const RevocationCache& revocations, const Clock& clock, account::UserId user,
                         std::function<void()> then) {
  store.logins(user, clock.wall(), [&revocations, user, then = std::move(then)](const auto& logins) {
    if (logins && logins->empty() && !revocations.has_met(user)) then();
  });
}

}  // namespace belfry::accounts

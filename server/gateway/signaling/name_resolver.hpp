// NameResolver: finds the user with a name. In open mode (SPEC 0 `--dev`) it creates a guest when a name is first used. A port of
// this dialect; main/ implements it with the account store.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/expected.hpp"
#include "domain/account/user.hpp"
#include "store/account_store.hpp"

namespace belfry::gateway {

class NameResolver {
 public:
  using Found = std::function<void(const Expected<account::UserId, store::GuestFault>&)>;
  virtual ~NameResolver() = default;
  /// Calls `found` once on this shard, before it returns if the guest is known already.
  virtual void look_up(const std::string& name, Found found) = 0;
  /// Finds the user with this name or id, guest or account, without creating one. Calls `found` once on this shard. nullopt:
  /// there is no such user, or the store cannot be reached.
  virtual void find(const std::string& name, std::function<void(std::optional<account::UserId>)> found) = 0;
};

}  // namespace belfry::gateway

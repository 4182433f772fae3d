// NameResolver: the user that a name belongs to. In open mode (SPEC 0 `--dev`) a guest is created when a name is first used.
// A port of this dialect; main/ puts the account store behind it.
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
  /// `found` is called once on this shard, at once if the guest is known.
  virtual void look_up(const std::string& name, Found found) = 0;
  /// The user with this name, guest or account; creates none. `found` is called once on this shard. None: there is no such user,
  /// or the store cannot be asked.
  virtual void find(const std::string& name, std::function<void(std::optional<account::UserId>)> found) = 0;
};

}  // namespace belfry::gateway

// NameResolver: who a name is. In open mode (SPEC 0 `--dev`) the guest user of that name, made when it is first heard of; in
// every mode whoever has it. Port of this dialect; main/ puts the account store behind it.
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
  /// Whoever has this name, guest or account; nobody is made. Called once on this shard. None: nobody has, or the store cannot be
  /// asked.
  virtual void find(const std::string& name, std::function<void(std::optional<account::UserId>)> found) = 0;
};

}  // namespace belfry::gateway

// UserLookup: the user whom a client event names by id or username (C-12). One per shard.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/expected.hpp"
#include "domain/account/user.hpp"
#include "gateway/dialects/ports.hpp"
#include "store/account_store.hpp"

namespace belfry::gateway::chat_clients {

class UserLookup {
 public:
  /// Both must outlive this object.
  UserLookup(CallsPort& calls, store::AccountStore& accounts) : calls_(calls), accounts_(accounts) {}

  /// nullopt: nobody has this name. An id is not looked up: whether there is such a user shows later.
  using Found = std::function<void(const Expected<std::optional<account::UserId>, store::Unavailable>&)>;
  void find(const std::string& to, Found found) const;

 private:
  CallsPort& calls_;
  store::AccountStore& accounts_;
};

}  // namespace belfry::gateway::chat_clients

#include "gateway/chat/user_lookup.hpp"

#include <utility>

#include "gateway/chat/requests.hpp"

namespace belfry::gateway::chat_clients {

/// Somebody who is not here can be called (C-10), so the store knows, not the sessions.
void UserLookup::find(const std::string& to, Found found) const {
  if (const auto id = id_in(to)) return found(id);
  if (!account::is_username(to)) return found(std::optional<account::UserId>{});
  if (const auto here = calls_.user_named(to)) return found(here);
  accounts_.find_account(to, [found = std::move(found)](const auto& account) {
    if (!account) return found(unexpected(account.error()));
    found(*account ? std::optional((*account)->user.id) : std::nullopt);
  });
}

}  // namespace belfry::gateway::chat_clients

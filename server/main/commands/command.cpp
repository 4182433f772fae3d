#include "main/commands/command.hpp"

#include <cstdio>

#include "net/steady_clock.hpp"

namespace belfry::commands {

int complain(const std::string& why) {
  std::fprintf(stderr, "belfry: %s\n", why.c_str());
  return 1;
}

WallTime now() { return net::SteadyClock().wall(); }

/// The account of that name, or an error message.
Expected<account::User, std::string> find_user(BlockingStore& store, const std::string& name) {
  const auto found = store.ask<StoreResult<std::optional<store::Account>>>(
      [&](auto done) { store.ports().accounts.find_account(name, std::move(done)); });
  if (!found) return unexpected(std::string(kUnavailable));
  const std::optional<store::Account>& account = *found;
  if (!account) return unexpected("there is no user of the name " + name);
  return account->user;
}

}  // namespace belfry::commands

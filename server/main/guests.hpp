// Guests: the names of the open mode, as users (SPEC 0). Remembers the ones it has met, so that a client which registers anew on
// each connect costs no look-up. One per shard, over the NameCache that all share.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/clock.hpp"
#include "base/guarded.hpp"
#include "base/new_uuid.hpp"
#include "base/random.hpp"
#include "gateway/signaling/name_resolver.hpp"
#include "store/account_store.hpp"

namespace belfry {

/// Shared by all shards. Bounded: names beyond the bound are looked up each time.
class NameCache {
 public:
  [[nodiscard]] std::optional<account::UserId> find(const std::string& name) {
    return known_.with([&](const Known& known) -> std::optional<account::UserId> {
      const auto found = known.users.find(name);
      return found == known.users.end() ? std::nullopt : std::optional(found->second);
    });
  }
  /// How often the cache was cleared: an answer to a query from before must not be cached.
  [[nodiscard]] std::uint64_t age() {
    return known_.with([](const Known& known) { return known.age; });
  }
  /// False: the cache was cleared since `age`, because a user's status changed; ask again.
  [[nodiscard]] bool keep(const std::string& name, account::UserId user, std::uint64_t age) {
    return known_.with([&](Known& known) {
      if (known.age != age) return false;
      if (known.users.size() >= kMost) known.users.clear();
      known.users.insert_or_assign(name, user);
      return true;
    });
  }
  void forget_all() {
    known_.with([](Known& known) {
      ++known.age;
      known.users.clear();
    });
  }

 private:
  struct Known {
    boost::unordered_flat_map<std::string, account::UserId> users;
    std::uint64_t age = 0;
  };
  // Half a megabyte. A client with a name beyond it costs one query on each connect.
  static constexpr std::size_t kMost = 4'096;
  Guarded<Known> known_;
};

class Guests final : public gateway::NameResolver {
 public:
  Guests(NameCache& memory, store::AccountStore& accounts, const Clock& clock, Random& random)
      : memory_(memory),
        accounts_(accounts),
        clock_(clock),
        random_(random) {}

  void look_up(const std::string& name, Found found) override {
    if (const auto known = memory_.find(name)) return found(*known);
    const account::UserId fresh(new_uuid(clock_, random_));
    accounts_.ensure_guest(name, fresh, clock_.wall(), [this, name, age = memory_.age(), found = std::move(found)](auto guest) {
      if (!guest) return found(unexpected(guest.error()));
      if (!memory_.keep(name, guest->id, age)) return look_up(name, found);
      found(guest->id);
    });
  }
  void find(const std::string& name, std::function<void(std::optional<account::UserId>)> found) override {
    accounts_.find_account(name, [this, id = parse_uuid(name), found = std::move(found)](const auto& account) {
      if (account && !*account && id) return find_by_id(account::UserId(*id), found);
      found(account && *account ? std::optional((*account)->user.id) : std::nullopt);
    });
  }

 private:
  void find_by_id(account::UserId user, const std::function<void(std::optional<account::UserId>)>& found) {
    accounts_.account_of(
        user, [found](const auto& account) { found(account && *account ? std::optional((*account)->user.id) : std::nullopt); });
  }

  NameCache& memory_;
  store::AccountStore& accounts_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace belfry

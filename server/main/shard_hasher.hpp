// ShardHasher: one shard's access to the process's password pool. Answers come back on this shard. Owned by its ShardStack.
#pragma once

#include <utility>

#include "adapters/passwords/password_pool.hpp"
#include "app/accounts/accounts.hpp"

namespace belfry {

class ShardHasher final : public accounts::PasswordHasher {
 public:
  ShardHasher(passwords::PasswordPool& pool, ShardIndex shard) : pool_(pool), shard_(shard) {}
  void hash(const std::string& client, std::string password, std::function<void(std::optional<std::string>)> done) override {
    pool_.hash(
        shard_, std::move(password),
        [done = std::move(done)](Expected<std::string, passwords::Overloaded> hash) {
          done(hash ? std::optional(std::move(*hash)) : std::nullopt);
        },
        client);
  }
  void verify(const std::string& client, std::string stored, std::string password,
              std::function<void(std::optional<bool>)> done) override {
    pool_.verify(
        shard_, std::move(stored), std::move(password),
        [done = std::move(done)](Expected<bool, passwords::Overloaded> right) {
          done(right ? std::optional(*right) : std::nullopt);
        },
        client);
  }
  [[nodiscard]] const std::string& decoy() const override { return pool_.decoy(); }

 private:
  passwords::PasswordPool& pool_;
  ShardIndex shard_;
};

}  // namespace belfry

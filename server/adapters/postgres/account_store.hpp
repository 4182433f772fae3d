// AccountStore on PostgreSQL: one shard's face of a Database.
#pragma once

#include "adapters/postgres/database.hpp"
#include "store/account_store.hpp"

namespace belfry::postgres {

class AccountStore final : public store::AccountStore {
 public:
  AccountStore(Database& database, ShardIndex shard) : database_(database), shard_(shard) {}

  void create(store::NewUser user, store::Done<Expected<store::User, store::CreateFault>> done) override;
  void ensure_guest(std::string username, store::UserId id_if_new, WallTime now,
                    store::Done<Expected<store::User, store::GuestFault>> done) override;
  void ensure_external(store::NewUser wished, store::Done<Expected<store::Account, store::Unavailable>> done) override;
  void find(store::UserId id, store::Done<Expected<std::optional<store::User>, store::Unavailable>> done) override;
  void find_account(std::string email_or_username,
                    store::Done<Expected<std::optional<store::Account>, store::Unavailable>> done) override;
  void account_of(store::UserId id, store::Done<Expected<std::optional<store::Account>, store::Unavailable>> done) override;
  void search(std::string text, std::optional<store::UserId> except, store::Page page,
              store::Done<Expected<std::vector<store::User>, store::Unavailable>> done) override;
  void update(store::UserId id, store::ProfileChange change, WallTime now,
              store::Done<Expected<store::User, store::CreateFault>> done) override;
  void set_status(store::UserId id, account::UserStatus status, WallTime now,
                  store::Done<Expected<bool, store::Unavailable>> done) override;

  void add_login(store::Login login, store::Done<Expected<void, store::Unavailable>> done) override;
  void admit(store::Login login, std::string password_hash, store::Done<Expected<bool, store::Unavailable>> done) override;
  void replace_login(store::LoginId old, store::Login next, store::Done<Expected<bool, store::Unavailable>> done) override;
  void revoke(store::LoginId login, WallTime now, store::Done<Expected<void, store::Unavailable>> done) override;
  void revoke_all(store::UserId user, WallTime now, store::LoginId but,
                  store::Done<Expected<std::vector<store::Login>, store::Unavailable>> done) override;
  void logins(store::UserId user, WallTime now,
              store::Done<Expected<std::vector<store::Login>, store::Unavailable>> done) override;

  void revocations(WallTime now, store::Done<Expected<store::RevocationSnapshot, store::Unavailable>> done) override;
  void changes_after(std::uint64_t seq, store::Done<Expected<std::vector<store::Change>, store::Unavailable>> done) override;

  void find_answer(store::UserId owner, std::string key,
                   store::Done<Expected<std::optional<store::KeptAnswer>, store::Unavailable>> done) override;
  void keep_answer(store::UserId owner, std::string key, store::KeptAnswer answer, WallTime now) override;
  void forget_before(WallTime answers, WallTime logins) override;

 private:
  Database& database_;
  ShardIndex shard_;
};

}  // namespace belfry::postgres

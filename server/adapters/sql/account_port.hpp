// AccountStore on an SQL database (port.hpp).
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/sql/port.hpp"
#include "store/account_store.hpp"

namespace belfry::sql {

template <class Db>
class AccountStoreOn final : public store::AccountStore {
  template <class Result>
  using Done = store::Done<Expected<Result, store::Unavailable>>;
  using UserId = store::UserId;
  using LoginId = store::LoginId;
  using User = store::User;

 public:
  AccountStoreOn(Db& database, ShardIndex shard) : port_(database, shard) {}

  void create(store::NewUser user, store::Done<Expected<User, store::CreateFault>> done) override {
    port_.write_or(
        store::CreateFault::unavailable, [user = std::move(user)](auto& connection) { return create_user(connection, user); },
        std::move(done));
  }
  void ensure_guest(std::string username, UserId id_if_new, WallTime now,
                    store::Done<Expected<User, store::GuestFault>> done) override {
    port_.write_or(
        store::GuestFault::unavailable,
        [username = std::move(username), id_if_new, now](auto& connection) {
          return guest_named(connection, username, id_if_new, now);
        },
        std::move(done));
  }
  void ensure_external(store::NewUser requested, Done<store::Account> done) override {
    port_.write([requested = std::move(requested)](auto& connection) { return external_user(connection, requested); },
                std::move(done));
  }
  void find(UserId id, Done<std::optional<User>> done) override {
    port_.read([id](auto& connection) { return find_user(connection, id); }, std::move(done));
  }
  void find_account(std::string email_or_username, Done<std::optional<store::Account>> done) override {
    port_.read([name = std::move(email_or_username)](auto& connection) { return account_named(connection, name); },
               std::move(done));
  }
  void account_of(UserId id, Done<std::optional<store::Account>> done) override {
    port_.read([id](auto& connection) { return account_with_id(connection, id); }, std::move(done));
  }
  void search(std::string text, std::optional<UserId> except, store::Page page, Done<std::vector<User>> done) override {
    port_.read([text = std::move(text), except, page](auto& connection) { return search_users(connection, text, except, page); },
               std::move(done));
  }
  void contacts(UserId user, std::uint32_t most, Done<std::vector<User>> done) override {
    port_.read(
        [user, most](auto& connection) {
          auto found = users_by_newest_message(connection, user, most);
          if (found.size() == most) return found;
          for (auto& each : users_without_message(connection, user, most - static_cast<std::uint32_t>(found.size())))
            found.push_back(std::move(each));
          return found;
        },
        std::move(done));
  }
  void presence(std::vector<UserId> users, UserId asker, Done<std::vector<store::Presence>> done) override {
    port_.read([users = std::move(users), asker](auto& connection) { return find_presence(connection, users, asker); },
               std::move(done));
  }
  void update(UserId id, store::ProfileChange change, WallTime now,
              store::Done<Expected<store::UpdatedUser, store::CreateFault>> done) override {
    port_.write_or(
        store::CreateFault::unavailable,
        [id, change = std::move(change), now](auto& connection) { return update_user(connection, id, change, now); },
        std::move(done));
  }
  void set_status(UserId id, account::UserStatus status, WallTime now,
                  Done<std::optional<std::vector<store::Login>>> done) override {
    port_.write([id, status, now](auto& connection) { return set_user_status(connection, id, status, now); }, std::move(done));
  }

  void note_active(UserId user, WallTime when) override {
    port_.tell([user, when](auto& connection) { put_last_active(connection, user, when); });
  }
  void add_login(store::Login login, Done<void> done) override {
    port_.write([login = std::move(login)](auto& connection) { log_in(connection, login); }, std::move(done));
  }
  void admit(store::Login login, std::string password_hash, Done<bool> done) override {
    port_.write([login = std::move(login),
                 hash = std::move(password_hash)](auto& connection) { return log_in_if_password(connection, login, hash); },
                std::move(done));
  }
  void replace_login(LoginId old, store::Login next, Done<bool> done) override {
    port_.write([old, next = std::move(next)](auto& connection) { return swap_login(connection, old, next); }, std::move(done));
  }
  void find_refresh(std::string hash, Done<std::optional<store::RefreshableLogin>> done) override {
    port_.read([hash = std::move(hash)](auto& connection) { return login_with_refresh(connection, hash); }, std::move(done));
  }
  void revoke_family(LoginId login, WallTime now, Done<std::vector<store::Login>> done) override {
    port_.write([login, now](auto& connection) { return revoke_logins_of_family(connection, login, now); }, std::move(done));
  }
  void revoke_all(UserId user, WallTime now, Done<std::vector<store::Login>> done) override {
    port_.write([user, now](auto& connection) { return revoke_logins_of(connection, user, now, {}); }, std::move(done));
  }
  void logins(UserId user, WallTime now, Done<std::vector<store::Login>> done) override {
    port_.read([user, now](auto& connection) { return logins_of(connection, user, now); }, std::move(done));
  }

  void revocations(WallTime now, Done<store::RevocationSnapshot> done) override {
    port_.read([now](auto& connection) { return revocation_snapshot(connection, now); }, std::move(done));
  }
  void changes_after(std::uint64_t seq, Done<std::vector<store::Change>> done) override {
    port_.read([seq](auto& connection) { return changes_behind(connection, seq); }, std::move(done));
  }

  void find_answer(UserId owner, std::string key, Done<std::optional<store::KeptAnswer>> done) override {
    ask_for_kept(
        port_.database(), port_.shard(),
        [owner, key = std::move(key)](auto& connection) { return kept_answer(connection, owner, key); }, std::move(done));
  }
  void keep_answer(UserId owner, std::string key, store::KeptAnswer answer, WallTime now) override {
    port_.tell([owner, key = std::move(key), answer = std::move(answer), now](auto& connection) {
      put_answer(connection, owner, key, answer, now);
    });
  }
  void forget_before(WallTime answers, WallTime logins) override {
    port_.tell([answers, logins](auto& connection) { forget_old_logins(connection, answers, logins); });
  }

 private:
  Port<Db> port_;
};

}  // namespace belfry::sql

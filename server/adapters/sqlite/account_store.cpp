#include "adapters/sqlite/account_store.hpp"

#include <utility>

#include "adapters/sqlite/ask.hpp"
#include "adapters/sqlite/logins.hpp"
#include "adapters/sqlite/users.hpp"

namespace belfry::sqlite {

using store::Done;
using store::LoginId;
using store::Unavailable;
using store::User;
using store::UserId;

void AccountStore::create(store::NewUser user, Done<Expected<User, store::CreateFault>> done) {
  ask_writer(
      database_, shard_, store::CreateFault::unavailable,
      [user = std::move(user)](Connection& connection) { return create_user(connection, user); }, std::move(done));
}

void AccountStore::ensure_guest(std::string username, UserId id_if_new, WallTime now,
                                Done<Expected<User, store::GuestFault>> done) {
  ask_writer(
      database_, shard_, store::GuestFault::unavailable,
      [username = std::move(username), id_if_new, now](Connection& connection) {
        return sqlite::ensure_guest(connection, username, id_if_new, now);
      },
      std::move(done));
}

void AccountStore::ensure_external(store::NewUser wished, Done<Expected<store::Account, Unavailable>> done) {
  ask_writer(
      database_, shard_,
      [wished = std::move(wished)](Connection& connection) { return sqlite::ensure_external(connection, wished); },
      std::move(done));
}

void AccountStore::find(UserId id, Done<Expected<std::optional<User>, Unavailable>> done) {
  ask_reader(database_, shard_, [id](Connection& connection) { return find_user(connection, id); }, std::move(done));
}

void AccountStore::find_account(std::string email_or_username, Done<Expected<std::optional<store::Account>, Unavailable>> done) {
  ask_reader(
      database_, shard_,
      [name = std::move(email_or_username)](Connection& connection) { return sqlite::find_account(connection, name); },
      std::move(done));
}

void AccountStore::account_of(UserId id, Done<Expected<std::optional<store::Account>, Unavailable>> done) {
  ask_reader(database_, shard_, [id](Connection& connection) { return sqlite::account_of(connection, id); }, std::move(done));
}

void AccountStore::search(std::string text, std::optional<UserId> except, store::Page page,
                          Done<Expected<std::vector<User>, Unavailable>> done) {
  ask_reader(
      database_, shard_,
      [text = std::move(text), except, page](Connection& connection) { return search_users(connection, text, except, page); },
      std::move(done));
}

void AccountStore::update(UserId id, store::ProfileChange change, WallTime now, Done<Expected<User, store::CreateFault>> done) {
  ask_writer(
      database_, shard_, store::CreateFault::unavailable,
      [id, change = std::move(change), now](Connection& connection) { return update_user(connection, id, change, now); },
      std::move(done));
}

void AccountStore::set_status(UserId id, account::UserStatus status, WallTime now, Done<Expected<bool, Unavailable>> done) {
  ask_writer(
      database_, shard_, [id, status, now](Connection& connection) { return sqlite::set_status(connection, id, status, now); },
      std::move(done));
}

void AccountStore::add_login(store::Login login, Done<Expected<void, Unavailable>> done) {
  ask_writer(
      database_, shard_, [login = std::move(login)](Connection& connection) { sqlite::add_login(connection, login); },
      std::move(done));
}

void AccountStore::admit(store::Login login, std::string password_hash, Done<Expected<bool, Unavailable>> done) {
  ask_writer(
      database_, shard_,
      [login = std::move(login), hash = std::move(password_hash)](Connection& connection) {
        return sqlite::admit(connection, login, hash);
      },
      std::move(done));
}

void AccountStore::replace_login(LoginId old, store::Login next, Done<Expected<bool, Unavailable>> done) {
  ask_writer(
      database_, shard_,
      [old, next = std::move(next)](Connection& connection) { return sqlite::replace_login(connection, old, next); },
      std::move(done));
}

void AccountStore::revoke(LoginId login, WallTime now, Done<Expected<void, Unavailable>> done) {
  ask_writer(
      database_, shard_, [login, now](Connection& connection) { sqlite::revoke(connection, login, now); }, std::move(done));
}

void AccountStore::revoke_all(UserId user, WallTime now, LoginId but,
                              Done<Expected<std::vector<store::Login>, Unavailable>> done) {
  ask_writer(
      database_, shard_, [user, now, but](Connection& connection) { return sqlite::revoke_all(connection, user, now, but); },
      std::move(done));
}

void AccountStore::logins(UserId user, WallTime now, Done<Expected<std::vector<store::Login>, Unavailable>> done) {
  ask_reader(
      database_, shard_, [user, now](Connection& connection) { return logins_of(connection, user, now); }, std::move(done));
}

void AccountStore::revocations(WallTime now, Done<Expected<store::RevocationSnapshot, Unavailable>> done) {
  ask_reader(database_, shard_, [now](Connection& connection) { return sqlite::revocations(connection, now); }, std::move(done));
}

void AccountStore::changes_after(std::uint64_t seq, Done<Expected<std::vector<store::Change>, Unavailable>> done) {
  ask_reader(
      database_, shard_, [seq](Connection& connection) { return sqlite::changes_after(connection, seq); }, std::move(done));
}

void AccountStore::find_answer(UserId owner, std::string key,
                               Done<Expected<std::optional<store::KeptAnswer>, Unavailable>> done) {
  ask_reader(
      database_, shard_,
      [owner, key = std::move(key)](Connection& connection) { return sqlite::find_answer(connection, owner, key); },
      std::move(done));
}

void AccountStore::keep_answer(UserId owner, std::string key, store::KeptAnswer answer, WallTime now) {
  tell_writer(database_, shard_, [owner, key = std::move(key), answer = std::move(answer), now](Connection& connection) {
    sqlite::keep_answer(connection, owner, key, answer, now);
  });
}

void AccountStore::forget_before(WallTime answers, WallTime logins) {
  tell_writer(database_, shard_,
              [answers, logins](Connection& connection) { sqlite::forget_before(connection, answers, logins); });
}

}  // namespace belfry::sqlite

// What the contract suites of AccountStore share: user_contract.cpp, login_contract.cpp and kept_answer_contract.cpp.
#pragma once

#include <gtest/gtest.h>

#include <set>

#include "store/contract_suite.hpp"

namespace belfry::store::testing {

using account::UserStatus;

class AccountStoreContract : public ContractSuite {
 protected:
  using Guest = Expected<User, GuestFault>;
  Guest guest(const std::string& name, std::uint32_t number) {
    return answer_of<Guest>([&](auto done) { world_.accounts().ensure_guest(name, user_id(number), at(0), done); });
  }
  User external(const NewUser& requested) { return external_account(requested).user; }
  Account external_account(const NewUser& requested) {
    return found<Account>([&](auto done) { world_.accounts().ensure_external(requested, done); });
  }
  std::optional<Account> find_account(const std::string& name) {
    return found<std::optional<Account>>([&](auto done) { world_.accounts().find_account(name, done); });
  }
  std::vector<std::string> search(const std::string& text, std::optional<UserId> except = {}, Page page = {}) {
    std::vector<std::string> names;
    for (const auto& user : found<std::vector<User>>([&](auto done) { world_.accounts().search(text, except, page, done); }))
      names.push_back(user.username);
    return names;
  }
  using Updated = Expected<UpdatedUser, CreateFault>;
  Updated update(UserId id, const ProfileChange& change, WallTime now = at(9)) {
    return answer_of<Updated>([&](auto done) { world_.accounts().update(id, change, now, done); });
  }
  void add_login(std::uint32_t number, UserId user, WallTime created = at(0), WallTime expires = at(1'000'000)) {
    const Login login{.id = login_id(number), .user = user, .created = created, .expires = expires, .user_agent = "Firefox"};
    found<void>([&](auto done) { world_.accounts().add_login(login, done); });
  }
  bool admit(std::uint32_t number, UserId user, const std::string& hash, WallTime created = at(0)) {
    const Login login{
        .id = login_id(number), .user = user, .created = created, .expires = at(1'000'000), .user_agent = "Firefox"};
    return found<bool>([&](auto done) { world_.accounts().admit(login, hash, done); });
  }
  void add_login_with_refresh(std::uint32_t number, UserId user, const std::string& hash) {
    Login login{.id = login_id(number), .user = user, .created = at(0), .expires = at(1'000'000), .user_agent = "Firefox"};
    login.refresh_hash = hash;
    found<void>([&](auto done) { world_.accounts().add_login(login, done); });
  }
  std::optional<RefreshableLogin> find_refresh(const std::string& hash) {
    return found<std::optional<RefreshableLogin>>([&](auto done) { world_.accounts().find_refresh(hash, done); });
  }
  std::set<LoginId> revoke_family(LoginId login) {
    std::set<LoginId> ended;
    for (const auto& each : found<std::vector<Login>>([&](auto done) { world_.accounts().revoke_family(login, at(5), done); }))
      ended.insert(each.id);
    return ended;
  }
  void revoke(std::uint32_t number) { revoke_family(login_id(number)); }
  bool replace_login(std::uint32_t old, std::uint32_t next, UserId user, const std::string& refresh_hash = {},
                     WallTime created = at(4)) {
    Login login{.id = login_id(next), .user = user, .created = created, .expires = at(1'000'000), .user_agent = "Firefox"};
    login.refresh_hash = refresh_hash;
    return found<bool>([&](auto done) { world_.accounts().replace_login(login_id(old), login, done); });
  }
  std::set<LoginId> revoke_all(UserId user) {
    std::set<LoginId> ended;
    for (const auto& login : found<std::vector<Login>>([&](auto done) { world_.accounts().revoke_all(user, at(5), done); }))
      ended.insert(login.id);
    return ended;
  }
  std::vector<LoginId> logins(UserId user, WallTime now = at(10)) {
    std::vector<LoginId> ids;
    for (const auto& login : found<std::vector<Login>>([&](auto done) { world_.accounts().logins(user, now, done); }))
      ids.push_back(login.id);
    return ids;
  }
  std::vector<Change> changes_after(std::uint64_t seq) {
    return found<std::vector<Change>>([&](auto done) { world_.accounts().changes_after(seq, done); });
  }
  RevocationSnapshot revocations(WallTime now = at(10)) {
    return found<RevocationSnapshot>([&](auto done) { world_.accounts().revocations(now, done); });
  }
  std::optional<KeptAnswer> find_answer(UserId owner, const std::string& key) {
    return found<std::optional<KeptAnswer>>([&](auto done) { world_.accounts().find_answer(owner, key, done); });
  }
};

}  // namespace belfry::store::testing

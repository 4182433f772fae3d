// ForwardingAccountStore: passes everything on to another account store. To change or watch one operation, derive from it and
// override that one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "store/account_store.hpp"

namespace belfry::store {

class ForwardingAccountStore : public AccountStore {
 public:
  explicit ForwardingAccountStore(AccountStore& next) : next_(next) {}
  void create(NewUser user, Done<Expected<User, CreateFault>> done) override { next_.create(std::move(user), std::move(done)); }
  void ensure_guest(std::string username, UserId id_if_new, WallTime now, Done<Expected<User, GuestFault>> done) override {
    next_.ensure_guest(std::move(username), id_if_new, now, std::move(done));
  }
  void ensure_external(NewUser requested, Done<Expected<Account, Unavailable>> done) override {
    next_.ensure_external(std::move(requested), std::move(done));
  }
  void find(UserId id, Done<Expected<std::optional<User>, Unavailable>> done) override { next_.find(id, std::move(done)); }
  void find_account(std::string email_or_username, Done<Expected<std::optional<Account>, Unavailable>> done) override {
    next_.find_account(std::move(email_or_username), std::move(done));
  }
  void account_of(UserId id, Done<Expected<std::optional<Account>, Unavailable>> done) override {
    next_.account_of(id, std::move(done));
  }
  void search(std::string text, std::optional<UserId> except, Page page,
              Done<Expected<std::vector<User>, Unavailable>> done) override {
    next_.search(std::move(text), except, page, std::move(done));
  }
  void contacts(UserId user, std::uint32_t most, Done<Expected<std::vector<User>, Unavailable>> done) override {
    next_.contacts(user, most, std::move(done));
  }
  void presence(std::vector<UserId> users, UserId asker, Done<Expected<std::vector<Presence>, Unavailable>> done) override {
    next_.presence(std::move(users), asker, std::move(done));
  }
  void update(UserId id, ProfileChange change, WallTime now, Done<Expected<UpdatedUser, CreateFault>> done) override {
    next_.update(id, std::move(change), now, std::move(done));
  }
  void set_status(UserId id, account::UserStatus status, WallTime now,
                  Done<Expected<std::optional<std::vector<Login>>, Unavailable>> done) override {
    next_.set_status(id, status, now, std::move(done));
  }
  void note_active(UserId user, WallTime when) override { next_.note_active(user, when); }
  void add_login(Login login, Done<Expected<void, Unavailable>> done) override {
    next_.add_login(std::move(login), std::move(done));
  }
  void admit(Login login, std::string password_hash, Done<Expected<bool, Unavailable>> done) override {
    next_.admit(std::move(login), std::move(password_hash), std::move(done));
  }
  void replace_login(LoginId old, Login next, Done<Expected<bool, Unavailable>> done) override {
    next_.replace_login(old, std::move(next), std::move(done));
  }
  void find_refresh(std::string hash, Done<Expected<std::optional<RefreshableLogin>, Unavailable>> done) override {
    next_.find_refresh(std::move(hash), std::move(done));
  }
  void revoke_family(LoginId login, WallTime now, Done<Expected<std::vector<Login>, Unavailable>> done) override {
    next_.revoke_family(login, now, std::move(done));
  }
  void revoke_all(UserId user, WallTime now, Done<Expected<std::vector<Login>, Unavailable>> done) override {
    next_.revoke_all(user, now, std::move(done));
  }
  void logins(UserId user, WallTime now, Done<Expected<std::vector<Login>, Unavailable>> done) override {
    next_.logins(user, now, std::move(done));
  }
  void revocations(WallTime now, Done<Expected<RevocationSnapshot, Unavailable>> done) override {
    next_.revocations(now, std::move(done));
  }
  void changes_after(std::uint64_t seq, Done<Expected<std::vector<Change>, Unavailable>> done) override {
    next_.changes_after(seq, std::move(done));
  }
  void find_answer(UserId owner, std::string key, Done<Expected<std::optional<KeptAnswer>, Unavailable>> done) override {
    next_.find_answer(owner, std::move(key), std::move(done));
  }
  void keep_answer(UserId owner, std::string key, KeptAnswer answer, WallTime now) override {
    next_.keep_answer(owner, std::move(key), std::move(answer), now);
  }
  void forget_before(WallTime answers, WallTime logins) override { next_.forget_before(answers, logins); }

 private:
  AccountStore& next_;
};

}  // namespace belfry::store

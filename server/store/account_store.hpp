// AccountStore: users, their logins, and answers kept for repeated requests. What is written here by one server or by an
// operator's command shows in the change feed, which every server on the database follows: so a revocation or a blocked user
// takes effect everywhere within a second (R-002-06, SPEC 2.8.7).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "store/call_archive.hpp"

namespace belfry::store {

using account::LoginId;
using account::User;

struct NewUser {
  UserId id{};
  std::string username{};
  std::optional<std::string> email{};  // lower case
  std::string display_name{};
  account::UserStatus status = account::UserStatus::active;
  account::Role role = account::Role::user;
  std::string password_hash{};  // empty: cannot log in by password
  WallTime at{};
};
/// Which unique thing is taken, or that the store is out of reach.
enum class CreateFault : std::uint8_t { username_taken, email_taken, unavailable };
enum class GuestFault : std::uint8_t { has_account, not_active, unavailable };

struct Account {
  User user{};
  std::string password_hash{};
};

/// Absent fields stay as they are.
struct ProfileChange {
  std::optional<std::string> display_name{}, avatar{}, email{};
  std::optional<std::string> password_hash{};
};

/// Table `logins`: id (jti), userId, createdAt, expiresAt, revokedAt?, address, userAgent.
struct Login {
  LoginId id{};
  UserId user{};
  WallTime created{}, expires{};
  std::string user_agent{};
  friend bool operator==(const Login&, const Login&) = default;
};

/// "Log out everywhere" for tokens that are in no table: those that other tools and issuers made. What was issued before `from`
/// is void, but for the login that asked. users.tokensValidFrom, users.tokensKept.
struct TokenLimit {
  WallTime from{};
  LoginId but{};  // all zero: none
  friend bool operator==(const TokenLimit&, const TokenLimit&) = default;
};

/// Table `changes`: seq, kind, userId?, loginId?, at. Appended in the transaction of what it tells of.
struct Change {
  enum class Kind : std::uint8_t { user_status, user_profile, login_revoked };
  std::uint64_t seq = 0;
  Kind kind = Kind::user_status;
  UserId user{};
  LoginId login{};                                           // login_revoked
  account::UserStatus status = account::UserStatus::active;  // user_status: as it is now
  TokenLimit limit{};                                        // user_status: likewise
  WallTime expires{};                                        // login_revoked: when the tokens would have ended anyway
};

/// What must be known before the first credential is checked.
struct RevocationSnapshot {
  std::vector<std::pair<UserId, account::UserStatus>> not_active{};
  std::vector<std::pair<LoginId, WallTime>> revoked{};  // not yet expired ones, with their expiry
  std::vector<std::pair<UserId, TokenLimit>> limits{};
  std::uint64_t seq = 0;  // of the newest change included
};

/// Table `idempotency_keys` (owner, key): fingerprint, callId?, status?, body?, createdAt.
struct KeptAnswer {
  std::string fingerprint{};
  std::optional<CallId> call{};  // claimed by a creation
  int status = 0;                // 0: not answered yet (or the server died in between)
  std::string body{};
};

class AccountStore {
 public:
  virtual ~AccountStore() = default;
  virtual void create(NewUser user, Done<Expected<User, CreateFault>> done) = 0;
  /// The guest of that name, made if there is none (SPEC 0, open mode). A name with a password is refused.
  virtual void ensure_guest(std::string username, UserId id_if_new, WallTime now, Done<Expected<User, GuestFault>> done) = 0;
  /// The user of an external issuer, created on first sight under `id`, with the wished name or one near it if that is taken.
  /// Returns the password hash too: a foreign token must not log in to an account with a password here (accounts::ExternalUsers).
  virtual void ensure_external(NewUser wished, Done<Expected<Account, Unavailable>> done) = 0;
  virtual void find(UserId id, Done<Expected<std::optional<User>, Unavailable>> done) = 0;
  /// By e-mail or username, for a login.
  virtual void find_account(std::string email_or_username, Done<Expected<std::optional<Account>, Unavailable>> done) = 0;
  virtual void account_of(UserId id, Done<Expected<std::optional<Account>, Unavailable>> done) = 0;
  /// Active users whose username or display name contains `text` (empty: all), by username, without `except`.
  virtual void search(std::string text, std::optional<UserId> except, Page page,
                      Done<Expected<std::vector<User>, Unavailable>> done) = 0;
  virtual void update(UserId id, ProfileChange change, WallTime now, Done<Expected<User, CreateFault>> done) = 0;
  /// False: no such user.
  virtual void set_status(UserId id, account::UserStatus status, WallTime now, Done<Expected<bool, Unavailable>> done) = 0;

  virtual void add_login(Login login, Done<Expected<void, Unavailable>> done) = 0;
  /// The same, unless the user's password is another by now: false. A login takes a while between the hash and its row.
  virtual void admit(Login login, std::string password_hash, Done<Expected<bool, Unavailable>> done) = 0;
  /// Revokes `old` and adds what takes its place, unless `old` was revoked meanwhile: false.
  virtual void replace_login(LoginId old, Login next, Done<Expected<bool, Unavailable>> done) = 0;
  virtual void revoke(LoginId login, WallTime now, Done<Expected<void, Unavailable>> done) = 0;
  /// Revokes the user's logins except `but`, and all their tokens that are in no table (TokenLimit). Returns the revoked logins.
  virtual void revoke_all(UserId user, WallTime now, LoginId but, Done<Expected<std::vector<Login>, Unavailable>> done) = 0;
  virtual void logins(UserId user, WallTime now, Done<Expected<std::vector<Login>, Unavailable>> done) = 0;

  virtual void revocations(WallTime now, Done<Expected<RevocationSnapshot, Unavailable>> done) = 0;
  virtual void changes_after(std::uint64_t seq, Done<Expected<std::vector<Change>, Unavailable>> done) = 0;

  /// The answer kept for this key, none if it is new.
  virtual void find_answer(UserId owner, std::string key, Done<Expected<std::optional<KeptAnswer>, Unavailable>> done) = 0;
  virtual void keep_answer(UserId owner, std::string key, KeptAnswer answer, WallTime now) = 0;
  /// Forgets answers, attempts' keys, changes and logins older than these; called now and then. Followers read the feed several
  /// times a second.
  virtual void forget_before(WallTime answers, WallTime logins) = 0;
};

}  // namespace belfry::store

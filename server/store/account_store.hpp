// AccountStore: users, their logins, and the answers kept for repeated requests. Each change by a server or by an operator's
// command appears in the change feed, which every server on the database follows, so a revocation or a block takes effect
// everywhere within a second (R-002-06, SPEC 2.8.7).
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

/// What is stored of a user's presence (SPEC K46). Whether they are connected is known to the sessions of each server.
struct Presence {
  UserId user{};
  std::optional<WallTime> last_active{};  // the latest of User::last_active and Device::active of their devices
  bool has_slot = false;                  // takes part in an active call
  friend bool operator==(const Presence&, const Presence&) = default;
};

struct NewUser {
  UserId id{};
  std::string username{};
  std::optional<std::string> email{};  // lower case
  std::string display_name{};
  account::UserStatus status = account::UserStatus::active;
  account::Role role = account::Role::user;
  std::string password_hash{};  // empty: cannot log in with a password
  WallTime at{};
};
/// Which unique value is taken; or the store cannot be reached.
enum class CreateFault : std::uint8_t { username_taken, email_taken, unavailable };
enum class GuestFault : std::uint8_t { has_account, not_active, unavailable };

struct Account {
  User user{};
  std::string password_hash{};
};

/// Absent fields stay unchanged.
struct ProfileChange {
  std::optional<std::string> display_name{}, avatar{}, email{}, username{}, bio{};
  std::optional<std::string> password_hash{};
  LoginId keep_login{};  // the login that sets the new password; all zero: none
};

/// Table `logins`: id (jti), userId, createdAt, expiresAt, revokedAt?, address, userAgent, refreshHash?, family?.
struct Login {
  LoginId id{};
  UserId user{};
  WallTime created{}, expires{};  // expires: when the last of its credentials does
  std::string user_agent{};
  std::string refresh_hash{};  // of its refresh token; empty: it has none
  /// The first login of the chain in which each replaced the one before; all zero: this one. Only find_refresh reads it.
  LoginId family{};
  friend bool operator==(const Login&, const Login&) = default;
};

/// The login that a refresh token belongs to.
struct RefreshableLogin {
  Login login{};
  bool revoked = false;  // also by a refresh: the token has been used
};

/// What AccountStore::update() made of a user.
struct UpdatedUser {
  User user{};
  std::vector<Login> ended{};  // the logins that a new password revoked
};

/// "Log out everywhere" for tokens that have no row here, because another tool or issuer made them. Tokens issued before `from`
/// are void, except those of the login `but`, which set a new password. Columns users.tokensValidFrom, users.tokensKept.
struct TokenLimit {
  WallTime from{};
  LoginId but{};  // all zero: none
  friend bool operator==(const TokenLimit&, const TokenLimit&) = default;
};

/// Table `changes`: seq, kind, userId?, loginId?, at. Appended in the transaction that makes the change.
struct Change {
  enum class Kind : std::uint8_t { user_status, user_profile, login_revoked };
  std::uint64_t seq = 0;
  Kind kind = Kind::user_status;
  UserId user{};
  LoginId login{};                                           // login_revoked
  account::UserStatus status = account::UserStatus::active;  // user_status: the current one
  TokenLimit limit{};                                        // user_status: the current one
  WallTime expires{};                                        // login_revoked: when its tokens expire
};

/// What a server must load before it checks the first credential.
struct RevocationSnapshot {
  std::vector<std::pair<UserId, account::UserStatus>> not_active{};
  std::vector<std::pair<LoginId, WallTime>> revoked{};  // not yet expired, with their expiry
  std::vector<std::pair<UserId, TokenLimit>> limits{};
  std::uint64_t seq = 0;  // number of the newest change included
};

/// Table `idempotency_keys` (owner, key): fingerprint, callId?, status?, body?, createdAt.
struct KeptAnswer {
  std::string fingerprint{};
  std::optional<CallId> call{};  // the call that a start with this key made or answered
  int status = 0;                // 0: a server of an older release stored the call, and died before it answered
  std::string body{};
};

class AccountStore {
 public:
  virtual ~AccountStore() = default;
  virtual void create(NewUser user, Done<Expected<User, CreateFault>> done) = 0;
  /// Finds the guest of that name or creates one (SPEC 0, open mode). Refuses a name that has a password.
  virtual void ensure_guest(std::string username, UserId id_if_new, WallTime now, Done<Expected<User, GuestFault>> done) = 0;
  /// Finds the user of an external issuer, or creates one under `id` with the requested name, or a similar one if that is taken.
  /// Returns the password hash too, because a foreign token must not log in to an account with a password
  /// (accounts::ExternalUsers).
  virtual void ensure_external(NewUser requested, Done<Expected<Account, Unavailable>> done) = 0;
  virtual void find(UserId id, Done<Expected<std::optional<User>, Unavailable>> done) = 0;
  /// By e-mail or username, for a login.
  virtual void find_account(std::string email_or_username, Done<Expected<std::optional<Account>, Unavailable>> done) = 0;
  virtual void account_of(UserId id, Done<Expected<std::optional<Account>, Unavailable>> done) = 0;
  /// Active users whose username or display name contains `text` (empty: all), sorted by username, without `except`. Ignores the
  /// case of ASCII letters and of no others, so that a search finds the same in every database, whatever its locale.
  virtual void search(std::string text, std::optional<UserId> except, Page page,
                      Done<Expected<std::vector<User>, Unavailable>> done) = 0;
  /// Active users who are no guests, without this one: first those with whom their direct conversation has a message, newest
  /// first, then the rest by username; at most so many (K7).
  virtual void contacts(UserId user, std::uint32_t most, Done<Expected<std::vector<User>, Unavailable>> done) = 0;
  /// Of those of `users` who exist, are not deleted, and neither block `asker` nor are blocked by them (K45); each once, sorted
  /// by id.
  virtual void presence(std::vector<UserId> users, UserId asker, Done<Expected<std::vector<Presence>, Unavailable>> done) = 0;
  /// A username or an address that another user has is refused, and nothing changes. A new password also revokes, in the same
  /// transaction, what revoke_all() does, except `keep_login`: otherwise a failure in between would leave a thief's login valid,
  /// and the retry would be refused because the old password is gone.
  virtual void update(UserId id, ProfileChange change, WallTime now, Done<Expected<UpdatedUser, CreateFault>> done) = 0;
  /// Any status but active also does what revoke_all() does, in the same transaction: a user who is made active again must log in
  /// again. Returns the revoked logins; nullopt: there is no such user.
  virtual void set_status(UserId id, account::UserStatus status, WallTime now,
                          Done<Expected<std::optional<std::vector<Login>>, Unavailable>> done) = 0;

  /// The user was connected until then: User::last_active is not before it from now on. Not acknowledged: a crash may lose it.
  virtual void note_active(UserId user, WallTime when) = 0;
  /// This and each other that adds a login notes its beginning as User::last_active.
  virtual void add_login(Login login, Done<Expected<void, Unavailable>> done) = 0;
  /// Adds the login only if the user is active and still has this password hash; returns false otherwise. Both may change between
  /// the check of the password and the login's row.
  virtual void admit(Login login, std::string password_hash, Done<Expected<bool, Unavailable>> done) = 0;
  /// Revokes `old` and adds `next`, which replaces it in its family. Returns false if `old` was revoked meanwhile, or
  /// the user is not active.
  virtual void replace_login(LoginId old, Login next, Done<Expected<bool, Unavailable>> done) = 0;
  /// Finds a login by the hash of its refresh token, also after its revocation.
  virtual void find_refresh(std::string hash, Done<Expected<std::optional<RefreshableLogin>, Unavailable>> done) = 0;
  /// Revokes the logins that are in one family with `login` and are not revoked, and returns them. So it also ends the login that
  /// has just replaced this one.
  virtual void revoke_family(LoginId login, WallTime now, Done<Expected<std::vector<Login>, Unavailable>> done) = 0;
  /// Revokes the user's logins, and all their tokens that have no row here (TokenLimit). Returns the revoked logins.
  virtual void revoke_all(UserId user, WallTime now, Done<Expected<std::vector<Login>, Unavailable>> done) = 0;
  virtual void logins(UserId user, WallTime now, Done<Expected<std::vector<Login>, Unavailable>> done) = 0;

  virtual void revocations(WallTime now, Done<Expected<RevocationSnapshot, Unavailable>> done) = 0;
  virtual void changes_after(std::uint64_t seq, Done<Expected<std::vector<Change>, Unavailable>> done) = 0;

  /// The answer kept for this key; nullopt if the key is new.
  virtual void find_answer(UserId owner, std::string key, Done<Expected<std::optional<KeptAnswer>, Unavailable>> done) = 0;
  /// Does nothing if the key has an answer: the first one stays, which may be stored with the effect of another server's try.
  virtual void keep_answer(UserId owner, std::string key, KeptAnswer answer, WallTime now) = 0;
  /// Deletes kept answers and changes older than `answers`, and logins that expired before `logins`; called now and then. Servers
  /// read the change feed several times a second, so none misses a change.
  virtual void forget_before(WallTime answers, WallTime logins) = 0;
};

}  // namespace belfry::store

// Accounts: sign-up, login, profile and logout. One per shard, owned by its ShardStack and used on its thread. The server stores
// only the hash of a password, computed on worker threads. A wrong password and an unknown user get the same answer after about
// the same time (R-004-03), so an attacker cannot find out which names exist.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/accounts/revocation_cache.hpp"
#include "app/accounts/tokens.hpp"
#include "base/clock.hpp"
#include "base/own_thread.hpp"
#include "base/random.hpp"
#include "store/account_store.hpp"

namespace belfry::accounts {

/// Port: computes and verifies password hashes on worker threads. `done` runs once, on the calling shard; nullopt means that the
/// queue is full and the client should retry.
class PasswordHasher {
 public:
  virtual ~PasswordHasher() = default;
  /// `client`: the client's address. The queue takes only a few requests from one address.
  virtual void hash(const std::string& client, std::string password, std::function<void(std::optional<std::string>)> done) = 0;
  virtual void verify(const std::string& client, std::string stored, std::string password,
                      std::function<void(std::optional<bool>)> done) = 0;
  /// The hash of a random password. Verifying a password of an unknown user against it takes as long as verifying a wrong one.
  [[nodiscard]] virtual const std::string& decoy() const = 0;
};

enum class AccountFault : std::uint8_t {
  username_taken,
  email_taken,
  wrong_password,
  current_password_missing,
  current_password_wrong,
  no_password,  // an external user: there is no password here to check
  login_ended,
  refresh_token_invalid,
  not_active,
  overloaded,
  no_such_user,
  unavailable
};

/// The client as the request describes it.
struct Client {
  std::string address{}, user_agent{};
};

struct SignUp {
  std::string username{};  // empty: derived from the name or the e-mail
  std::optional<std::string> email{};
  std::string password{};
  std::string name{};
  Client client{};
};

/// Absent fields stay unchanged. Changing the password or the e-mail address takes over the account for good, so both require the
/// current password; a session left open is not enough.
struct ProfileUpdate {
  store::ProfileChange profile{};
  std::optional<std::string> new_password{}, current_password{};
  Client client{};
};

struct SignedIn {
  account::User user{};
  account::LoginId login{};
  std::string token{};
  WallTime expires{};           // of the token
  std::string refresh_token{};  // empty: there is none
};

/// Why a login ended. `left`: a person logged out with this very login, which for their call is a hang-up (SPEC 2.8.11).
/// `revoked`: all else, which ends the call as token_revoked (T-22). `elsewhere`: another server or an operator's command ended
/// it; it may have been replaced there by a refresh, which the change feed does not say.
enum class LoginEnd : std::uint8_t { left, revoked, elsewhere };

class Accounts {
 public:
  /// Called when a credential ends, and when others should see it. They act on the sessions of all shards of this process.
  struct Consequences {
    std::function<void(account::LoginId, account::UserId, LoginEnd)> login_ended;
    std::function<void(account::UserId, account::UserStatus)> status_changed;
    /// Who signed up, or changed what others see of them.
    std::function<void(const account::User&)> shown_changed = {};
  };
  /// All of them must outlive Accounts.
  struct Ports {
    store::AccountStore& store;
    PasswordHasher& hasher;
    const Tokens& tokens;
    RevocationCache& revocations;
    const Consequences& consequences;
    const Clock& clock;
    Random& random;
  };
  template <class T>
  using Done = std::function<void(Expected<T, AccountFault>)>;

  explicit Accounts(const Ports& ports) : ports_(ports) {}

  void sign_up(SignUp request, Done<SignedIn> done);
  void log_in(std::string email_or_username, std::string password, Client client, Done<SignedIn> done);
  /// The same for an account that is already loaded. nullopt (unknown user) takes as long as a wrong password.
  void log_in_to(const std::optional<store::Account>& found, const std::string& password, const Client& client,
                 const Done<SignedIn>& done);
  /// Ends the login with its family: its cookie, its tokens and its live sockets, at once.
  void log_out(const Identity& who, Done<void> done);
  void log_out_everywhere(const Identity& who, Done<void> done);
  void end_login(const Identity& who, account::LoginId login, Done<void> done);
  /// Replaces this login by a new one.
  void refresh(const Identity& who, std::string user_agent, Done<SignedIn> done);
  /// The same for a refresh token, which is good once. If it has been used, one of its two users is a thief, so all logins of its
  /// family end (docs/decisions/0024-refresh-tokens-are-used-once.md).
  void refresh_by_token(const store::RefreshableLogin& held, std::string user_agent, const Done<SignedIn>& done);
  /// Ends the family of a refresh token; of an unknown one there is nothing to end.
  void log_out_family(const std::string& refresh_token, Done<void> done);
  /// 256 random bits in hex.
  [[nodiscard]] std::string random_token() const;
  void profile(const Identity& who, Done<account::User> done);
  /// A new password ends the user's other logins, because a thief who knew the old password may hold one.
  void update(const Identity& who, ProfileUpdate request, Done<account::User> done);
  /// A user who is not active any more also loses all logins, for good.
  void set_status(account::UserId user, account::UserStatus status, Done<void> done);

 private:
  void create(const std::shared_ptr<const SignUp>& request, std::string hash, int tries, Done<SignedIn> done);
  [[nodiscard]] SignedIn issue(const account::User& user) const;
  [[nodiscard]] SignedIn issue_with_refresh(const account::User& user) const;
  [[nodiscard]] store::Login row_of(const SignedIn& in, std::string user_agent) const;
  void admit(const account::User& user, std::string password_hash, std::string user_agent, Done<SignedIn> done);
  void list(const Identity& who, Done<void> done);
  struct Ended {
    account::LoginId login{};
    WallTime expires{};
  };
  void replace(const Ended& old, const SignedIn& in, std::string user_agent, Done<SignedIn> done);
  void end_family(account::LoginId login, LoginEnd how, Done<void> done);
  void revoke(const Ended& login, account::UserId user, LoginEnd how, Done<void> done);
  void note_ended(const Identity& who, const store::TokenLimit& limit, const std::vector<store::Login>& ended) const;
  void prove(const Identity& who, ProfileUpdate request, const store::Account& account, Done<account::User> done);
  void write(const Identity& who, ProfileUpdate request, Done<account::User> done);
  void store_profile(const Identity& who, store::ProfileChange change, Done<account::User> done);
  void tell_shown(const account::User& user) const;
  void tell_ended(account::LoginId login, account::UserId user, LoginEnd how) const;
  [[nodiscard]] Uuid new_id() const;

  [[no_unique_address]] OwnThread own_thread_;
  Ports ports_;
};

/// The form in which the store keeps a refresh token.
[[nodiscard]] std::string hash_of_refresh_token(std::string_view token);

/// Lower case, as the store keeps addresses: two spellings of one address are one account.
[[nodiscard]] std::string lower_email(std::string email);

/// The username that sign-up derives when the client sends none: letters, digits, `_` and `-`.
[[nodiscard]] std::string username_from(std::string_view name_or_email);

}  // namespace belfry::accounts

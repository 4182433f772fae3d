#include "app/accounts/accounts.hpp"

#include <algorithm>
#include <cctype>
#include <memory>
#include <utility>

#include "base/check.hpp"
#include "base/new_uuid.hpp"

namespace belfry::accounts {
namespace {

// A derived name that is taken gets a random suffix; this many suffixes are tried.
constexpr int kMaxNameTries = 8;

AccountFault fault_of(store::CreateFault fault) {
  switch (fault) {
    case store::CreateFault::username_taken:
      return AccountFault::username_taken;
    case store::CreateFault::email_taken:
      return AccountFault::email_taken;
    case store::CreateFault::unavailable:
      return AccountFault::unavailable;
  }
  CHECK(false, "a fault of a creation without that of an account");
}

}  // namespace

std::string lower_email(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string username_from(std::string_view name_or_email) {
  std::string name;
  for (const char c : name_or_email.substr(0, name_or_email.find('@'))) {
    const char one[] = {c, '\0'};
    if (account::is_username(one))
      name += c;
    else if (c == ' ' || c == '.')
      name += '_';
  }
  return name.empty() ? "user" : name.substr(0, account::kMaxUsernameLength - 8);
}

Uuid Accounts::new_id() const { return new_uuid(ports_.clock, ports_.random); }

void Accounts::sign_up(SignUp request, Done<SignedIn> done) {
  own_thread_.check();
  auto kept = std::make_shared<SignUp>(std::move(request));
  ports_.hasher.hash(kept->client.address, std::exchange(kept->password, {}),
                     [this, kept, done = std::move(done)](std::optional<std::string> hash) {
                       if (!hash) return done(unexpected(AccountFault::overloaded));
                       create(kept, std::move(*hash), 0, done);
                     });
}

void Accounts::create(const std::shared_ptr<const SignUp>& request, std::string hash, int tries, Done<SignedIn> done) {
  const bool made_up = request->username.empty();
  store::NewUser user{.id = account::UserId(new_id()), .username = request->username};
  if (made_up) {
    user.username = username_from(request->name.empty() ? request->email.value_or("user") : request->name);
    if (tries > 0) user.username += "-" + to_text(user.id.value()).substr(30);
  }
  if (const auto& email = request->email) user.email = lower_email(*email);
  user.display_name = request->name.empty() ? user.username : request->name;
  user.password_hash = hash;
  user.at = ports_.clock.wall();
  ports_.store.create(std::move(user), [this, request, hash, tries, made_up, done = std::move(done)](auto created) {
    if (created) {
      tell_shown(*created);
      return admit(*created, hash, request->client.user_agent, done);
    }
    if (made_up && created.error() == store::CreateFault::username_taken && tries < kMaxNameTries)
      return create(request, hash, tries + 1, done);
    done(unexpected(fault_of(created.error())));
  });
}

SignedIn Accounts::issue(const account::User& user) const {
  SignedIn in{.user = user, .login = account::LoginId(new_id())};
  auto issued = ports_.tokens.issue(user, in.login, ports_.clock.wall());
  in.token = std::move(issued.token);
  in.expires = issued.expires;
  return in;
}

store::Login Accounts::row_of(const SignedIn& in, std::string user_agent) const {
  const WallTime now = ports_.clock.wall();
  store::Login login{
      .id = in.login, .user = in.user.id, .created = now, .expires = in.expires, .user_agent = std::move(user_agent)};
  if (in.refresh_token.empty()) return login;
  login.refresh_hash = hash_of_refresh_token(in.refresh_token);
  login.expires = ports_.tokens.refresh_until(now);
  return login;
}

/// The user may have changed the password after we checked it, to lock out a thief: the store compares the hash again.
void Accounts::admit(const account::User& user, std::string password_hash, std::string user_agent, Done<SignedIn> done) {
  SignedIn in = issue_with_refresh(user);
  store::Login login = row_of(in, std::move(user_agent));
  ports_.store.admit(std::move(login), std::move(password_hash), [in = std::move(in), done = std::move(done)](const auto& kept) {
    if (!kept) return done(unexpected(AccountFault::unavailable));
    if (!*kept) return done(unexpected(AccountFault::wrong_password));
    done(in);
  });
}

void Accounts::log_in(std::string email_or_username, std::string password, Client client, Done<SignedIn> done) {
  own_thread_.check();
  const bool email = email_or_username.find('@') != std::string::npos;
  if (email) email_or_username = lower_email(std::move(email_or_username));
  ports_.store.find_account(std::move(email_or_username), [this, password = std::move(password), client = std::move(client),
                                                           done = std::move(done)](const auto& found) {
    if (!found) return done(unexpected(AccountFault::unavailable));
    log_in_to(*found, password, client, done);
  });
}

void Accounts::log_in_to(const std::optional<store::Account>& found, const std::string& password, const Client& client,
                         const Done<SignedIn>& done) {
  own_thread_.check();
  const bool known = found.has_value() && !found->password_hash.empty();
  const account::User user = known ? found->user : account::User{};
  const std::string hash = known ? found->password_hash : ports_.hasher.decoy();
  ports_.hasher.verify(client.address, hash, password,
                       [this, known, user, hash, agent = client.user_agent, done](std::optional<bool> right) {
                         if (!right) return done(unexpected(AccountFault::overloaded));
                         if (!known || !*right) return done(unexpected(AccountFault::wrong_password));
                         if (user.status != account::UserStatus::active) return done(unexpected(AccountFault::not_active));
                         admit(user, hash, agent, done);
                       });
}

/// With its family: a refresh that runs at the same time may have replaced the login since its credential was checked.
void Accounts::revoke(const Ended& login, account::UserId user, LoginEnd how, Done<void> done) {
  end_family(login.login, how, [this, login, user, how, done = std::move(done)](const auto& ended) {
    if (!ended) return done(ended);
    if (!ports_.revocations.is_revoked(login.login)) {  // it has no row, or another server has just replaced it
      ports_.revocations.note_revoked(login.login, login.expires);
      tell_ended(login.login, user, how);
    }
    done({});
  });
}

void Accounts::tell_shown(const account::User& user) const {
  if (ports_.consequences.shown_changed) ports_.consequences.shown_changed(user);
}

void Accounts::tell_ended(account::LoginId login, account::UserId user, LoginEnd how) const {
  for (const auto& each : ports_.revocations.refresh_chain_of(login)) ports_.consequences.login_ended(each, user, how);
}

/// A token signed by another tool or issuer has no row yet. Add one, because only a stored login can be revoked for good.
void Accounts::list(const Identity& who, Done<void> done) {
  if (who.listed) return done({});
  ports_.store.add_login({who.login, who.user, ports_.clock.wall(), who.expires, {}}, [done = std::move(done)](const auto& kept) {
    if (!kept) return done(unexpected(AccountFault::unavailable));
    done({});
  });
}

void Accounts::log_out(const Identity& who, Done<void> done) {
  own_thread_.check();
  list(who, [this, who, done = std::move(done)](const auto& listed) {
    if (!listed) return done(listed);
    revoke({who.login, who.expires}, who.user, LoginEnd::left, done);
  });
}

void Accounts::end_login(const Identity& who, account::LoginId login, Done<void> done) {
  own_thread_.check();
  ports_.store.logins(who.user, ports_.clock.wall(), [this, who, login, done = std::move(done)](const auto& logins) {
    if (!logins) return done(unexpected(AccountFault::unavailable));
    const LoginEnd how = login == who.login ? LoginEnd::left : LoginEnd::revoked;
    for (const auto& each : *logins)
      if (each.id == login) return revoke({login, each.expires}, who.user, how, done);
    done(unexpected(AccountFault::no_such_user));
  });
}

void Accounts::log_out_everywhere(const Identity& who, Done<void> done) {
  own_thread_.check();
  list(who, [this, who, done = std::move(done)](const auto& listed) {
    if (!listed) return done(listed);
    const WallTime now = ports_.clock.wall();
    ports_.store.revoke_all(who.user, now, [this, who, now, done](const auto& ended) {
      if (!ended) return done(unexpected(AccountFault::unavailable));
      note_ended(who, {.from = now, .but = {}}, *ended);
      done({});
    });
  });
}

/// What the store has revoked of all that a user had, at the request of `who`.
void Accounts::note_ended(const Identity& who, const store::TokenLimit& limit, const std::vector<store::Login>& ended) const {
  const auto how = [&](account::LoginId login) { return login == who.login ? LoginEnd::left : LoginEnd::revoked; };
  for (const auto& each : ended) {
    ports_.revocations.note_revoked(each.id, each.expires);
    tell_ended(each.id, who.user, how(each.id));
  }
  for (const auto& login : ports_.revocations.note_limit(who.user, limit))
    ports_.consequences.login_ended(login, who.user, how(login));
}

void Accounts::refresh(const Identity& who, std::string user_agent, Done<SignedIn> done) {
  own_thread_.check();
  profile(who, [this, who, user_agent = std::move(user_agent), done = std::move(done)](const auto& user) {
    if (!user) return done(unexpected(user.error()));
    list(who, [this, who, in = issue(*user), user_agent, done](const auto& listed) {
      if (!listed) return done(unexpected(listed.error()));
      replace({who.login, who.expires}, in, user_agent, done);
    });
  });
}

void Accounts::replace(const Ended& old, const SignedIn& in, std::string user_agent, Done<SignedIn> done) {
  store::Login next = row_of(in, std::move(user_agent));
  // Sockets of the old login stay connected: a refresh continues the session. Note it before asking the store, because the change
  // feed may report the ended login before the store answers.
  ports_.revocations.note_refreshed(old.login, in.login, next.expires);
  ports_.store.replace_login(old.login, std::move(next), [this, old, in, done = std::move(done)](const auto& kept) {
    if (!kept || !*kept) ports_.revocations.forget_refreshed(old.login, in.login);
    if (!kept) return done(unexpected(AccountFault::unavailable));
    if (!*kept) return done(unexpected(AccountFault::login_ended));
    ports_.revocations.note_revoked(old.login, old.expires);
    done(in);
  });
}

void Accounts::profile(const Identity& who, Done<account::User> done) {
  own_thread_.check();
  ports_.store.find(who.user, [done = std::move(done)](const auto& found) {
    if (!found) return done(unexpected(AccountFault::unavailable));
    if (!*found) return done(unexpected(AccountFault::no_such_user));
    done(**found);
  });
}

void Accounts::update(const Identity& who, ProfileUpdate request, Done<account::User> done) {
  own_thread_.check();
  if (request.profile.email) request.profile.email = lower_email(std::move(*request.profile.email));
  if (!request.new_password && !request.profile.email) return store_profile(who, std::move(request.profile), std::move(done));
  ports_.store.account_of(who.user, [this, who, request = std::move(request), done = std::move(done)](const auto& account) {
    if (!account) return done(unexpected(AccountFault::unavailable));
    if (!*account) return done(unexpected(AccountFault::no_such_user));
    // A form that sends the whole profile repeats the current address: that is no change, so no password is needed.
    if (!request.new_password && request.profile.email == (*account)->user.email)
      return store_profile(who, request.profile, done);
    prove(who, request, **account, done);
  });
}

void Accounts::prove(const Identity& who, ProfileUpdate request, const store::Account& account, Done<account::User> done) {
  if (account.password_hash.empty()) return done(unexpected(AccountFault::no_password));
  if (!request.current_password) return done(unexpected(AccountFault::current_password_missing));
  std::string current = std::exchange(*request.current_password, {});
  const std::string address = request.client.address;
  ports_.hasher.verify(address, account.password_hash, std::move(current),
                       [this, who, request = std::move(request), done = std::move(done)](std::optional<bool> right) {
                         if (!right) return done(unexpected(AccountFault::overloaded));
                         if (!*right) return done(unexpected(AccountFault::current_password_wrong));
                         write(who, request, done);
                       });
}

void Accounts::write(const Identity& who, ProfileUpdate request, Done<account::User> done) {
  if (!request.new_password) return store_profile(who, std::move(request.profile), std::move(done));
  std::string password = std::exchange(*request.new_password, {});
  ports_.hasher.hash(
      request.client.address, std::move(password),
      [this, who, profile = std::move(request.profile), done = std::move(done)](std::optional<std::string> hash) mutable {
        if (!hash) return done(unexpected(AccountFault::overloaded));
        profile.password_hash = std::move(*hash);
        store_profile(who, std::move(profile), std::move(done));
      });
}

void Accounts::store_profile(const Identity& who, store::ProfileChange change, Done<account::User> done) {
  const WallTime now = ports_.clock.wall();
  const bool new_password = change.password_hash.has_value();
  const bool shown = change.display_name || change.avatar || change.username;
  change.keep_login = who.login;
  ports_.store.update(who.user, std::move(change), now,
                      [this, who, now, new_password, shown, done = std::move(done)](const auto& updated) {
                        if (!updated) return done(unexpected(fault_of(updated.error())));
                        if (new_password) note_ended(who, {.from = now, .but = who.login}, updated->ended);
                        if (shown) tell_shown(updated->user);
                        done(updated->user);
                      });
}

void Accounts::set_status(account::UserId user, account::UserStatus status, Done<void> done) {
  own_thread_.check();
  const WallTime now = ports_.clock.wall();
  ports_.store.set_status(user, status, now, [this, user, status, now, done = std::move(done)](const auto& changed) {
    if (!changed) return done(unexpected(AccountFault::unavailable));
    if (!*changed) return done(unexpected(AccountFault::no_such_user));
    ports_.revocations.note_status(user, status);
    ports_.consequences.status_changed(user, status);  // ends the calls and closes all sockets
    // Not left to the change feed: the user may be active again before it is read.
    for (const auto& login : **changed) ports_.revocations.note_revoked(login.id, login.expires);
    if (status != account::UserStatus::active) static_cast<void>(ports_.revocations.note_limit(user, {.from = now, .but = {}}));
    done({});
  });
}

}  // namespace belfry::accounts

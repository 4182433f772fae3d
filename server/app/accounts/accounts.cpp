#include "app/accounts/accounts.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>
#include <utility>

namespace belfry::accounts {
namespace {

// A made-up name that is taken gets a number, and another, and another.
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
  return AccountFault::unavailable;
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

Uuid Accounts::new_id() {
  std::array<std::byte, kUuidRandomBytes> random{};
  ports_.random.fill(random);
  return make_uuid_v7(ports_.clock.wall(), random);
}

void Accounts::sign_up(SignUp wish, Done<SignedIn> done) {
  auto kept = std::make_shared<SignUp>(std::move(wish));
  ports_.hasher.hash(std::exchange(kept->password, {}), [this, kept, done = std::move(done)](std::optional<std::string> hash) {
    if (!hash) return done(unexpected(AccountFault::overloaded));
    create(kept, std::move(*hash), 0, done);
  });
}

void Accounts::create(std::shared_ptr<SignUp> wish, std::string hash, int tries, Done<SignedIn> done) {
  const bool made_up = wish->username.empty();
  store::NewUser user{.id = account::UserId(new_id()), .username = wish->username};
  if (made_up) {
    user.username = username_from(wish->name.empty() ? wish->email.value_or("user") : wish->name);
    if (tries > 0) user.username += "-" + to_text(user.id.value()).substr(30);
  }
  if (wish->email) user.email = lower_email(*wish->email);
  user.display_name = wish->name.empty() ? user.username : wish->name;
  user.password_hash = hash;
  user.at = ports_.clock.wall();
  ports_.store.create(std::move(user), [this, wish, hash, tries, made_up, done = std::move(done)](auto created) {
    if (created) return admit(*created, wish->user_agent, done);
    if (made_up && created.error() == store::CreateFault::username_taken && tries < kMaxNameTries)
      return create(wish, hash, tries + 1, done);
    done(unexpected(fault_of(created.error())));
  });
}

void Accounts::admit(const account::User& user, std::string user_agent, Done<SignedIn> done) {
  SignedIn in{.user = user, .login = account::LoginId(new_id())};
  const WallTime now = ports_.clock.wall();
  auto issued = ports_.tokens.issue(user, in.login, now);
  in.token = std::move(issued.token);
  in.expires = issued.expires;
  store::Login login{.id = in.login, .user = user.id, .created = now, .expires = in.expires, .user_agent = std::move(user_agent)};
  ports_.store.add_login(std::move(login), [in = std::move(in), done = std::move(done)](const auto& kept) {
    if (!kept) return done(unexpected(AccountFault::unavailable));
    done(in);
  });
}

void Accounts::log_in(std::string email_or_username, std::string password, std::string user_agent, Done<SignedIn> done) {
  const bool email = email_or_username.find('@') != std::string::npos;
  if (email) email_or_username = lower_email(std::move(email_or_username));
  ports_.store.find_account(
      std::move(email_or_username),
      [this, password = std::move(password), user_agent = std::move(user_agent), done = std::move(done)](const auto& found) {
        if (!found) return done(unexpected(AccountFault::unavailable));
        const bool known = found->has_value() && !(*found)->password_hash.empty();
        const account::User user = known ? (*found)->user : account::User{};
        ports_.hasher.verify(known ? (*found)->password_hash : ports_.hasher.decoy(), password,
                             [this, known, user, user_agent, done](std::optional<bool> right) {
                               if (!right) return done(unexpected(AccountFault::overloaded));
                               if (!known || !*right) return done(unexpected(AccountFault::wrong_password));
                               if (user.status != account::UserStatus::active) return done(unexpected(AccountFault::not_active));
                               admit(user, user_agent, done);
                             });
      });
}

void Accounts::revoke(account::LoginId login, account::UserId user, WallTime expires, Done<void> done) {
  ports_.store.revoke(login, ports_.clock.wall(), [this, login, user, expires, done = std::move(done)](const auto& kept) {
    if (!kept) return done(unexpected(AccountFault::unavailable));
    ports_.standing.note_revoked(login, expires);
    tell_ended(login, user);
    done({});
  });
}

void Accounts::tell_ended(account::LoginId login, account::UserId user) const {
  for (const auto& each : ports_.standing.line_of(login)) ports_.consequences.login_ended(each, user);
}

void Accounts::log_out(const Identity& who, Done<void> done) {
  if (!who.external) return revoke(who.login, who.user, who.expires, std::move(done));
  // Another issuer's login is in no table of ours yet, and what is not there cannot be revoked for good.
  ports_.store.add_login({who.login, who.user, ports_.clock.wall(), who.expires, {}},
                         [this, who, done = std::move(done)](const auto& kept) {
                           if (!kept) return done(unexpected(AccountFault::unavailable));
                           revoke(who.login, who.user, who.expires, done);
                         });
}

void Accounts::end_login(const Identity& who, account::LoginId login, Done<void> done) {
  ports_.store.logins(who.user, ports_.clock.wall(), [this, user = who.user, login, done = std::move(done)](const auto& logins) {
    if (!logins) return done(unexpected(AccountFault::unavailable));
    for (const auto& each : *logins)
      if (each.id == login) return revoke(login, user, each.expires, done);
    done(unexpected(AccountFault::no_such_user));
  });
}

void Accounts::log_out_everywhere(const Identity& who, Done<void> done) {
  ports_.store.logins(who.user, ports_.clock.wall(), [this, user = who.user, done = std::move(done)](auto logins) {
    if (!logins) return done(unexpected(AccountFault::unavailable));
    ports_.store.revoke_all(user, ports_.clock.wall(), [this, user, ended = std::move(*logins), done](const auto& kept) {
      if (!kept) return done(unexpected(AccountFault::unavailable));
      for (const auto& each : ended) {
        ports_.standing.note_revoked(each.id, each.expires);
        tell_ended(each.id, user);
      }
      done({});
    });
  });
}

void Accounts::revoke_each(std::vector<store::Login> logins, Done<void> done) {
  if (logins.empty()) return done({});
  const store::Login last = std::move(logins.back());
  logins.pop_back();
  revoke(last.id, last.user, last.expires, [this, logins = std::move(logins), done = std::move(done)](const auto& kept) {
    if (!kept) return done(kept);
    revoke_each(logins, done);
  });
}

void Accounts::revoke_others(const Identity& who, Done<void> done) {
  ports_.store.logins(who.user, ports_.clock.wall(), [this, mine = who.login, done = std::move(done)](auto logins) {
    if (!logins) return done(unexpected(AccountFault::unavailable));
    std::erase_if(*logins, [&](const store::Login& each) { return each.id == mine; });
    revoke_each(std::move(*logins), done);
  });
}

void Accounts::refresh(const Identity& who, std::string user_agent, Done<SignedIn> done) {
  profile(who, [this, who, user_agent = std::move(user_agent), done = std::move(done)](const auto& user) {
    if (!user) return done(unexpected(user.error()));
    admit(*user, user_agent, [this, who, done](const auto& in) {
      if (!in) return done(in);
      // Sockets of the old login live on: refreshing is what keeps a session, it does not end one. Noted before the store is
      // asked, since its change feed may be read before its answer is.
      ports_.standing.note_refreshed(who.login, in->login, in->expires);
      ports_.store.revoke(who.login, ports_.clock.wall(), [this, who, in, done](const auto& kept) {
        if (!kept) return done(unexpected(AccountFault::unavailable));
        ports_.standing.note_revoked(who.login, who.expires);
        done(in);
      });
    });
  });
}

void Accounts::profile(const Identity& who, Done<account::User> done) {
  ports_.store.find(who.user, [done = std::move(done)](const auto& found) {
    if (!found) return done(unexpected(AccountFault::unavailable));
    if (!*found) return done(unexpected(AccountFault::no_such_user));
    done(**found);
  });
}

void Accounts::update(const Identity& who, store::ProfileChange change, std::optional<std::string> new_password,
                      Done<account::User> done) {
  if (change.email) change.email = lower_email(std::move(*change.email));
  if (!new_password) return write(who, std::move(change), std::move(done));
  ports_.hasher.hash(std::move(*new_password),
                     [this, who, change = std::move(change), done = std::move(done)](std::optional<std::string> hash) mutable {
                       if (!hash) return done(unexpected(AccountFault::overloaded));
                       change.password_hash = std::move(*hash);
                       write(who, std::move(change), std::move(done));
                     });
}

void Accounts::write(const Identity& who, store::ProfileChange change, Done<account::User> done) {
  const bool new_password = change.password_hash.has_value();
  ports_.store.update(who.user, std::move(change), ports_.clock.wall(),
                      [this, who, new_password, done = std::move(done)](const auto& updated) {
                        if (!updated) return done(unexpected(fault_of(updated.error())));
                        if (!new_password) return done(*updated);
                        revoke_others(who, [user = *updated, done](const auto& ended) {
                          if (!ended) return done(unexpected(ended.error()));
                          done(user);
                        });
                      });
}

void Accounts::set_status(account::UserId user, account::UserStatus status, Done<void> done) {
  ports_.store.set_status(user, status, ports_.clock.wall(), [this, user, status, done = std::move(done)](const auto& found) {
    if (!found) return done(unexpected(AccountFault::unavailable));
    if (!*found) return done(unexpected(AccountFault::no_such_user));
    ports_.standing.note_status(user, status);
    ports_.consequences.status_changed(user, status);
    done({});
  });
}

}  // namespace belfry::accounts

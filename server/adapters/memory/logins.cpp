// The logins of the account store.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/memory/stores.hpp"

namespace belfry::memory {
namespace {

using store::Change;
using store::Done;
using store::LoginId;
using store::Unavailable;
using store::UserId;

void revoke_in(State& state, LoginEntry& entry, WallTime now) {
  if (entry.revoked) return;
  entry.revoked = now;
  note(state, {.kind = Change::Kind::login_revoked, .user = entry.login.user, .login = entry.login.id}, now);
}

LoginId family_of(const store::Login& login) { return login.family == LoginId{} ? login.id : login.family; }

void note_active_in(State& state, const UserId& id, WallTime when) {
  if (auto* user = find_user(state, id)) user->user.last_active = std::max(user->user.last_active.value_or(WallTime{}), when);
}

void add_login_in(State& state, store::Login login) {
  note_active_in(state, login.user, login.created);
  const LoginId id = login.id;
  state.logins.emplace(id, LoginEntry{.login = std::move(login)});
}

}  // namespace

std::vector<store::Login> revoke_logins_of(State& state, const UserId& user, WallTime now, const LoginId& but) {
  state.limits[user] = {.from = now, .but = but};
  note(state, {.kind = Change::Kind::user_status, .user = user}, now);
  std::vector<store::Login> ended;
  for (auto& [id, entry] : state.logins) {
    if (entry.login.user != user || id == but || entry.revoked || entry.login.expires <= now) continue;
    revoke_in(state, entry, now);
    ended.push_back(entry.login);
  }
  return ended;
}

void AccountStore::note_active(UserId user, WallTime when) {
  tables_.with([&](State& state) { note_active_in(state, user, when); });
}

void AccountStore::add_login(store::Login login, Done<Expected<void, Unavailable>> done) {
  tables_.with([&](State& state) { add_login_in(state, std::move(login)); });
  done({});
}

void AccountStore::admit(store::Login login, std::string password_hash, Done<Expected<bool, Unavailable>> done) {
  done(tables_.with([&](State& state) {
    const auto* user = find_user(state, login.user);
    if (user == nullptr || user->password_hash != password_hash || user->user.status != account::UserStatus::active) return false;
    add_login_in(state, std::move(login));
    return true;
  }));
}

void AccountStore::replace_login(LoginId old, store::Login next, Done<Expected<bool, Unavailable>> done) {
  done(tables_.with([&](State& state) {
    const auto* user = find_user(state, next.user);
    if (user == nullptr || user->user.status != account::UserStatus::active) return false;
    if (const auto found = state.logins.find(old); found != state.logins.end()) {
      if (found->second.revoked) return false;
      revoke_in(state, found->second, next.created);
      next.family = family_of(found->second.login);
    }
    add_login_in(state, std::move(next));
    return true;
  }));
}

void AccountStore::find_refresh(std::string hash, Done<Expected<std::optional<store::RefreshableLogin>, Unavailable>> done) {
  done(tables_.with([&](State& state) -> std::optional<store::RefreshableLogin> {
    for (const auto& [id, entry] : state.logins) {
      if (entry.login.refresh_hash.empty() || entry.login.refresh_hash != hash) continue;
      store::RefreshableLogin found{entry.login, entry.revoked.has_value()};
      found.login.family = family_of(entry.login);
      return found;
    }
    return std::nullopt;
  }));
}

void AccountStore::revoke_family(LoginId login, WallTime now, Done<Expected<std::vector<store::Login>, Unavailable>> done) {
  done(tables_.with([&](State& state) {
    std::vector<store::Login> ended;
    const auto found = state.logins.find(login);
    const LoginId family = found == state.logins.end() ? login : family_of(found->second.login);
    for (auto& [id, entry] : state.logins) {
      if (family_of(entry.login) != family || entry.revoked) continue;
      revoke_in(state, entry, now);
      ended.push_back(entry.login);
    }
    return ended;
  }));
}

void AccountStore::revoke_all(UserId user, WallTime now, Done<Expected<std::vector<store::Login>, Unavailable>> done) {
  done(tables_.with([&](State& state) {
    return find_user(state, user) == nullptr ? std::vector<store::Login>{} : revoke_logins_of(state, user, now, {});
  }));
}

void AccountStore::logins(UserId user, WallTime now, Done<Expected<std::vector<store::Login>, Unavailable>> done) {
  done(tables_.with([&](State& state) {
    std::vector<store::Login> all;
    for (const auto& [id, entry] : state.logins)
      if (entry.login.user == user && !entry.revoked && now < entry.login.expires) all.push_back(entry.login);
    std::sort(all.begin(), all.end(),
              [](const auto& a, const auto& b) { return std::pair(b.created, b.id) < std::pair(a.created, a.id); });
    return all;
  }));
}

}  // namespace belfry::memory

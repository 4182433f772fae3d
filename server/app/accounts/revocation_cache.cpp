#include "app/accounts/revocation_cache.hpp"

#include <algorithm>
#include <utility>

namespace belfry::accounts {
namespace {

bool is_void(const store::TokenLimit& limit, account::LoginId login, WallTime issued) {
  return issued < limit.from && login != limit.but;
}

}  // namespace

void RevocationCache::fill(const store::RevocationSnapshot& revocations) {
  tables_.with([&](Tables& tables) {
    for (const auto& [user, status] : revocations.not_active) tables.not_active.insert_or_assign(user, status);
    for (const auto& [login, expires] : revocations.revoked) tables.revoked.insert_or_assign(login, expires);
    for (const auto& [user, limit] : revocations.limits) tables.limits.insert_or_assign(user, limit);
  });
}

void RevocationCache::note_revoked(account::LoginId login, WallTime expires) {
  tables_.with([&](Tables& tables) {
    tables.revoked.insert_or_assign(login, expires);
    tables.met.erase(login);
  });
}

void RevocationCache::note_status(account::UserId user, account::UserStatus status) {
  tables_.with([&](Tables& tables) {
    if (status == account::UserStatus::active)
      tables.not_active.erase(user);
    else
      tables.not_active.insert_or_assign(user, status);
  });
}

void RevocationCache::note_refreshed(account::LoginId old, account::LoginId next, WallTime next_expires) {
  tables_.with([&](Tables& tables) {
    tables.before.insert_or_assign(next, Refreshed{old, next_expires});
    tables.after.try_emplace(old, Refreshed{next, next_expires});  // of two concurrent refreshes the store accepts one
  });
}

void RevocationCache::forget_refreshed(account::LoginId old, account::LoginId next) {
  tables_.with([&](Tables& tables) {
    tables.before.erase(next);
    if (const auto found = tables.after.find(old); found != tables.after.end() && found->second.other == next)
      tables.after.erase(found);
  });
}

std::vector<account::LoginId> RevocationCache::note_limit(account::UserId user, const store::TokenLimit& limit) {
  return tables_.with([&](Tables& tables) {
    std::vector<account::LoginId> ended;
    if (limit == store::TokenLimit{}) return ended;
    store::TokenLimit& known = tables.limits[user];
    if (limit == known || limit.from < known.from) return ended;  // the change feed may lag behind a limit set on this server
    known = limit;
    boost::unordered::erase_if(tables.met, [&](const auto& each) {
      const auto& [login, met] = each;
      if (met.user != user || !is_void(limit, login, met.issued)) return false;
      ended.push_back(login);
      return true;
    });
    return ended;
  });
}

bool RevocationCache::meet(const Identity& who) const {
  return tables_.with([&](Tables& tables) {
    const auto limit = tables.limits.find(who.user);
    if (limit != tables.limits.end() && is_void(limit->second, who.login, who.issued)) return false;
    if (tables.met.size() < kMostMet) tables.met.try_emplace(who.login, Met{who.user, who.issued, who.expires});
    return true;
  });
}

bool RevocationCache::has_met(account::UserId user) const {
  return tables_.with([&](const Tables& tables) {
    return std::any_of(tables.met.begin(), tables.met.end(), [&](const auto& each) { return each.second.user == user; });
  });
}

void RevocationCache::forget_all() {
  tables_.with([](Tables& tables) { tables = {}; });
}

bool RevocationCache::is_revoked(account::LoginId login) const {
  return tables_.with([&](const Tables& tables) { return tables.revoked.contains(login); });
}

bool RevocationCache::is_refreshed(account::LoginId login) const {
  return tables_.with([&](const Tables& tables) { return tables.after.contains(login); });
}

std::vector<account::LoginId> RevocationCache::refresh_chain_of(account::LoginId login) const {
  return tables_.with([&](const Tables& tables) {
    std::vector<account::LoginId> chain = {login};
    for (auto at = tables.before.find(login); at != tables.before.end(); at = tables.before.find(chain.back()))
      chain.push_back(at->second.other);
    return chain;
  });
}

bool RevocationCache::is_active(account::UserId user) const {
  return tables_.with([&](const Tables& tables) { return !tables.not_active.contains(user); });
}

void RevocationCache::sweep(WallTime now) {
  tables_.with([&](Tables& tables) {
    boost::unordered::erase_if(tables.revoked, [&](const auto& each) { return each.second < now; });
    boost::unordered::erase_if(tables.met, [&](const auto& each) { return each.second.expires < now; });
    for (auto* logins : {&tables.before, &tables.after})
      boost::unordered::erase_if(*logins, [&](const auto& each) { return each.second.until < now; });
  });
}

}  // namespace belfry::accounts

#include "app/accounts/revocation_cache.hpp"

#include <utility>

namespace belfry::accounts {
namespace {

bool is_void(const store::TokenLimit& limit, account::LoginId login, WallTime issued) {
  return issued < limit.from && login != limit.but;
}

}  // namespace

void RevocationCache::fill(const store::RevocationSnapshot& revocations) {
  book_.with([&](Book& book) {
    for (const auto& [user, status] : revocations.not_active) book.not_active.insert_or_assign(user, status);
    for (const auto& [login, expires] : revocations.revoked) book.revoked.insert_or_assign(login, expires);
    for (const auto& [user, limit] : revocations.limits) book.limits.insert_or_assign(user, limit);
  });
}

void RevocationCache::note_revoked(account::LoginId login, WallTime expires) {
  book_.with([&](Book& book) {
    book.revoked.insert_or_assign(login, expires);
    book.met.erase(login);
  });
}

void RevocationCache::note_status(account::UserId user, account::UserStatus status) {
  book_.with([&](Book& book) {
    if (status == account::UserStatus::active)
      book.not_active.erase(user);
    else
      book.not_active.insert_or_assign(user, status);
  });
}

void RevocationCache::note_refreshed(account::LoginId old, account::LoginId next, WallTime next_expires) {
  book_.with([&](Book& book) {
    book.before.insert_or_assign(next, Place{old, next_expires});
    book.after.try_emplace(old, Place{next, next_expires});  // of two refreshes at once the store lets one through
  });
}

void RevocationCache::forget_refreshed(account::LoginId old, account::LoginId next) {
  book_.with([&](Book& book) {
    book.before.erase(next);
    if (const auto found = book.after.find(old); found != book.after.end() && found->second.other == next)
      book.after.erase(found);
  });
}

std::vector<account::LoginId> RevocationCache::note_limit(account::UserId user, const store::TokenLimit& limit) {
  return book_.with([&](Book& book) {
    std::vector<account::LoginId> ended;
    if (limit == store::TokenLimit{}) return ended;
    store::TokenLimit& known = book.limits[user];
    if (limit == known || limit.from < known.from) return ended;  // the change feed may be behind what was done here
    known = limit;
    boost::unordered::erase_if(book.met, [&](const auto& each) {
      const auto& [login, met] = each;
      if (met.user != user || !is_void(limit, login, met.issued)) return false;
      ended.push_back(login);
      return true;
    });
    return ended;
  });
}

bool RevocationCache::meet(const Identity& who) const {
  return book_.with([&](Book& book) {
    const auto limit = book.limits.find(who.user);
    if (limit != book.limits.end() && is_void(limit->second, who.login, who.issued)) return false;
    if (book.met.size() < kMostMet) book.met.try_emplace(who.login, Met{who.user, who.issued, who.expires});
    return true;
  });
}

void RevocationCache::forget_all() {
  book_.with([](Book& book) { book = {}; });
}

bool RevocationCache::is_revoked(account::LoginId login) const {
  return book_.with([&](const Book& book) { return book.revoked.contains(login); });
}

bool RevocationCache::is_refreshed(account::LoginId login) const {
  return book_.with([&](const Book& book) { return book.after.contains(login); });
}

std::vector<account::LoginId> RevocationCache::line_of(account::LoginId login) const {
  return book_.with([&](const Book& book) {
    std::vector<account::LoginId> line = {login};
    for (auto at = book.before.find(login); at != book.before.end(); at = book.before.find(line.back()))
      line.push_back(at->second.other);
    return line;
  });
}

bool RevocationCache::is_active(account::UserId user) const {
  return book_.with([&](const Book& book) { return !book.not_active.contains(user); });
}

void RevocationCache::sweep(WallTime now) {
  book_.with([&](Book& book) {
    boost::unordered::erase_if(book.revoked, [&](const auto& each) { return each.second < now; });
    boost::unordered::erase_if(book.met, [&](const auto& each) { return each.second.expires < now; });
    for (auto* places : {&book.before, &book.after})
      boost::unordered::erase_if(*places, [&](const auto& each) { return each.second.until < now; });
  });
}

}  // namespace belfry::accounts

#include "app/accounts/standing_book.hpp"

namespace belfry::accounts {

void StandingBook::fill(const store::Standing& standing) {
  book_.with([&](Book& book) {
    for (const auto& [user, status] : standing.not_active) book.not_active.insert_or_assign(user, status);
    for (const auto& [login, expires] : standing.revoked) book.revoked.insert_or_assign(login, expires);
  });
}

void StandingBook::note_revoked(account::LoginId login, WallTime expires) {
  book_.with([&](Book& book) { book.revoked.insert_or_assign(login, expires); });
}

void StandingBook::note_status(account::UserId user, account::UserStatus status) {
  book_.with([&](Book& book) {
    if (status == account::UserStatus::active)
      book.not_active.erase(user);
    else
      book.not_active.insert_or_assign(user, status);
  });
}

void StandingBook::note_refreshed(account::LoginId old, account::LoginId next, WallTime next_expires) {
  book_.with([&](Book& book) {
    book.before.insert_or_assign(next, Place{old, next_expires});
    book.after.insert_or_assign(old, Place{next, next_expires});
  });
}

void StandingBook::forget_all() {
  book_.with([](Book& book) { book = {}; });
}

bool StandingBook::is_revoked(account::LoginId login) const {
  return book_.with([&](const Book& book) { return book.revoked.contains(login); });
}

bool StandingBook::is_refreshed(account::LoginId login) const {
  return book_.with([&](const Book& book) { return book.after.contains(login); });
}

std::vector<account::LoginId> StandingBook::line_of(account::LoginId login) const {
  return book_.with([&](const Book& book) {
    std::vector<account::LoginId> line = {login};
    for (auto at = book.before.find(login); at != book.before.end(); at = book.before.find(line.back()))
      line.push_back(at->second.other);
    return line;
  });
}

bool StandingBook::is_active(account::UserId user) const {
  return book_.with([&](const Book& book) { return !book.not_active.contains(user); });
}

void StandingBook::sweep(WallTime now) {
  book_.with([&](Book& book) {
    boost::unordered::erase_if(book.revoked, [&](const auto& each) { return each.second < now; });
    for (auto* places : {&book.before, &book.after})
      boost::unordered::erase_if(*places, [&](const auto& each) { return each.second.until < now; });
  });
}

}  // namespace belfry::accounts

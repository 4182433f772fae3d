#include "app/calls/shown_media.hpp"

#include <algorithm>

namespace belfry::calls {

using store::Done;
using store::StoredCall;
using store::Unavailable;

void ShownMedia::note(const call::CallId& call, const account::UserId& user, const call::SentMedia& sent) {
  calls_.with([&](auto& calls) {
    OfCall& people = calls[call];
    const auto known = std::find_if(people.begin(), people.end(), [&](const auto& each) { return each.first == user; });
    if (known == people.end())
      people.emplace_back(user, sent);
    else
      known->second = sent;
  });
}

void ShownMedia::forget(const call::CallId& call) {
  calls_.with([&](auto& calls) { calls.erase(call); });
}

void ShownMedia::add_to(store::CallRow& row) const {
  if (is_final(row.status)) return;
  calls_.with([&](const auto& calls) {
    const auto found = calls.find(row.id);
    if (found == calls.end()) return;
    for (const auto& [user, sent] : found->second)
      if (store::Leg* const leg = find_leg(row, user)) leg->sent = sent;
  });
}

void CallsWithMedia::load(const call::CallId& id, Done<Expected<std::optional<StoredCall>, Unavailable>> done) {
  ForwardingCallStore::load(id, [this, done = std::move(done)](Expected<std::optional<StoredCall>, Unavailable> found) {
    if (found && *found) media_.add_to((*found)->row);
    done(std::move(found));
  });
}

void CallsWithMedia::load_active(std::size_t limit, Done<Expected<std::vector<StoredCall>, Unavailable>> done) {
  ForwardingCallStore::load_active(limit, [this, done = std::move(done)](Expected<std::vector<StoredCall>, Unavailable> found) {
    if (found)
      for (StoredCall& each : *found) media_.add_to(each.row);
    done(std::move(found));
  });
}

void ArchiveWithMedia::history(store::HistoryQuery query, Done<Expected<store::HistoryPage, Unavailable>> done) {
  ForwardingCallArchive::history(std::move(query),
                                 [this, done = std::move(done)](Expected<store::HistoryPage, Unavailable> page) {
                                   if (page)
                                     for (StoredCall& each : page->calls) media_.add_to(each.row);
                                   done(std::move(page));
                                 });
}

void ArchiveWithMedia::current(account::UserId user, std::optional<WallTime> ended_since,
                               Done<Expected<std::vector<StoredCall>, Unavailable>> done) {
  ForwardingCallArchive::current(user, ended_since,
                                 [this, done = std::move(done)](Expected<std::vector<StoredCall>, Unavailable> found) {
                                   if (found)
                                     for (StoredCall& each : *found) media_.add_to(each.row);
                                   done(std::move(found));
                                 });
}

void ArchiveWithMedia::call_in(conversation::ConversationId conversation, account::UserId reader,
                               Done<Expected<store::ConversationCall, Unavailable>> done) {
  ForwardingCallArchive::call_in(conversation, reader,
                                 [this, done = std::move(done)](Expected<store::ConversationCall, Unavailable> found) {
                                   if (found && found->call) media_.add_to(found->call->row);
                                   done(std::move(found));
                                 });
}

}  // namespace belfry::calls

// Conversations and blocks.
#include <algorithm>
#include <tuple>
#include <utility>

#include "adapters/memory/stores.hpp"
#include "domain/conversation/report.hpp"
#include "store/conversation_entry.hpp"

namespace belfry::memory {
namespace {

using conversation::Conversation;
using conversation::ConversationId;
using store::ConversationFault;
using store::Done;
using store::Opening;
using store::StoredConversation;
using store::Unavailable;
using store::UserId;

bool exists(State& state, const UserId& user) {
  const auto* entry = find_user(state, user);
  return entry != nullptr && entry->user.status != account::UserStatus::deleted;
}

Conversation* find_conversation(State& state, const ConversationId& id) {
  const auto found = state.conversations.find(id);
  return found == state.conversations.end() ? nullptr : &found->second;
}

StoredConversation with_people(State& state, const Conversation& conversation) {
  StoredConversation stored{.conversation = conversation};
  for (const auto& member : conversation.members)
    if (const auto* entry = find_user(state, member.user)) {
      stored.people.push_back(person_of(entry->user));
      const std::string& name = entry->user.display_name;
      stored.names.push_back(name.empty() ? entry->user.username : name);
    }
  return stored;
}

StoredConversation as_seen_by(State& state, const UserId& reader, const Conversation& conversation) {
  StoredConversation stored = with_people(state, conversation);
  add_overview(state, stored, reader);
  return stored;
}

void remove(State& state, const Conversation& conversation) {
  for (const auto& member : conversation.members) state.memberships.erase({member.user, conversation.id});
  state.messages.erase(conversation.id);
  state.conversations.erase(ConversationId(conversation.id));
}

std::vector<const Conversation*> newest_first(State& state, const UserId& user) {
  std::vector<const Conversation*> all;
  for (auto each = state.memberships.lower_bound({user, {}}); each != state.memberships.end() && each->first == user; ++each)
    all.push_back(find_conversation(state, each->second));
  std::sort(all.begin(), all.end(),
            [](const auto* a, const auto* b) { return std::tie(b->updated, b->id) < std::tie(a->updated, a->id); });
  return all;
}

/// See ConversationFault::key_taken.
bool is_taken(const State& state, const conversation::NewConversation& request, const std::optional<store::OpeningClaim>& once) {
  if (!once) return false;
  const auto kept = state.answers.find({once->claim.owner, once->claim.key});
  if (kept == state.answers.end()) return false;
  const bool mine = request.kind == conversation::Kind::direct || state.conversations.contains(request.id);
  return kept->second.answer.fingerprint != once->claim.fingerprint || !mine;
}

void keep_claim(State& state, const store::OpeningClaim& once, const store::OpenedConversation& opened, WallTime now) {
  auto [status, body] = once.write_reply(opened);
  state.answers.insert_or_assign(
      {once.claim.owner, once.claim.key},
      AnswerEntry{.answer = {once.claim.fingerprint, std::nullopt, status, std::move(body)}, .at = now});
}

using Opened = Expected<store::OpenedConversation, ConversationFault>;

Opened open_conversation(State& state, const conversation::NewConversation& request,
                         const std::optional<store::OpeningClaim>& once) {
  const bool direct = request.kind == conversation::Kind::direct;
  const auto pair = direct ? conversation::pair_of(request.creator, request.others.front()) : conversation::Pair{};
  const auto known = state.pairs.find(pair);
  const bool found = direct && known != state.pairs.end();
  const bool all_exist =
      std::all_of(request.others.begin(), request.others.end(), [&](const UserId& each) { return exists(state, each); });
  if (!found && (!all_exist || !exists(state, request.creator))) return unexpected(ConversationFault::user_unknown);
  if (!found && direct && blocks_between(state, pair.first, pair.second)) return unexpected(ConversationFault::blocked);
  if (is_taken(state, request, once)) return unexpected(ConversationFault::key_taken);
  if (!found) keep_conversation(state, begin(request));
  if (!found && direct) state.pairs.emplace(pair, request.id);
  const ConversationId id = found ? known->second : request.id;
  store::OpenedConversation opened{as_seen_by(state, request.creator, *find_conversation(state, id)),
                                   id == request.id ? Opening::made : Opening::found};
  if (once) keep_claim(state, *once, opened, request.at);
  return opened;
}

/// The entry that reports it, if there is something to report.
std::optional<store::Message> report_change(State& state, const store::ConversationChange& change,
                                            const StoredConversation& before, const conversation::Step& step) {
  if (!change.entry) return std::nullopt;
  const StoredConversation after = with_people(state, step.next);
  const auto line = report(before.conversation, step, change.actor, store::names_in(before, after));
  if (line.empty()) return std::nullopt;
  return put_entry(state, chat::system_entry(*change.entry, change.conversation, change.actor, line, change.at));
}

Expected<store::ChangedConversation, ConversationFault> change_conversation(State& state,
                                                                            const store::ConversationChange& change) {
  const Conversation* const found = find_conversation(state, change.conversation);
  if (found == nullptr) return unexpected(ConversationFault::not_participant);
  const auto step = decide(*found, change.actor, change.what, change.at);
  if (!step) return unexpected(store::fault_of(step.error()));
  if (!std::all_of(step->joined.begin(), step->joined.end(), [&](const auto& each) { return exists(state, each.user); }))
    return unexpected(ConversationFault::user_unknown);
  const StoredConversation before = with_people(state, *found);
  for (const UserId& user : step->left) state.memberships.erase({user, change.conversation});
  store::ChangedConversation changed;
  changed.fate = step->fate;
  changed.concerns_only = step->concerns_only;
  changed.left = step->left;
  for (const auto& member : step->joined) changed.joined.push_back(member.user);
  if (step->fate == conversation::Fate::ends) {
    static_cast<StoredConversation&>(changed) = as_seen_by(state, change.actor, step->next);
    for (const auto& [file, where] : state.attached)
      if (where.first == change.conversation) state.conversation_gone[file] = change.at;
    remove(state, step->next);
    return changed;
  }
  keep_conversation(state, step->next);
  changed.entry = report_change(state, change, before, *step);
  static_cast<StoredConversation&>(changed) = as_seen_by(state, change.actor, *find_conversation(state, change.conversation));
  return changed;
}

}  // namespace

void keep_conversation(State& state, Conversation conversation) {
  for (const auto& member : conversation.members) state.memberships.emplace(member.user, conversation.id);
  const ConversationId id = conversation.id;
  state.conversations.insert_or_assign(id, std::move(conversation));
}

void ConversationStore::open(conversation::NewConversation request, std::optional<store::OpeningClaim> claim,
                             Answer<store::OpenedConversation> done) {
  done(tables_.with([&](State& state) { return open_conversation(state, request, claim); }));
}

void ConversationStore::find(ConversationId id, UserId reader,
                             Done<Expected<std::optional<StoredConversation>, Unavailable>> done) {
  done(tables_.with([&](State& state) -> std::optional<StoredConversation> {
    if (!state.memberships.contains({reader, id})) return std::nullopt;
    return with_people(state, *find_conversation(state, id));
  }));
}

void ConversationStore::read(ConversationId id, UserId reader,
                             Done<Expected<std::optional<StoredConversation>, Unavailable>> done) {
  done(tables_.with([&](State& state) -> std::optional<StoredConversation> {
    if (!state.memberships.contains({reader, id})) return std::nullopt;
    return as_seen_by(state, reader, *find_conversation(state, id));
  }));
}

void ConversationStore::find_direct(UserId one, UserId other, Done<Expected<std::optional<ConversationId>, Unavailable>> done) {
  done(tables_.with([&](State& state) -> std::optional<ConversationId> {
    const auto known = state.pairs.find(conversation::pair_of(one, other));
    if (known == state.pairs.end()) return std::nullopt;
    return known->second;
  }));
}

void ConversationStore::read_directs(UserId reader, std::vector<UserId> others,
                                     Done<Expected<std::vector<StoredConversation>, Unavailable>> done) {
  done(tables_.with([&](State& state) {
    std::vector<StoredConversation> found;
    for (const UserId& other : others) {
      const auto known = state.pairs.find(conversation::pair_of(reader, other));
      if (known != state.pairs.end()) found.push_back(as_seen_by(state, reader, *find_conversation(state, known->second)));
    }
    return found;
  }));
}

void ConversationStore::list(store::ConversationQuery query, Done<Expected<store::ConversationPage, Unavailable>> done) {
  done(tables_.with([&](State& state) {
    auto all = newest_first(state, query.user);
    store::ConversationPage page{.total = all.size()};
    std::size_t skip = static_cast<std::size_t>(query.page.number - 1) * query.page.limit;
    if (query.after) {
      const auto behind = std::partition_point(all.begin(), all.end(), [&](const Conversation* each) {
        return std::tie(query.after->updated, query.after->id) <= std::tie(each->updated, each->id);
      });
      skip = static_cast<std::size_t>(behind - all.begin());
    }
    for (; skip < all.size() && page.conversations.size() < query.page.limit; ++skip)
      page.conversations.push_back(as_seen_by(state, query.user, *all[skip]));
    page.more = skip < all.size();
    return page;
  }));
}

void ConversationStore::change(store::ConversationChange change, Answer<store::ChangedConversation> done) {
  done(tables_.with([&](State& state) { return change_conversation(state, change); }));
}

void ConversationStore::block(UserId user, UserId blocked, WallTime, Done<Expected<bool, Unavailable>> done) {
  done(tables_.with([&](State& state) {
    if (!exists(state, blocked)) return false;
    state.blocks.emplace(user, blocked);
    return true;
  }));
}

void ConversationStore::unblock(UserId user, UserId blocked, Done<Expected<void, Unavailable>> done) {
  tables_.with([&](State& state) { state.blocks.erase({user, blocked}); });
  done({});
}

void ConversationStore::blocked_among(UserId user, std::vector<UserId> others,
                                      Done<Expected<std::vector<UserId>, Unavailable>> done) {
  tables_.with([&](const State& state) {
    std::erase_if(others, [&](const UserId& other) { return !blocks_between(state, user, other); });
  });
  done(std::move(others));
}

void ConversationStore::blocked_by(UserId user, std::vector<UserId> others,
                                   Done<Expected<std::vector<UserId>, Unavailable>> done) {
  tables_.with([&](const State& state) {
    std::erase_if(others, [&](const UserId& other) { return !state.blocks.contains({user, other}); });
  });
  std::sort(others.begin(), others.end());
  others.erase(std::unique(others.begin(), others.end()), others.end());
  done(std::move(others));
}

void ConversationStore::blocks_of(UserId user, Done<Expected<std::vector<UserId>, Unavailable>> done) {
  std::vector<UserId> found;
  tables_.with([&](const State& state) {
    for (const auto& [one, other] : state.blocks)
      if (one == user || other == user) found.push_back(one == user ? other : one);
  });
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  done(std::move(found));
}

void ConversationStore::record_refused(store::RefusedStranger refused) {
  constexpr std::size_t kKept = 10'000;
  tables_.with([&](State& state) {
    state.refused_strangers.push_back({.seq = ++state.last_audit_seq, .record = audit_record(refused)});
    if (state.refused_strangers.size() > kKept) state.refused_strangers.pop_front();
  });
}

}  // namespace belfry::memory

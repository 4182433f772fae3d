#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "adapters/memory/stores.hpp"
#include "store/audit_verify.hpp"
#include "store/ring_deadline.hpp"
#include "store/statistics.hpp"

namespace belfry::memory {
namespace {

using store::CallId;
using store::CallRow;
using store::Done;
using store::Unavailable;
using store::UserId;

bool within(WallTime time, std::optional<WallTime> from, std::optional<WallTime> to) {
  return (!from || *from <= time) && (!to || time < *to);
}

bool matches(const CallRow& row, const store::HistoryQuery& query) {
  const auto direction = row.caller == query.user ? store::Direction::outgoing : store::Direction::incoming;
  return (!query.media || row.media == *query.media) && (!query.status || row.status == *query.status) &&
         (!query.direction || direction == *query.direction) && within(row.created, query.from, query.to);
}

bool is_behind(const CallRow& row, const store::Cursor& cursor) {
  return std::pair(row.created, row.id) < std::pair(cursor.created, cursor.id);
}

/// The part of `all` that is on this page.
template <class T>
std::vector<T> page_of(std::vector<T> all, store::Page page) {
  const std::size_t first = std::min(all.size(), static_cast<std::size_t>(page.number - 1) * page.limit);
  const std::size_t last = std::min(all.size(), first + page.limit);
  return {all.begin() + static_cast<std::ptrdiff_t>(first), all.begin() + static_cast<std::ptrdiff_t>(last)};
}

std::vector<store::StoredCall> stored_all(State& state, const std::vector<const CallRow*>& rows) {
  std::vector<store::StoredCall> calls;
  for (const auto* row : rows) calls.push_back(stored(state, *row));
  return calls;
}

store::HistoryPage history_of(State& state, const store::HistoryQuery& query) {
  auto rows = calls_of(state, query.user);
  std::erase_if(rows, [&](const auto* row) { return !matches(*row, query); });
  sort_newest_first(rows);
  store::HistoryPage page{.total = rows.size()};
  store::Page wanted = query.page;
  if (query.after) {
    std::erase_if(rows, [&](const auto* row) { return !is_behind(*row, *query.after); });
    wanted.number = 1;
  }
  page.calls = stored_all(state, page_of(std::move(rows), wanted));
  return page;
}

std::vector<store::AuditEntry> audit_matching(State& state, const store::AuditQuery& query) {
  std::vector<store::AuditEntry> found;
  const auto look_at = [&](const KeptCall& entry) {
    if (query.user && find_leg(entry.row, *query.user) == nullptr) return;
    for (const auto& each : entry.audit)
      if (each.seq > query.after_seq && within(each.record.at, query.from, query.to)) found.push_back(each);
  };
  if (query.call) {
    if (const auto* entry = find_call(state, *query.call)) look_at(*entry);
  } else {
    for (const auto& [id, entry] : state.calls) look_at(*entry);
    for (const auto& each : state.refused_strangers)
      if ((!query.user || each.record.actor == query.user) && each.seq > query.after_seq &&
          within(each.record.at, query.from, query.to))
        found.push_back(each);
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.seq < b.seq; });
  found.resize(std::min<std::size_t>(found.size(), query.limit));
  return found;
}

bool is_live(call::LegState state) { return state <= call::LegState::suspended; }
bool is_in_call(call::LegState state) { return state == call::LegState::joined || state == call::LegState::suspended; }

void judge(const KeptCall& entry, WallTime now, std::vector<store::Violation>& all) {
  const CallRow& row = entry.row;
  const auto violates = [&](const char* invariant, const char* what) {
    all.push_back({.invariant = invariant, .call = row.id, .what = what});
  };
  if (row.status == call::Status::calling && store::ring_deadline(row) + std::chrono::seconds{2} < now)
    violates("I-3", "the call rings past its time");
  // In a group call, some people may still ring or have left.
  const bool some_out = std::any_of(row.legs.begin(), row.legs.end(), [](const auto& leg) { return !is_in_call(leg.state); });
  if (row.status == call::Status::connected && row.callee && some_out)
    violates("I-8", "a participant of a connected call is not in it");
  const bool some_live = std::any_of(row.legs.begin(), row.legs.end(), [](const auto& leg) { return is_live(leg.state); });
  if (is_final(row.status) && some_live) violates("I-8", "a participant of a finished call is still in it");
  store::judge_audit(row.id, row.version, row.tip, entry.audit, all);
}

}  // namespace

void CallArchive::history(store::HistoryQuery query, Done<Expected<store::HistoryPage, Unavailable>> done) {
  done(tables_.with([&](State& state) { return history_of(state, query); }));
}

void CallArchive::attempts(UserId user, store::Page page, Done<Expected<std::vector<store::AttemptEntry>, Unavailable>> done) {
  done(tables_.with([&](State& state) {
    std::vector<store::AttemptEntry> all;
    const auto person = [&](const UserId& id) {
      const auto* entry = find_user(state, id);
      return entry == nullptr ? account::Person{.id = id, .username = {}, .avatar = {}} : person_of(entry->user);
    };
    for (const auto& each : state.attempts)
      if (each.caller == user || each.callee == user)
        all.push_back({.attempt = each, .caller = person(each.caller), .callee = person(each.callee)});
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
      return std::pair(b.attempt.at, b.attempt.id) < std::pair(a.attempt.at, a.attempt.id);
    });
    return page_of(std::move(all), page);
  }));
}

void CallArchive::current(UserId user, std::optional<WallTime> ended_since,
                          Done<Expected<std::vector<store::StoredCall>, Unavailable>> done) {
  done(tables_.with([&](State& state) {
    auto rows = calls_of(state, user);
    std::erase_if(rows, [&](const auto* row) {
      const bool lately = ended_since && row->ended && *row->ended >= *ended_since;
      const bool unheard = ended_since && state.outbox.contains(key_of_end(user, row->id));
      return is_final(row->status) && !lately && !unheard;
    });
    sort_newest_first(rows);
    return stored_all(state, rows);
  }));
}

void CallArchive::call_in(store::ConversationId conversation, UserId reader,
                          Done<Expected<store::ConversationCall, Unavailable>> done) {
  using Reader = store::ConversationCall::Reader;
  done(tables_.with([&](State& state) -> store::ConversationCall {
    if (!state.memberships.contains({reader, conversation})) return {};
    const CallRow* latest = nullptr;
    const auto order = [](const CallRow& row) { return std::tuple(!is_final(row.status), row.created, row.id); };
    for (const auto& [id, entry] : state.calls)
      if (entry->row.conversation == conversation && (latest == nullptr || order(*latest) < order(entry->row)))
        latest = &entry->row;
    if (latest == nullptr) return {.reader = Reader::member};
    return {.reader = Reader::member, .call = stored(state, *latest)};
  }));
}

void CallArchive::statistics(UserId user, std::optional<WallTime> from, std::optional<WallTime> to,
                             Done<Expected<store::Statistics, Unavailable>> done) {
  done(tables_.with([&](State& state) {
    store::Statistics all;
    for (const auto* row : calls_of(state, user))
      if (within(row->created, from, to)) store::count_in(all, *row, user);
    return all;
  }));
}

void CallArchive::statistics_by_day(UserId user, std::optional<WallTime> from, std::optional<WallTime> to,
                                    Done<Expected<std::vector<store::DayStatistics>, Unavailable>> done) {
  done(tables_.with([&](State& state) {
    std::map<std::int64_t, store::Statistics> days;
    for (const auto* row : calls_of(state, user))
      if (within(row->created, from, to)) store::count_in(days[row->created.unix_ms / store::kDayMs], *row, user);
    std::vector<store::DayStatistics> all;
    for (const auto& [day, statistics] : days) all.push_back({.day = store::day_text(day), .statistics = statistics});
    return all;
  }));
}

void CallArchive::audit(store::AuditQuery query, Done<Expected<std::vector<store::AuditEntry>, Unavailable>> done) {
  done(tables_.with([&](State& state) { return audit_matching(state, query); }));
}

void CallArchive::add_quality(CallId call, UserId user, std::vector<store::QualitySample> samples,
                              Done<Expected<std::size_t, Unavailable>> done) {
  done(tables_.with([&](State& state) -> std::size_t {
    auto* entry = find_call(state, call);
    if (entry == nullptr) return 0;
    const auto kept =
        std::count_if(entry->quality.begin(), entry->quality.end(), [&](const auto& each) { return each.user == user; });
    samples.resize(store::room_for(samples.size(), static_cast<std::size_t>(kept)));
    for (auto& sample : samples) {
      entry->quality_sums.add(sample);
      entry->quality.push_back({.user = user, .sample = std::move(sample)});
    }
    entry->row.quality = to_json(entry->quality_sums);
    return samples.size();
  }));
}

void CallArchive::quality(CallId call, store::Page page, Done<Expected<store::QualityPage, Unavailable>> done) {
  done(tables_.with([&](State& state) {
    const auto* entry = find_call(state, call);
    auto all = entry == nullptr ? std::vector<store::QualityEntry>{} : entry->quality;
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.sample.at < b.sample.at; });
    const std::uint64_t total = all.size();
    return store::QualityPage{.entries = page_of(std::move(all), page), .total = total};
  }));
}

void CallArchive::recent_quality(store::Page page, Done<Expected<std::vector<store::StoredCall>, Unavailable>> done) {
  done(tables_.with([&](State& state) {
    std::vector<const CallRow*> rows;
    for (const auto& [id, entry] : state.calls)
      if (entry->row.ended && !entry->quality.empty()) rows.push_back(&entry->row);
    sort_newest_first(rows);
    return stored_all(state, page_of(std::move(rows), page));
  }));
}

void CallArchive::forget_before(WallTime before, std::size_t most) {
  tables_.with([&](State& state) {
    std::size_t room = most;
    std::erase_if(state.attempts, [&](const auto& each) { return each.at < before && room != 0 && (--room, true); });
    room = most;
    std::erase_if(state.refused_strangers,
                  [&](const auto& each) { return each.record.at < before && room != 0 && (--room, true); });
    room = most;
    for (auto& [id, entry] : state.calls)
      if (entry->row.created < before) std::erase_if(entry->quality, [&](const auto&) { return room != 0 && (--room, true); });
  });
}

void CallArchive::violations(WallTime now, Done<Expected<std::vector<store::Violation>, Unavailable>> done) {
  done(tables_.with([&](State& state) {
    std::vector<store::Violation> all;
    for (const auto& [id, entry] : state.calls) judge(*entry, now, all);
    for (const auto& [id, entry] : state.users) {
      if (!entry.slot) continue;
      const auto* holder = find_call(state, *entry.slot);
      if (holder == nullptr || is_final(holder->row.status))
        all.push_back({.invariant = "I-4", .call = *entry.slot, .what = "a call which is not active holds a slot"});
    }
    return all;
  }));
}

}  // namespace belfry::memory

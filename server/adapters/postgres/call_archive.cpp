#include "adapters/postgres/call_archive.hpp"

#include <utility>

#include "adapters/postgres/ask.hpp"
#include "adapters/postgres/audit.hpp"
#include "adapters/postgres/history.hpp"
#include "adapters/postgres/quality.hpp"

namespace belfry::postgres {

using store::CallId;
using store::Done;
using store::Unavailable;
using store::UserId;

void CallArchive::history(store::HistoryQuery query, Done<Expected<store::HistoryPage, Unavailable>> done) {
  ask_reader(
      database_, shard_, [query](Connection& connection) { return postgres::history(connection, query); }, std::move(done));
}

void CallArchive::attempts(UserId user, store::Page page, Done<Expected<std::vector<store::AttemptEntry>, Unavailable>> done) {
  ask_reader(
      database_, shard_, [user, page](Connection& connection) { return postgres::attempts(connection, user, page); },
      std::move(done));
}

void CallArchive::current(UserId user, std::optional<WallTime> ended_since,
                          Done<Expected<std::vector<store::StoredCall>, Unavailable>> done) {
  ask_reader(
      database_, shard_, [user, ended_since](Connection& connection) { return postgres::current(connection, user, ended_since); },
      std::move(done));
}

void CallArchive::statistics(UserId user, std::optional<WallTime> from, std::optional<WallTime> to,
                             Done<Expected<store::Statistics, Unavailable>> done) {
  ask_reader(
      database_, shard_, [user, from, to](Connection& connection) { return postgres::statistics(connection, user, from, to); },
      std::move(done));
}

void CallArchive::statistics_by_day(UserId user, std::optional<WallTime> from, std::optional<WallTime> to,
                                    Done<Expected<std::vector<store::DayStatistics>, Unavailable>> done) {
  ask_reader(
      database_, shard_,
      [user, from, to](Connection& connection) { return postgres::statistics_by_day(connection, user, from, to); },
      std::move(done));
}

void CallArchive::audit(store::AuditQuery query, Done<Expected<std::vector<store::AuditEntry>, Unavailable>> done) {
  ask_reader(database_, shard_, [query](Connection& connection) { return find_audit(connection, query); }, std::move(done));
}

void CallArchive::add_quality(CallId call, UserId user, std::vector<store::QualitySample> samples,
                              Done<Expected<std::size_t, Unavailable>> done) {
  ask_writer(
      database_, shard_,
      [call, user, samples = std::move(samples)](Connection& connection) {
        return postgres::add_quality(connection, call, user, samples);
      },
      std::move(done));
}

void CallArchive::quality(CallId call, store::Page page, Done<Expected<store::QualityPage, Unavailable>> done) {
  ask_reader(
      database_, shard_, [call, page](Connection& connection) { return find_quality(connection, call, page); }, std::move(done));
}

void CallArchive::recent_quality(store::Page page, Done<Expected<std::vector<store::StoredCall>, Unavailable>> done) {
  ask_reader(
      database_, shard_, [page](Connection& connection) { return postgres::recent_quality(connection, page); }, std::move(done));
}

void CallArchive::forget_before(WallTime before, std::size_t most) {
  tell_writer(database_, shard_, [before, most](Connection& connection) { postgres::forget_before(connection, before, most); });
}

void CallArchive::violations(WallTime now, Done<Expected<std::vector<store::Violation>, Unavailable>> done) {
  ask_reader(database_, shard_, [now](Connection& connection) { return find_violations(connection, now); }, std::move(done));
}

}  // namespace belfry::postgres

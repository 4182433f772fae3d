// CallStore and CallArchive on an SQL database (port.hpp). Each database decides how transitions reach its writer:
//   commit_transition(database, shard, transition, done), ask_fate(database, shard, step, done)
#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "adapters/sql/port.hpp"
#include "store/call_archive.hpp"

namespace belfry::sql {

template <class Db>
class CallStoreOn final : public store::CallStore {
  template <class Result>
  using Done = store::Done<Expected<Result, store::Unavailable>>;

 public:
  CallStoreOn(Db& database, ShardIndex shard) : port_(database, shard) {}

  void commit(store::Transition transition, store::Done<const store::CommitResult&> done) override {
    commit_transition(port_.database(), port_.shard(), std::move(transition), std::move(done));
  }
  void fate(const store::StepId& step, Done<std::optional<store::Committed>> done) override {
    ask_fate(port_.database(), port_.shard(), step, std::move(done));
  }
  void load(const store::CallId& id, Done<std::optional<store::StoredCall>> done) override {
    port_.read([id](auto& connection) { return find_call(connection, id); }, std::move(done));
  }
  void active_in(const store::ConversationId& conversation, Done<std::optional<store::CallId>> done) override {
    port_.read([conversation](auto& connection) { return active_call_in(connection, conversation); }, std::move(done));
  }
  void load_active(std::size_t limit, Done<std::vector<store::StoredCall>> done) override {
    port_.read([limit](auto& connection) { return find_active(connection, limit); }, std::move(done));
  }
  void overdue(WallTime now, std::size_t limit, Done<std::vector<store::CallId>> done) override {
    port_.read([now, limit](auto& connection) { return find_overdue(connection, now, limit); }, std::move(done));
  }
  void record_attempt(store::Attempt attempt) override {
    port_.tell([attempt = std::move(attempt)](auto& connection) { insert_attempt(connection, attempt); });
  }
  void wipe(Done<void> done) override {
    port_.write([](auto& connection) { wipe_tables(connection); }, std::move(done));
  }

 private:
  Port<Db> port_;
};

template <class Db>
class CallArchiveOn final : public store::CallArchive {
  template <class Result>
  using Done = store::Done<Expected<Result, store::Unavailable>>;
  using UserId = store::UserId;

 public:
  CallArchiveOn(Db& database, ShardIndex shard) : port_(database, shard) {}

  void history(store::HistoryQuery query, Done<store::HistoryPage> done) override {
    port_.read([query](auto& connection) { return history_page(connection, query); }, std::move(done));
  }
  void attempts(UserId user, store::Page page, Done<std::vector<store::AttemptEntry>> done) override {
    port_.read([user, page](auto& connection) { return attempts_of(connection, user, page); }, std::move(done));
  }
  void current(UserId user, std::optional<WallTime> ended_since, Done<std::vector<store::StoredCall>> done) override {
    port_.read([user, ended_since](auto& connection) { return current_calls(connection, user, ended_since); }, std::move(done));
  }
  void call_in(store::ConversationId conversation, UserId reader, Done<store::ConversationCall> done) override {
    port_.read([conversation, reader](auto& connection) { return call_in_conversation(connection, conversation, reader); },
               std::move(done));
  }
  void statistics(UserId user, std::optional<WallTime> from, std::optional<WallTime> to, Done<store::Statistics> done) override {
    port_.read([user, from, to](auto& connection) { return statistics_of(connection, user, from, to); }, std::move(done));
  }
  void statistics_by_day(UserId user, std::optional<WallTime> from, std::optional<WallTime> to,
                         Done<std::vector<store::DayStatistics>> done) override {
    port_.read([user, from, to](auto& connection) { return statistics_by_day_of(connection, user, from, to); }, std::move(done));
  }
  void audit(store::AuditQuery query, Done<std::vector<store::AuditEntry>> done) override {
    port_.read([query](auto& connection) { return find_audit(connection, query); }, std::move(done));
  }
  void add_quality(store::CallId call, UserId user, std::vector<store::QualitySample> samples, Done<std::size_t> done) override {
    port_.write(
        [call, user, samples = std::move(samples)](auto& connection) { return insert_quality(connection, call, user, samples); },
        std::move(done));
  }
  void quality(store::CallId call, store::Page page, Done<store::QualityPage> done) override {
    port_.read([call, page](auto& connection) { return find_quality(connection, call, page); }, std::move(done));
  }
  void recent_quality(store::Page page, Done<std::vector<store::StoredCall>> done) override {
    port_.read([page](auto& connection) { return calls_with_quality(connection, page); }, std::move(done));
  }
  void forget_before(WallTime before, std::size_t most) override {
    port_.tell([before, most](auto& connection) { forget_old_samples(connection, before, most); });
  }
  void violations(WallTime now, Done<std::vector<store::Violation>> done) override {
    port_.read([now](auto& connection) { return find_violations(connection, now); }, std::move(done));
  }

 private:
  Port<Db> port_;
};

}  // namespace belfry::sql

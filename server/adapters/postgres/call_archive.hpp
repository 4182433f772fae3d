// CallArchive on PostgreSQL: one shard's face of a Database.
#pragma once

#include "adapters/postgres/database.hpp"
#include "store/call_archive.hpp"

namespace belfry::postgres {

class CallArchive final : public store::CallArchive {
 public:
  CallArchive(Database& database, ShardIndex shard) : database_(database), shard_(shard) {}

  void history(store::HistoryQuery query, store::Done<Expected<store::HistoryPage, store::Unavailable>> done) override;
  void attempts(store::UserId user, store::Page page,
                store::Done<Expected<std::vector<store::AttemptEntry>, store::Unavailable>> done) override;
  void current(store::UserId user, std::optional<WallTime> ended_since,
               store::Done<Expected<std::vector<store::StoredCall>, store::Unavailable>> done) override;
  void statistics(store::UserId user, std::optional<WallTime> from, std::optional<WallTime> to,
                  store::Done<Expected<store::Statistics, store::Unavailable>> done) override;
  void statistics_by_day(store::UserId user, std::optional<WallTime> from, std::optional<WallTime> to,
                         store::Done<Expected<std::vector<store::DayStatistics>, store::Unavailable>> done) override;
  void audit(store::AuditQuery query, store::Done<Expected<std::vector<store::AuditEntry>, store::Unavailable>> done) override;
  void add_quality(store::CallId call, store::UserId user, std::vector<store::QualitySample> samples,
                   store::Done<Expected<std::size_t, store::Unavailable>> done) override;
  void quality(store::CallId call, store::Page page, store::Done<Expected<store::QualityPage, store::Unavailable>> done) override;
  void recent_quality(store::Page page, store::Done<Expected<std::vector<store::StoredCall>, store::Unavailable>> done) override;
  void forget_before(WallTime before, std::size_t most) override;
  void violations(WallTime now, store::Done<Expected<std::vector<store::Violation>, store::Unavailable>> done) override;

 private:
  Database& database_;
  ShardIndex shard_;
};

}  // namespace belfry::postgres

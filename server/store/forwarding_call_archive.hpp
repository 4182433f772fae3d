// ForwardingCallArchive: passes everything on to another archive. To change or watch one question, derive from it and override
// that one.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "store/call_archive.hpp"

namespace belfry::store {

class ForwardingCallArchive : public CallArchive {
 public:
  explicit ForwardingCallArchive(CallArchive& next) : next_(next) {}
  void history(HistoryQuery query, Done<Expected<HistoryPage, Unavailable>> done) override {
    next_.history(std::move(query), std::move(done));
  }
  void attempts(UserId user, Page page, Done<Expected<std::vector<AttemptEntry>, Unavailable>> done) override {
    next_.attempts(user, page, std::move(done));
  }
  void current(UserId user, std::optional<WallTime> ended_since,
               Done<Expected<std::vector<StoredCall>, Unavailable>> done) override {
    next_.current(user, ended_since, std::move(done));
  }
  void call_in(ConversationId conversation, UserId reader, Done<Expected<ConversationCall, Unavailable>> done) override {
    next_.call_in(conversation, reader, std::move(done));
  }
  void statistics(UserId user, std::optional<WallTime> from, std::optional<WallTime> to,
                  Done<Expected<Statistics, Unavailable>> done) override {
    next_.statistics(user, from, to, std::move(done));
  }
  void statistics_by_day(UserId user, std::optional<WallTime> from, std::optional<WallTime> to,
                         Done<Expected<std::vector<DayStatistics>, Unavailable>> done) override {
    next_.statistics_by_day(user, from, to, std::move(done));
  }
  void audit(AuditQuery query, Done<Expected<std::vector<AuditEntry>, Unavailable>> done) override {
    next_.audit(std::move(query), std::move(done));
  }
  void add_quality(CallId call, UserId user, std::vector<QualitySample> samples,
                   Done<Expected<std::size_t, Unavailable>> done) override {
    next_.add_quality(call, user, std::move(samples), std::move(done));
  }
  void quality(CallId call, Page page, Done<Expected<QualityPage, Unavailable>> done) override {
    next_.quality(call, page, std::move(done));
  }
  void recent_quality(Page page, Done<Expected<std::vector<StoredCall>, Unavailable>> done) override {
    next_.recent_quality(page, std::move(done));
  }
  void forget_before(WallTime before, std::size_t most) override { next_.forget_before(before, most); }
  void violations(WallTime now, Done<Expected<std::vector<Violation>, Unavailable>> done) override {
    next_.violations(now, std::move(done));
  }

 private:
  CallArchive& next_;
};

}  // namespace belfry::store

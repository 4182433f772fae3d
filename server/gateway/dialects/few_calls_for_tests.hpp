// FewCalls: what dialects read of the store, for tests of a dialect alone.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "app/calls/actor.hpp"
#include "store/call_archive.hpp"
#include "store/call_store.hpp"

namespace belfry::gateway::testing {

/// Holds the calls that a test adds. Functions that the dialect never calls never answer.
class FewCalls : public store::CallStore, public store::CallArchive {
 public:
  std::vector<store::StoredCall> calls;
  std::vector<store::QualitySample> samples;
  bool down = false;
  std::optional<WallTime> asked_since;

  void load(const calls::CallId& id, store::Done<Expected<std::optional<store::StoredCall>, store::Unavailable>> done) override {
    if (down) return done(unexpected(store::Unavailable{}));
    for (const auto& call : calls)
      if (call.row.id == id) return done(std::optional(call));
    done(std::optional<store::StoredCall>{});
  }
  void current(calls::UserId, std::optional<WallTime> since,
               store::Done<Expected<std::vector<store::StoredCall>, store::Unavailable>> done) override {
    asked_since = since;
    if (down) return done(unexpected(store::Unavailable{}));
    done(calls);
  }
  void add_quality(calls::CallId, calls::UserId, std::vector<store::QualitySample> more,
                   store::Done<Expected<std::size_t, store::Unavailable>> done) override {
    samples = std::move(more);
    done(samples.size());
  }

  void commit(store::Transition, store::Done<const store::CommitResult&>) override {}
  void active_in(const store::ConversationId&, store::Done<Expected<std::optional<calls::CallId>, store::Unavailable>>) override {
  }
  void call_in(store::ConversationId, calls::UserId,
               store::Done<Expected<store::ConversationCall, store::Unavailable>>) override {}
  void load_active(std::size_t, store::Done<Expected<std::vector<store::StoredCall>, store::Unavailable>>) override {}
  void overdue(WallTime, std::size_t, store::Done<Expected<std::vector<calls::CallId>, store::Unavailable>>) override {}
  void record_attempt(store::Attempt) override {}
  void fate(const store::StepId&, store::Done<Expected<std::optional<store::Committed>, store::Unavailable>>) override {}
  void wipe(store::Done<Expected<void, store::Unavailable>>) override {}
  void history(store::HistoryQuery, store::Done<Expected<store::HistoryPage, store::Unavailable>>) override {}
  void attempts(calls::UserId, store::Page,
                store::Done<Expected<std::vector<store::AttemptEntry>, store::Unavailable>>) override {}
  void statistics(calls::UserId, std::optional<WallTime>, std::optional<WallTime>,
                  store::Done<Expected<store::Statistics, store::Unavailable>>) override {}
  void statistics_by_day(calls::UserId, std::optional<WallTime>, std::optional<WallTime>,
                         store::Done<Expected<std::vector<store::DayStatistics>, store::Unavailable>>) override {}
  void audit(store::AuditQuery, store::Done<Expected<std::vector<store::AuditEntry>, store::Unavailable>>) override {}
  void quality(calls::CallId, store::Page, store::Done<Expected<store::QualityPage, store::Unavailable>>) override {}
  void recent_quality(store::Page, store::Done<Expected<std::vector<store::StoredCall>, store::Unavailable>>) override {}
  void forget_before(WallTime, std::size_t) override {}
  void violations(WallTime, store::Done<Expected<std::vector<store::Violation>, store::Unavailable>>) override {}
};

}  // namespace belfry::gateway::testing

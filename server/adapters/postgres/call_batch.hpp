// Sends a batch of transitions to belfry_commit and reads its results. Called on the CallWriter's thread only, with the
// Connection that it owns; everything here waits for the database.
#pragma once

#include <optional>
#include <vector>

#include "adapters/postgres/commit_sql.hpp"
#include "adapters/postgres/connection.hpp"
#include "store/call_store.hpp"

namespace belfry::postgres {

/// The numbers of belfry_commit's own types, which differ between databases.
struct BatchTypes {
  TypeId transition = 0, transitions = 0, participant = 0, participants = 0, entry = 0, entries = 0, answer = 0, answers = 0,
         note = 0, notes = 0;
};
/// Whether this transition must be the only one of its batch (start_group_sql.hpp, start_external_sql.hpp,
/// start_online_sql.hpp, commit_and_keep_sql.hpp).
[[nodiscard]] inline bool stands_alone(const store::Transition& transition) {
  if (transition.expected_version != 0) return transition.claim.has_value();
  const store::CallRow& row = transition.row;
  return row.conversation || is_group(row) || is_external(row) || row.ring_targets == call::RingTargets::online;
}

[[nodiscard]] BatchTypes batch_types(Connection& connection);

/// One result per transition, in their order. nullopt: a slot was taken and has become free again, so try once more. Throws
/// Failure.
[[nodiscard]] std::vector<std::optional<store::CommitResult>> commit_batch(Connection& connection, const BatchTypes& types,
                                                                           const Uuid& node,
                                                                           const std::vector<const store::Transition*>& batch);

/// Committed if this step is in the call's history; used when the answer to the commit was lost.
[[nodiscard]] std::optional<store::Committed> find_committed(Connection& connection, const store::StepId& step);

/// Ends every other backend of that name, so that what it was doing is either committed or never will be. False: a backend did
/// not end and may still commit.
[[nodiscard]] bool end_others_named(Connection& connection, const std::string& name);

}  // namespace belfry::postgres

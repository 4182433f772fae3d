// A batch of transitions on its way to belfry_commit and back.
#pragma once

#include <optional>
#include <vector>

#include "adapters/postgres/commit_sql.hpp"
#include "adapters/postgres/connection.hpp"
#include "store/call_store.hpp"

namespace belfry::postgres {

/// The numbers of belfry_commit's own types, which each database gives anew.
struct BatchTypes {
  TypeId transition = 0, transitions = 0, participant = 0, participants = 0, entry = 0, entries = 0;
};
[[nodiscard]] BatchTypes batch_types(Connection& connection);

/// One result for each transition, in their order. None: a slot was taken and free again, so that it should be tried again.
/// Throws Failure.
[[nodiscard]] std::vector<std::optional<store::CommitResult>> commit_batch(Connection& connection, const BatchTypes& types,
                                                                           const Uuid& node,
                                                                           const std::vector<const store::Transition*>& batch);

/// Committed, if this step is in the call's history; for when the answer was lost.
[[nodiscard]] std::optional<store::Committed> find_committed(Connection& connection, const store::StepId& step);

/// Ends every other backend of that name: what they had under way is then committed or never will be. False: one of them does not
/// go and may still commit.
[[nodiscard]] bool end_others_named(Connection& connection, const std::string& name);

}  // namespace belfry::postgres

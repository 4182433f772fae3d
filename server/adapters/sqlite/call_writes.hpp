// The writer's changes to calls, inside its transaction. Each function checks before it writes, or undoes what it wrote: a
// refused transition leaves nothing behind, so that the others in the batch can be committed.
#pragma once

#include "adapters/sqlite/connection.hpp"
#include "store/call_store.hpp"

namespace belfry::sqlite {

[[nodiscard]] store::CommitResult apply(Connection& connection, const store::Transition& transition);
/// See store::CallStore::fate().
[[nodiscard]] std::optional<store::Committed> find_fate(Connection& connection, const store::StepId& step);
void insert_attempt(Connection& connection, const store::Attempt& attempt);

}  // namespace belfry::sqlite

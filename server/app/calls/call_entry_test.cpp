#include "app/calls/call_entry.hpp"

#include <gtest/gtest.h>

namespace belfry::calls {
namespace {

// An exception would only end one task of the shard, and leave the call waiting for good.
TEST(EntryOf, AnAnswerForAnErasedEntryStopsTheServer) {
  CallEntries entries;
  const CallId known{Uuid{1}}, erased{Uuid{2}};
  entries[known].id = known;
  EXPECT_EQ(entry_of(entries, known).id, known);
  EXPECT_DEATH(static_cast<void>(entry_of(entries, erased)), "an entry was erased while an answer or an alarm was to come");
}

}  // namespace
}  // namespace belfry::calls

#include "app/calls/call_entry.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <span>

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

UserId user_numbered(std::uint32_t number) {
  Uuid id{};
  for (std::size_t byte = 0; byte < 4; ++byte) id[15 - byte] = static_cast<std::uint8_t>(number >> (8 * byte));
  return UserId(id);
}

/// A call of so many, whose caller is in the middle of them by id.
struct BigCall {
  explicit BigCall(std::uint32_t people) : caller(user_numbered(people / 2)) {
    call::Calling calling;
    store::StoredCall stored;
    stored.row.caller = caller;
    stored.row.legs = {{.user = caller}};
    call.notes.push_back({.user = caller});
    for (std::uint32_t number = 0; number < people; ++number) {
      const UserId user = user_numbered(number);
      everybody.push_back(user);
      calling.legs.push_back({.user = user, .role = user == caller ? call::PartyRole::caller : call::PartyRole::callee});
      if (user == caller) continue;
      stored.row.legs.push_back({.user = user});
      call.notes.push_back({.user = user});
    }
    call.state = std::move(calling);
    call.view = std::make_shared<const store::StoredCall>(std::move(stored));
  }
  UserId caller;
  HostedCall call{};
  std::vector<UserId> everybody;
};

/// All look-ups of one step find their person.
bool finds_everybody(const BigCall& big, const Present& here) {
  return std::all_of(big.everybody.begin(), big.everybody.end(), [&](const UserId user) {
    return big.call.notes_on(user).user == user && leg_of(big.call.legs(), user).user == user &&
           find_leg(big.call.row(), user)->user == user && here.of(user).empty() && !here.unable(user);
  });
}

/// The least processor time of three tries, in seconds.
double seconds_to_find_everybody_of(std::uint32_t people) {
  const BigCall big(people);
  const sessions::Sessions sessions;
  const Present here(sessions, std::span<const UserId>(big.everybody), MediaTopology::mesh);
  EXPECT_TRUE(finds_everybody(big, here));  // and has looked up the sessions
  double least = 1e9;
  for (int i = 0; i < 3; ++i) {
    const std::clock_t before = std::clock();
    EXPECT_TRUE(finds_everybody(big, here));
    least = std::min(least, static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC);
  }
  return least;
}

// R-000-38
TEST(BigCall, FindsEachOfAThousandAndTheCaller) {
  const BigCall big(1'000);
  const sessions::Sessions sessions;
  EXPECT_TRUE(finds_everybody(big, Present(sessions, big.call.legs(), MediaTopology::mesh)));
  EXPECT_EQ(find_leg(big.call.row(), user_numbered(1'000)), nullptr);
  EXPECT_EQ(find_leg(big.call.legs(), user_numbered(1'000)), nullptr);
}

// R-000-38: eight times the people cost 64 times as much if each is looked for among all.
TEST(BigCall, LooksForItsPeopleInTimeThatGrowsWithTheirNumberAndNotWithItsSquare) {
  EXPECT_LT(seconds_to_find_everybody_of(16'000), 25 * std::max(seconds_to_find_everybody_of(2'000), 1e-4));
}

}  // namespace
}  // namespace belfry::calls

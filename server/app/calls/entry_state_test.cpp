#include "app/calls/entry_state.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "base/golden_page_for_tests.hpp"

namespace belfry::calls {
namespace {

constexpr EntryState kStates[] = {EntryState::ready, EntryState::reading, EntryState::committing, EntryState::in_doubt,
                                  EntryState::colliding};
constexpr EntryEvent kEvents[] = {EntryEvent::read_began,       EntryEvent::read_ended,      EntryEvent::commit_began,
                                  EntryEvent::commit_settled,   EntryEvent::commit_in_doubt, EntryEvent::collision_began,
                                  EntryEvent::collision_settled};
constexpr CommandFrom kSenders[] = {CommandFrom::user, CommandFrom::server, CommandFrom::collision};

// A new enumerator does not build here until it has a name, and with its name comes its place in the list above.
constexpr std::string_view name_of(EntryState state) {
  switch (state) {
    case EntryState::ready:
      return "ready";
    case EntryState::reading:
      return "reading";
    case EntryState::committing:
      return "committing";
    case EntryState::in_doubt:
      return "in doubt";
    case EntryState::colliding:
      return "colliding";
  }
  return {};
}

constexpr std::string_view name_of(EntryEvent event) {
  switch (event) {
    case EntryEvent::read_began:
      return "read began";
    case EntryEvent::read_ended:
      return "read ended";
    case EntryEvent::commit_began:
      return "commit began";
    case EntryEvent::commit_settled:
      return "commit settled";
    case EntryEvent::commit_in_doubt:
      return "commit in doubt";
    case EntryEvent::collision_began:
      return "collision began";
    case EntryEvent::collision_settled:
      return "collision settled";
  }
  return {};
}

constexpr std::string_view name_of(CommandFrom from) {
  switch (from) {
    case CommandFrom::user:
      return "a user's command";
    case CommandFrom::server:
      return "the server's command";
    case CommandFrom::collision:
      return "its own start again";
  }
  return {};
}

constexpr std::string_view name_of(CommandTurn turn) {
  switch (turn) {
    case CommandTurn::run:
      return "run";
    case CommandTurn::wait:
      return "wait";
    case CommandTurn::refuse:
      return "refuse";
    case CommandTurn::resume:
      return "resume";
  }
  return {};
}

template <class Cell, class Column, std::size_t kColumns>
std::string table(const Column (&columns)[kColumns], const Cell& cell) {
  std::string text = "| |", rule = "|---|";
  for (const Column column : columns) {
    text.append(" ").append(name_of(column)).append(" |");
    rule += "---|";
  }
  text += "\n" + rule + "\n";
  for (const EntryState state : kStates) {
    text.append("| **").append(name_of(state)).append("** |");
    for (const Column column : columns) text.append(" ").append(cell(state, column)).append(" |");
    text += "\n";
  }
  return text;
}

std::string both_tables() {
  return "# The states of a call's entry\n\nWhether the next command of a call may run on its host "
         "(`server/app/calls/entry_state.hpp`). "
         "Printed by `entry_state_test.cpp` from the machine itself; `UPDATE_GOLDEN=1 app_calls_test` writes it anew. An empty "
         "cell "
         "cannot happen.\n\n" +
         table(kEvents,
               [](EntryState state, EntryEvent event) {
                 const auto after = next(state, event);
                 return after ? name_of(*after) : std::string_view{};
               }) +
         "\n## What happens to a command that comes in\n\nOne that may run waits all the same while another is being run.\n\n" +
         table(kSenders, [](EntryState state, CommandFrom from) { return name_of(admit(state, from)); });
}

TEST(EntryStates, AreWhatTheGoldenPageShows) { belfry::testing::expect_page("docs/call-entry-states.md", both_tables()); }

TEST(EntryStates, EachOtherStateLeadsToReadyOnly) {
  for (const EntryState state : kStates)
    for (const EntryEvent event : kEvents) {
      const auto after = next(state, event);
      if (!after || state == EntryState::ready || *after == EntryState::in_doubt) continue;
      EXPECT_EQ(*after, EntryState::ready) << name_of(state) << ", " << name_of(event);
    }
}

TEST(EntryStates, AnEventOrASenderWithoutARowEndsTheProcess) {
  EXPECT_DEATH(static_cast<void>(next(EntryState::ready, static_cast<EntryEvent>(99))), "without its row");
  EXPECT_DEATH(static_cast<void>(admit(EntryState::ready, static_cast<CommandFrom>(99))), "without its row");
}

}  // namespace
}  // namespace belfry::calls

// EntryState: whether the next command of a call may run, and what it waits for if not. Two tables: next() is the whole machine;
// admit() says what happens to a command that comes in meanwhile. docs/call-entry-states.md shows both.
//
// The tables are switches without default: a new state, event or sender does not build until each of its cells is decided.
#pragma once

#include <cstdint>
#include <optional>

#include "base/check.hpp"

namespace belfry::calls {

enum class EntryState : std::uint8_t {
  ready,       // the next command may run
  reading,     // the call, an entry of its outbox, or who has devices is being read from the store
  committing,  // a step is being stored
  in_doubt,    // a commit's answer was lost: the store is asked whether the step was stored
  colliding,   // the call's start met another call of its caller: commands wait until that is settled
};

enum class EntryEvent : std::uint8_t {
  read_began,
  read_ended,
  commit_began,
  commit_settled,  // stored, or certainly not
  commit_in_doubt,
  collision_began,
  collision_settled,  // the start joined the other call, was refused, or may be tried again
};

enum class CommandFrom : std::uint8_t {
  user,       // somebody waits for an answer and may ask again
  server,     // nobody asks again: a session's news, an alarm
  collision,  // the start itself, which is tried again because the other call has ended
};

enum class CommandTurn : std::uint8_t {
  run,     // now
  wait,    // in the queue
  refuse,  // as store_unavailable: it would be decided on a state that may be out of date
  resume,  // now, before all that waits: the collision is settled
};

namespace detail {

/// One row of a table.
template <class Cell>
class InEachState {
 public:
  /// No default: no cell can be left out.
  constexpr InEachState(Cell ready, Cell reading, Cell committing, Cell in_doubt, Cell colliding)
      : ready_(ready),
        reading_(reading),
        committing_(committing),
        in_doubt_(in_doubt),
        colliding_(colliding) {}

  [[nodiscard]] constexpr Cell in(EntryState state) const {
    switch (state) {
      case EntryState::ready:
        return ready_;
      case EntryState::reading:
        return reading_;
      case EntryState::committing:
        return committing_;
      case EntryState::in_doubt:
        return in_doubt_;
      case EntryState::colliding:
        break;
    }
    return colliding_;
  }

 private:
  Cell ready_, reading_, committing_, in_doubt_, colliding_;
};

// clang-format off
[[nodiscard]] constexpr InEachState<std::optional<EntryState>> row_of(EntryEvent event) {
  using enum EntryState;
  using enum EntryEvent;
  constexpr auto none = std::nullopt;
  switch (event) {
    //                             ready       reading  committing  in_doubt  colliding
    case read_began:        return {reading,    none,    none,       none,     none};
    case read_ended:        return {none,       ready,   none,       none,     none};
    case commit_began:      return {committing, none,    none,       none,     none};
    case commit_settled:    return {none,       none,    ready,      ready,    none};
    case commit_in_doubt:   return {none,       none,    in_doubt,   none,     none};
    case collision_began:   return {colliding,  none,    none,       none,     none};
    case collision_settled: return {none,       none,    none,       none,     ready};
  }
  CHECK(false, "an event of a call's entry without its row");
}

[[nodiscard]] constexpr InEachState<CommandTurn> row_of(CommandFrom from) {
  using enum CommandTurn;
  switch (from) {
    //                                  ready  reading  committing  in_doubt  colliding
    case CommandFrom::user:      return {run,   wait,    wait,       refuse,   wait};
    case CommandFrom::server:    return {run,   wait,    wait,       wait,     wait};
    case CommandFrom::collision: return {run,   wait,    wait,       wait,     resume};
  }
  CHECK(false, "a sender of commands without its row");
}
// clang-format on

}  // namespace detail

/// None: the event cannot happen in this state.
[[nodiscard]] constexpr std::optional<EntryState> next(EntryState now, EntryEvent event) { return detail::row_of(event).in(now); }

/// `run` holds only while no command is being run and none waits.
[[nodiscard]] constexpr CommandTurn admit(EntryState now, CommandFrom from) { return detail::row_of(from).in(now); }

}  // namespace belfry::calls

// EntryState: whether the next command of a call may run, and what it waits for if not. next() is the whole machine; admit() says
// what happens to a command that comes in meanwhile. docs/call-entry-states.md shows both tables.
#pragma once

#include <cstdint>
#include <optional>

namespace belfry::calls {

enum class EntryState : std::uint8_t {
  ready,       // the next command may run
  reading,     // the call, or an entry of its outbox, is being read from the store
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

/// None: the event cannot happen in this state.
[[nodiscard]] constexpr std::optional<EntryState> next(EntryState now, EntryEvent event) {
  using S = EntryState;
  using E = EntryEvent;
  switch (now) {
    case S::ready:
      if (event == E::read_began) return S::reading;
      if (event == E::commit_began) return S::committing;
      if (event == E::collision_began) return S::colliding;
      return std::nullopt;
    case S::reading:
      if (event == E::read_ended) return S::ready;
      return std::nullopt;
    case S::committing:
      if (event == E::commit_settled) return S::ready;
      if (event == E::commit_in_doubt) return S::in_doubt;
      return std::nullopt;
    case S::in_doubt:
      if (event == E::commit_settled) return S::ready;
      return std::nullopt;
    case S::colliding:
      if (event == E::collision_settled) return S::ready;
      return std::nullopt;
  }
  return std::nullopt;
}

enum class CommandFrom : std::uint8_t {
  user,       // somebody waits for an answer and may ask again
  server,     // nobody asks again: a session's news, an alarm
  collision,  // the start itself, which is tried again because the other call has ended
};

enum class Admission : std::uint8_t {
  run,     // now
  wait,    // in the queue
  refuse,  // as store_unavailable: it would be decided on a state that may be out of date
  resume,  // now, before all that waits: the collision is settled
};

/// `run` holds only while no command is being run and none waits.
[[nodiscard]] constexpr Admission admit(EntryState now, CommandFrom from) {
  switch (now) {
    case EntryState::ready:
      return Admission::run;
    case EntryState::reading:
    case EntryState::committing:
      return Admission::wait;
    case EntryState::in_doubt:
      return from == CommandFrom::user ? Admission::refuse : Admission::wait;
    case EntryState::colliding:
      return from == CommandFrom::collision ? Admission::resume : Admission::wait;
  }
  return Admission::wait;
}

}  // namespace belfry::calls

// Command: one thing that somebody, or time, wants of a call, on its way from a session's shard to the call's home. It owns
// what it carries. `received` is when it came in: a deadline is judged by that, not by when its turn came (SPEC X-03).
#pragma once

#include <cstdint>
#include <string>

#include "base/address.hpp"
#include "base/time.hpp"
#include "domain/oldcall/ids.hpp"
#include "domain/oldcall/media.hpp"

namespace belfry::app {

struct Command {
  enum class Kind : std::uint8_t { start, answer, decline, hang_up, claim, lost, left, returned, alarm };
  /// A command of a session which is not in the call takes the call over first, once (SPEC X-17).
  enum class Takeover : std::uint8_t { untried, tried };

  Kind kind;
  std::string me;
  SessionAddress at;
  std::string peer;
  TimePoint received;
  std::string body;     // offer or answer
  oldcall::CallId leg;     // start: the call to be; claim: the leg that waits to learn its call
  oldcall::Media media{};  // start
  Takeover takeover = Takeover::untried;
};

}  // namespace belfry::app

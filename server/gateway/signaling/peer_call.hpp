// PeerCall: a call of a page of the signaling dialect, known by the name of the peer, or one that has just ended: an event that
// crosses the end is not an error. Two tables say how it goes on: how far the call is for this page, and what the page has
// been shown of the peer's side. docs/peer-call-states.md shows both.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "app/calls/calls.hpp"
#include "base/check.hpp"

namespace belfry::gateway {

enum class PeerCallPhase : std::uint8_t {
  on,
  leaving,  // this page has asked for its end
  over,
};
enum class PeerCallStep : std::uint8_t { leave_asked, leave_refused, ended };

/// The peer's side is shown by incoming_call or by call_answered, with the peer's description.
enum class Shown : std::uint8_t { nothing, without_description, description };
enum class ShownStep : std::uint8_t {
  notified_with_description,  // of the ring, or of the answer
  notified_without,           // the description may come as a signal
  description_came,
  wait_over,  // for a description that has not come
};

namespace detail {

// clang-format off
/// A switch without default: a new step does not build until it has a row.
[[nodiscard]] constexpr PeerCallPhase next_phase(PeerCallPhase from, PeerCallStep step) {
  using enum PeerCallPhase;
  struct Row { PeerCallPhase from_on, from_leaving, from_over; };
  const auto row = [step]() -> Row {
    switch (step) {
      //                                          on       leaving  over
      case PeerCallStep::leave_asked:   return {leaving, leaving, over};
      case PeerCallStep::leave_refused: return {on,      on,      over};
      case PeerCallStep::ended:         return {over,    over,    over};
    }
    CHECK(false, "a step of a peer's call without its row");
  }();
  return from == on ? row.from_on : from == leaving ? row.from_leaving : row.from_over;
}

[[nodiscard]] constexpr Shown next_shown(Shown from, ShownStep step) {
  using enum Shown;
  struct Row { Shown from_nothing, from_without, from_description; };
  const auto row = [step]() -> Row {
    switch (step) {
      //                                                     nothing              without_description  description
      case ShownStep::notified_with_description: return {description,         description,         description};
      case ShownStep::notified_without:          return {nothing,             nothing,             nothing};
      case ShownStep::description_came:          return {description,         description,         description};
      case ShownStep::wait_over:                 return {without_description, without_description, description};
    }
    CHECK(false, "a step of what is shown without its row");
  }();
  return from == nothing ? row.from_nothing : from == without_description ? row.from_without : row.from_description;
}
// clang-format on

}  // namespace detail

/// Is the event of this step sent to the page? A notice that comes again, after a reconnect, is shown again; a description that
/// comes as a signal, and the end of the wait for it, only if they bring something new.
enum class Show : std::uint8_t { nothing, event };
[[nodiscard]] constexpr Show show_after(Shown from, ShownStep step) {
  if (step == ShownStep::notified_with_description) return Show::event;
  if (step == ShownStep::notified_without) return Show::nothing;
  return detail::next_shown(from, step) == from ? Show::nothing : Show::event;
}

class PeerCall {
 public:
  PeerCall(std::string_view peer_name, const calls::CallId& id) : peer(peer_name), call(id) {}
  std::string peer;
  calls::CallId call;
  bool spoken_of = false;    // this socket has sent an event about it
  bool reoffered = false;    // incoming_call has come again in the connected call: the next new answer is for that offer
  std::size_t answered = 0;  // a hash of the last answer of this socket; 0: it has sent none

  [[nodiscard]] bool is_over() const { return phase_ == PeerCallPhase::over; }
  /// Whether the end that this socket asks for now is not the first, or the call is over.
  [[nodiscard]] bool leave() {
    const bool again = phase_ != PeerCallPhase::on;
    take(PeerCallStep::leave_asked);
    return again;
  }
  /// The end that this socket asked for was refused: it may ask again.
  void stay() { take(PeerCallStep::leave_refused); }
  void end() { take(PeerCallStep::ended); }

  [[nodiscard]] Shown shown() const { return shown_; }
  Show show(ShownStep step) {
    const Show what = show_after(shown_, step);
    shown_ = detail::next_shown(shown_, step);
    return what;
  }

 private:
  void take(PeerCallStep step) { phase_ = detail::next_phase(phase_, step); }

  PeerCallPhase phase_ = PeerCallPhase::on;
  Shown shown_ = Shown::nothing;
};

}  // namespace belfry::gateway

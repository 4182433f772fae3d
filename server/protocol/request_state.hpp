// Where an HTTP connection stands with its present request. One table says which phase follows each event in each phase
// (docs/request-states.md shows it); RequestState keeps the phase of one connection and changes it nowhere but by that table.
// HttpSide starts the phase's time-out and answers.
//
// Not here: a connection that becomes a WebSocket, moves to another shard or floods us leaves its phases without an event.
#pragma once

#include <cstdint>
#include <optional>

#include "base/check.hpp"

namespace belfry::protocol {

enum class RequestPhase : std::uint8_t {
  idle,     // between two requests
  head,     // the head is awaited, or the rest of it
  body,     // the head is whole, its body is not
  serving,  // an answer is owed; what comes meanwhile waits unread
  closed,   // nothing follows
};

enum class RequestEvent : std::uint8_t {
  head_begun,      // the connection is new, or the first bytes of a request have come
  body_begun,      // the head is whole and says that more follows
  answer_owed,     // the request is whole, or cannot be read
  answered,        // the connection is kept
  answered_last,   // it is not
  time_over,       // the phase took too long
  draining_begun,  // the server will stop
};

namespace detail {

/// One row: the phase that follows; none: cannot happen.
class RequestPhasesAfter {
 public:
  using Cell = std::optional<RequestPhase>;
  /// No default: no cell can be left out.
  constexpr RequestPhasesAfter(Cell idle, Cell head, Cell body, Cell serving)
      : idle_(idle),
        head_(head),
        body_(body),
        serving_(serving) {}

  [[nodiscard]] constexpr Cell from(RequestPhase phase) const {
    switch (phase) {
      case RequestPhase::idle:
        return idle_;
      case RequestPhase::head:
        return head_;
      case RequestPhase::body:
        return body_;
      case RequestPhase::serving:
        return serving_;
      case RequestPhase::closed:
        break;
    }
    return std::nullopt;
  }

 private:
  Cell idle_, head_, body_, serving_;
};

// clang-format off
/// A switch without default: a new event does not build until it has a row.
[[nodiscard]] constexpr RequestPhasesAfter request_phases_after(RequestEvent event) {
  using enum RequestPhase;
  using enum RequestEvent;
  constexpr auto none = std::nullopt;
  switch (event) {
    //                          idle     head     body     serving
    case head_begun:     return {head,    head,    none,    none};
    case body_begun:     return {body,    body,    none,    none};
    case answer_owed:    return {serving, serving, serving, none};
    case answered:       return {none,    none,    none,    idle};
    case answered_last:  return {none,    none,    none,    closed};
    case time_over:      return {closed,  serving, serving, none};
    case draining_begun: return {closed,  closed,  body,    serving};
  }
  CHECK(false, "an event of a request without its row");
}
// clang-format on

}  // namespace detail

/// None: the event cannot happen in this phase.
[[nodiscard]] constexpr std::optional<RequestPhase> phase_after(RequestPhase phase, RequestEvent event) {
  return detail::request_phases_after(event).from(phase);
}

class RequestState {
 public:
  [[nodiscard]] RequestPhase phase() const { return phase_; }
  [[nodiscard]] bool is(RequestPhase phase) const { return phase_ == phase; }
  /// How many phases this connection has entered: tells a time-out of this one from one of an earlier.
  [[nodiscard]] std::uint32_t serial() const { return serial_; }

  void on(RequestEvent event) {
    const std::optional<RequestPhase> after = phase_after(phase_, event);
    CHECK(after.has_value(), "an event that cannot happen in this phase of a request");
    if (*after != phase_) ++serial_;
    phase_ = *after;
  }

 private:
  RequestPhase phase_ = RequestPhase::idle;
  std::uint32_t serial_ = 0;
};

}  // namespace belfry::protocol

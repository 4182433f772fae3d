// Command: one thing that somebody, or time, wants of a call, on its way to the call's host. It owns what it carries.
// `received` is when it came in: a deadline is judged by that, not by when its turn came (SPEC X-03).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "app/calls/calls.hpp"
#include "app/calls/shared_calls.hpp"
#include "base/check.hpp"
#include "base/time.hpp"

namespace belfry::calls {

struct Command {
  enum class Kind : std::uint8_t {
    start,    // make this call
    collide,  // a start whose caller is already in this call: glare, a repeat, or a recall
    accept,
    reject,
    cancel,
    end,
    rang,
    ready,
    media,
    force,
    unrouted_signal,  // a session speaks in this call without having a part in it yet
    gone,             // a session of a party went
    online,           // a session of a party came
    alarm,            // time
    restart,          // the call outlived the server
    withdraw,         // a start whose caller was told that it failed
    resend_end,       // a session came whose user missed the end
    catch_up,         // another server has moved the call on, or may have
  };

  Kind kind{};
  CallId call{};
  Actor actor{};
  TimePoint received{};
  std::string body{};  // the answer; unrouted_signal: the signal's payload
  Reply reply{};       // to be run on `asker`
  ShardIndex asker = 0;
  InFlight in_flight{};

  std::shared_ptr<StartCall> start{};    // start, collide
  std::optional<LiveSession> session{};  // gone, online
  Departure how = Departure::lost;       // gone
  call::EndReason reason{};              // force
  bool media_alive = false;              // media
  bool recovered = false;                // online: came back as itself, with its log of what it was told meanwhile
  bool newcomer = false;                 // online: came by replacing a live session; it must speak first to take part
  std::string signal_kind{};             // unrouted_signal
  std::uint32_t signal_generation = 0;   // unrouted_signal
  std::optional<UserId> signal_to{};     // unrouted_signal
  TimePoint last_alive{};                // restart
  std::uint64_t outbox_seq = 0;  // resend_end: the entry was read from the store, where another server may have settled it
  std::uint8_t tries = 0;        // reloads after lost races
  bool waited = false;           // it came while another one was being committed

  /// gone, online
  [[nodiscard]] const LiveSession& its_session() const {
    CHECK(session.has_value(), "a session that came or went is named");
    return *session;
  }
  /// start, collide: of the call that is made
  [[nodiscard]] CallId made_id() const {
    CHECK(start && start->id, "a start has its id when it comes to its host");
    return *start->id;
  }
  /// Nobody waits for an answer and nobody will ask again: we try again ourselves while the store is down.
  [[nodiscard]] bool by_the_system() const { return kind >= Kind::gone || (kind == Kind::force && !reply); }
};

}  // namespace belfry::calls

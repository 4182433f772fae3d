// Seats: which of a person's sessions holds the leg in a call and may speak for it (SPEC T-18, T-19, X-16, X-17, 2.8.12). A
// person may have several sessions; while it rings any of them may answer, from then on one device has the conversation, and a
// second one that spoke would cut into it. Pure: app/calls passes the person's live sessions.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "domain/account/user.hpp"
#include "domain/call/leg.hpp"

namespace belfry::call {

/// A live session, as far as these rules need it. It is a view: valid only during the call of the function.
struct Session {
  SessionId id{};
  account::LoginId login{};   // all zero: none
  std::string_view device{};  // as the client names it; empty: unknown
};

/// Whether this session holds the leg: it is the session in the seat, runs on that device, or belongs to the login that acted by
/// REST.
[[nodiscard]] bool holds(const Leg& leg, const Session& session);

/// How a session claims the seat. `anew`: it has just connected. `recovered`: it reconnected as the same session, with its event
/// log. `displacing`: it replaced a live session of a dialect that allows only one (C-11), so it takes part only once it sends a
/// command. `speaking`: it was connected before and acts now.
enum class SeatClaim : std::uint8_t { anew, recovered, displacing, speaking };

enum class Placement : std::uint8_t {
  takes_seat,    // it takes the seat and continues the call
  is_seated,     // it already holds the leg
  may_speak_up,  // it takes the seat with its first command
  waits,         // another session holds the leg, or none does yet
};

/// `others_here`: the person's other live sessions.
[[nodiscard]] Placement placement_of(const Leg& leg, const Session& session, SeatClaim how, std::span<const Session> others_here);

/// Which sessions may speak for a leg now: decided once in the constructor, then asked for each session.
class Speakers {
 public:
  Speakers(const Leg& leg, std::span<const Session> here);
  [[nodiscard]] bool include(const Session& session) const;

 private:
  enum class Rule : std::uint8_t { nobody, holders, everybody };
  const Leg& leg_;
  Rule rule_;
};

/// Whether a session in `here` can still speak for the leg now that `gone` is gone. Until the call is connected no device holds
/// the leg, so any session can.
[[nodiscard]] bool is_spoken_for(const Leg& leg, Status status, const Session& gone, std::span<const Session> here);

}  // namespace belfry::call

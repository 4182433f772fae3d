// Seats: which of a person's sessions holds the leg in a call and may speak for it (SPEC T-18, T-19, X-16, X-17, 2.8.12). A
// person may have several sessions; while it rings any of them may answer, from then on one device has the conversation, and a
// second one that spoke would cut into it. Pure: the caller passes the person's live sessions.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "domain/account/user.hpp"
#include "domain/call/leg.hpp"

namespace belfry::call {

/// A live session, as these rules see it. A view: valid during the question.
struct Session {
  SessionId id{};
  account::LoginId login{};   // all zero: none
  std::string_view device{};  // what the client calls itself; empty: unknown
};

/// Is this session the one which holds the leg, or its device, or of the login that holds it (a part taken by REST)?
[[nodiscard]] bool holds(const Leg& leg, const Session& session);

/// How a session lays claim to the seat: by coming, or by speaking. `recovered`: as itself, with its log. `displacing`: it pushed
/// out a live session of a dialect that allows one (C-11), so it takes no part before it speaks. `speaking`: it was here, and
/// acts now.
enum class SeatClaim : std::uint8_t { anew, recovered, displacing, speaking };

enum class Placement : std::uint8_t {
  takes_seat,    // it continues the call
  is_seated,     // it held the leg all the while
  may_speak_up,  // it takes the seat with its first word
  waits,         // another session holds the leg, or none does yet
};

/// `others_here`: the person's live sessions without this one.
[[nodiscard]] Placement place(const Leg& leg, const Session& session, SeatClaim how, std::span<const Session> others_here);

/// Who may speak for a leg now: decided once, asked of each session.
class Speakers {
 public:
  Speakers(const Leg& leg, std::span<const Session> here);
  [[nodiscard]] bool include(const Session& session) const;

 private:
  enum class Rule : std::uint8_t { nobody, holders, everybody };
  const Leg& leg_;
  Rule rule_;
};

/// Whether a session in `here` can still speak for the leg after `gone` has gone. Until the call is connected no device holds it,
/// so any session will do.
[[nodiscard]] bool is_spoken_for(const Leg& leg, Status status, const Session& gone, std::span<const Session> here);

}  // namespace belfry::call

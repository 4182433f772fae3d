// Notice: what a session may be notified of, independent of its dialect; gateway/ renders it (SPEC 2.4, 2.5). The set is closed,
// and a notice owns what it holds, so that it can wait in a mailbox, cross to another shard, and one day to another server.
#pragma once

#include <variant>

#include "app/notices/call_notices.hpp"
#include "app/notices/chat_notices.hpp"

namespace belfry {

namespace sessions {

/// A newer session of the same single-session dialect replaced this one: send the event and close. Sessions no longer lists it.
struct Replaced {};
/// The session's login was ended, or its user is no longer active: send the event and close.
struct LoginEnded {};

}  // namespace sessions

using Notice = std::variant<calls::IncomingCall, calls::Progress, calls::CallAccepted, calls::AnsweredElsewhere,
                            calls::DeclinedElsewhere, calls::CallRejected, calls::CallCancelled, calls::CallMissed,
                            calls::CallEnded, calls::PeerState, calls::PeerMedia, calls::Glare, calls::CalleesBusy,
                            calls::TokenExpiring, chat::ChatNotice, sessions::Replaced, sessions::LoginEnded>;

}  // namespace belfry

// native::WebNotices: the aliases of web sessions among the server events (SPEC W-001-01 to W-001-05): what the clients of seed
// 001, a messenger on REST and Socket.IO, listen for beside the events of the native dialect. A web session is a socket with a
// credential whose handshake names neither a dialect nor a user. A session that named "native" gets none of them.
// docs/protocol/web.md describes them; web_commands.hpp has those that clients send.
//
// An alias is sent beside a native event and says what that event says. No decision about a call is made here.
#pragma once

#include <string_view>
#include <vector>

#include "gateway/dialects/dialect.hpp"
#include "gateway/json/errors.hpp"
#include "gateway/native/notices.hpp"
#include "gateway/native/ports.hpp"
#include "gateway/native/sessions.hpp"

namespace belfry::gateway::native {

class WebNotices {
 public:
  /// `message` of `error` where a signal has no receiver.
  static constexpr std::string_view kNoReceiver = "The other side is not connected, or is in no call with you";
  WebNotices(const NativePorts& ports, Sessions& sessions, Notices& notices)
      : ports_(ports),
        sessions_(sessions),
        notices_(notices) {}
  /// `authenticated`, behind session.ready.
  void greet(NativeSession& session);
  /// Sends the native event too, and the aliases before and behind it.
  void notify(NativeSession& session, const Notice& notice);
  void pass_signal(NativeSession& session, const calls::SignalArrived& signal);
  void catch_up(NativeSession& session, const std::vector<store::StoredCall>& shown);
  /// `error`: the published clients ask for no acknowledgement and listen for it.
  void send_error(SessionAddress at, const Failure& failure);

 private:
  // One for each notice, so that the compiler asks whether a new one has an alias.
  void send(NativeSession& session, const calls::IncomingCall& notice);
  void send(NativeSession& session, const calls::CallAccepted& notice);
  void send(NativeSession& session, const calls::CallRejected& notice);
  void send(NativeSession& session, const calls::CallCancelled& notice);
  void send(NativeSession& session, const calls::CallMissed& notice);
  // Without an alias. The event of an end has one name for both (send_end).
  void send(NativeSession& session, const calls::Progress& notice) { notices_.send(session, notice); }
  void send(NativeSession& session, const calls::AnsweredElsewhere& notice) { notices_.send(session, notice); }
  void send(NativeSession& session, const calls::DeclinedElsewhere& notice) { notices_.send(session, notice); }
  void send(NativeSession& session, const calls::CallEnded& notice) { notices_.send(session, notice); }
  void send(NativeSession& session, const calls::PeerState& notice) { notices_.send(session, notice); }
  void send(NativeSession& session, const calls::PeerMedia& notice) { notices_.send(session, notice); }
  void send(NativeSession& session, const calls::Glare& notice) { notices_.send(session, notice); }
  void send(NativeSession& session, const calls::CalleesBusy& notice) { notices_.send(session, notice); }
  void send(NativeSession& session, const calls::TokenExpiring& notice) { notices_.send(session, notice); }
  void send(NativeSession& session, const chat::ChatNotice& notice) { notices_.send(session, notice); }
  void send(NativeSession& session, const sessions::Replaced& notice) { notices_.send(session, notice); }
  void send(NativeSession& session, const sessions::LoginEnded& notice) { notices_.send(session, notice); }
  void send_response(NativeSession& session, const calls::CallView& call, std::string_view response);
  void send_end(NativeSession& session, const calls::CallView& call);
  void send_description(NativeSession& session, const calls::CallView& call, const account::Person& from, calls::SignalKind kind,
                        const call::Description& description);

  const NativePorts& ports_;
  Sessions& sessions_;
  Notices& notices_;
};

}  // namespace belfry::gateway::native

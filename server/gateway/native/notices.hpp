// native::Notices: the server events of the native dialect (SPEC 2.4): one `send` per notice.
#pragma once

#include <string_view>

#include "gateway/dialects/dialect.hpp"
#include "gateway/native/chat_notices.hpp"
#include "gateway/native/ports.hpp"
#include "gateway/native/sessions.hpp"

namespace belfry::gateway::native {

class Notices {
 public:
  Notices(const NativePorts& ports, Sessions& sessions) : ports_(ports), sessions_(sessions) {}
  void notify(NativeSession& session, const Notice& notice) {
    std::visit([&](const auto& what) { send(session, what); }, notice);
  }
  void send_signal(NativeSession& session, const calls::SignalArrived& signal);

  void send(NativeSession& session, const calls::IncomingCall& notice);
  void send(NativeSession& session, const calls::Progress& notice);
  void send(NativeSession& session, const calls::CallAccepted& notice);
  void send(NativeSession& session, const calls::AnsweredElsewhere& notice);
  void send(NativeSession& session, const calls::DeclinedElsewhere& notice);
  void send(NativeSession& session, const calls::CallRejected& notice);
  void send(NativeSession& session, const calls::CallCancelled& notice);
  void send(NativeSession& session, const calls::CallMissed& notice);
  void send(NativeSession& session, const calls::CallEnded& notice);
  void send(NativeSession& session, const calls::PeerState& notice);
  void send(NativeSession& session, const calls::PeerMedia& notice);
  void send(NativeSession& session, const calls::Glare& notice);
  static void send(NativeSession&, const calls::CalleesBusy&) {}  // only the token dialect has an event for it
  void send(NativeSession& session, const calls::TokenExpiring& notice);
  void send(NativeSession& session, const chat::ChatNotice& notice) { send_chat_notice(sessions_, session, notice); }
  void send(NativeSession& session, const sessions::Replaced& notice);
  void send(NativeSession& session, const sessions::LoginEnded& notice);

 private:
  void send_candidates(NativeSession& session, const calls::CallView& call, const account::Person& from,
                       const call::Description& description);

  const NativePorts& ports_;
  Sessions& sessions_;
};

}  // namespace belfry::gateway::native

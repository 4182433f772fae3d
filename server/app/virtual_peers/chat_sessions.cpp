#include "app/virtual_peers/chat_sessions.hpp"

#include <string>
#include <utility>
#include <variant>

namespace belfry::virtual_peers {
namespace {

/// The call that a notice is about; null: it is about none.
CallView call_of(const Notice& notice) {
  return std::visit(
      [](const auto& what) -> CallView {
        if constexpr (requires { what.call; })
          return what.call;
        else
          return nullptr;
      },
      notice);
}

}  // namespace

void ChatSessions::notify(SessionAddress to, const Notice& notice) {
  own_thread_.check();
  const Known* const found = known_.empty() ? nullptr : find(to);
  const Known known = found == nullptr ? Known{} : *found;  // the socket may be closed by what it is sent
  ports_.sockets.notify(to, notice);
  const CallView call = found == nullptr ? nullptr : call_of(notice);
  if (!call || is_group(call->row) || find_leg(call->row, known.user) == nullptr) return;
  SentToChat what{.user = known.user, .session = known.session, .call = call};
  what.ring = std::holds_alternative<calls::IncomingCall>(notice);
  if (!speaks_by_peer(call, other_party(call->row, known.user), ports_.sessions, ports_.peers)) {
    if (what.ring) what.offer = call->row.offer;
    const auto* const accepted = std::get_if<calls::CallAccepted>(&notice);
    if (accepted != nullptr && known.user == call->row.caller) what.answer = accepted->answer;
  }
  tell(std::move(what));
}

void ChatSessions::rung(SessionAddress at, const CallView& call) {
  own_thread_.check();
  const Known* const known = find(at);
  if (known == nullptr || is_group(call->row)) return;
  tell({.user = known->user, .session = known->session, .call = call, .ring = true});
}

void ChatSessions::pass_signal(SessionAddress to, const calls::SignalArrived& signal) {
  own_thread_.check();
  Known* const known = known_.empty() ? nullptr : find(to);
  const store::CallRow& row = signal.call->row;
  // Between two who both have a peer a signal is what a client sent on purpose, or is for a device without PeerJS.
  if (known == nullptr || is_group(row) || speaks_by_peer(signal.call, signal.from.id, ports_.sessions, ports_.peers))
    return ports_.sockets.pass_signal(to, signal);
  if (ports_.peers.has_peer(known->user)) known->by_peer = row.id;
  const bool by_peer = known->by_peer == row.id;
  tell({.user = known->user,
        .session = known->session,
        .call = signal.call,
        .signal = signal.kind,
        .payload = std::string(signal.payload)});
  if (!by_peer) ports_.sockets.pass_signal(to, signal);
}

void ChatSessions::tell(SentToChat what) {
  const ShardIndex home = ports_.peers.home_of(to_text(what.user.value()));
  ports_.virtual_peers.post(ports_.mailboxes, home, [what = std::move(what)](VirtualPeers& there) { there.sent(what); });
}

void ChatSessions::on_came(UserId user, const sessions::LiveSession& session, sessions::Arrival) {
  own_thread_.check();
  if (session.dialect != call::Dialect::chat) {
    known_.erase(session.at.slot);
    return;
  }
  known_[session.at.slot] = {.at = session.at, .user = user, .session = session.id};
}

/// One whose transport is lost may recover, and is sent meanwhile what waits for it.
void ChatSessions::on_gone(UserId user, const sessions::LiveSession& session, sessions::Departure) {
  own_thread_.check();
  if (find(session.at) != nullptr && !ports_.sessions.session(user, session.at)) known_.erase(session.at.slot);
}

ChatSessions::Known* ChatSessions::find(SessionAddress at) {
  const auto found = known_.find(at.slot);
  return found == known_.end() || found->second.at != at ? nullptr : &found->second;
}

}  // namespace belfry::virtual_peers

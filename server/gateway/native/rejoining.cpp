#include "gateway/native/rejoining.hpp"

#include <algorithm>
#include <utility>

#include "gateway/dialects/actor_of.hpp"
#include "gateway/native/answers.hpp"

namespace belfry::gateway::native {

/// The client has seen events up to `last_seq`. The snapshot contains what it missed, so the numbers continue after that without
/// a gap. Rejoining the calls must not depend on finding the earlier session: after a restart of the server there is none, but
/// the calls still wait.
bool Rejoining::resume(SessionAddress at, const Resume& earlier) {
  NativeSession* session = sessions_.find(at);
  if (session == nullptr) return false;
  presence_notices_.go_on_from(earlier.session, *session->context);  // before that session is ended
  session = sessions_.find(at);
  if (session == nullptr) return false;
  const bool resumed = ports_.calls.session_resumed(session->context->identity->user, at, earlier.session);
  session = sessions_.find(at);  // again: app/sessions closes sessions within that call
  if (session == nullptr) return false;
  if (resumed) {
    session->context->session = earlier.session;
    session->memory.seq = std::max(session->memory.seq, earlier.last_seq);
  }
  ports_.calls.rejoin_calls(actor_of(*session->context, call::Dialect::native));
  return resumed;
}

void Rejoining::send_snapshot(SessionAddress at, calls::UserId user) {
  ports_.archive.current(user, recently(), [this, at, user](const Expected<Calls, store::Unavailable>& found) {
    NativeSession* session = sessions_.find(at);
    if (session == nullptr || !found || found->empty()) return;
    sessions_.emit(*session, "call.snapshot", [&](json::Writer& json) { append_snapshot(json, *found); });
    if (session->memory.web) web_notices_.catch_up(*session, *found);
    note_snapshot_sent(*session, user, *found);
  });
}

void Rejoining::read_calls(calls::UserId user, std::function<void(const Calls*)> show) {
  ports_.archive.current(user, recently(),
                         [this, user, show = std::move(show)](const Expected<Calls, store::Unavailable>& found) {
                           show(found ? &*found : nullptr);
                           if (found) note_shown_ends(user, *found);
                         });
}

/// A client of another dialect gets the snapshot too, if its handshake names none, and cannot read it: seed 003's pages register
/// behind it. The ends that it shows wait for that dialect to send them, unless the client turns out to speak this one.
void Rejoining::note_snapshot_sent(NativeSession& session, calls::UserId user, const Calls& shown) {
  if (session.memory.speaks_native) return note_shown_ends(user, shown);
  for (const store::StoredCall& call : shown)
    if (call::is_final(call.row.status)) session.unread_ends.push_back(call.row.id);
}

void Rejoining::note_spoken(SessionAddress at) {
  NativeSession* session = sessions_.find(at);
  if (session == nullptr || session->memory.speaks_native) return;
  session->memory.speaks_native = true;
  const auto read = std::exchange(session->unread_ends, {});
  for (const calls::CallId& call : read) ports_.calls.end_shown(session->context->identity->user, call);
}

void Rejoining::note_shown_ends(calls::UserId user, const Calls& shown) {
  for (const store::StoredCall& call : shown)
    if (call::is_final(call.row.status)) ports_.calls.end_shown(user, call.row.id);
}

WallTime Rejoining::recently() const { return ports_.clock.wall() - settings_.recently_ended; }

}  // namespace belfry::gateway::native

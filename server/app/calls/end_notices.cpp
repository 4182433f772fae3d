#include "app/calls/end_notices.hpp"

#include <algorithm>
#include <utility>

#include "app/calls/gate.hpp"
#include "app/calls/record.hpp"

namespace belfry::calls {

store::OutboxEntry EndNotices::unheard_end(const HostedCall& call, UserId user, WallTime at) {
  return {.to = user, .call = call.row().id, .aware = call.notes_on(user).aware, .at = at};
}

void EndNotices::add_absent_to_outbox(const HostedCall& call, const Present& here, WallTime at, PendingStep& step,
                                      store::Transition& change) const {
  for (const auto& leg : call.legs()) {
    const bool kept_from = is_pending(leg.state) && leg.bell == call::Bell::silent;
    const bool waits = is_open(leg.state) && !kept_from && !step.command.is_by(leg.user);
    if (!waits || here.is_live(leg.user)) continue;
    change.outbox.push_back(unheard_end(call, leg.user, at));
    step.in_outbox.push_back(leg.user);
  }
}

void EndNotices::fix_end_recipients(HostedCall& call, const Present& here) const {
  for (Notes& each : call.notes) {
    if (each.out) continue;
    for (const auto& session : here.of(each.user)) {
      each.notified_of_end.push_back(session.at);
      if (!session.suspended) each.end_heard = true;
    }
  }
}

/// Most absent participants were absent before the commit, so their entries are in the outbox already.
void EndNotices::remember_unheard(const HostedCall& call, const Command& command) {
  for (const Notes& each : call.notes) {
    if (each.end_heard) {
      if (each.in_outbox) ports_.outbox.settle(each.user, call.row().id);
    } else if (!each.out && !command.is_by(each.user)) {
      const auto entry = unheard_end(call, each.user, moment_of(ports_.clock).wall);
      shared_.unheard().remember(entry);
      if (!each.in_outbox) store_unheard(entry);
    }
  }
}

/// Counted until the outbox has the entry: the next start of a server that was stopped before that looks for the end.
void EndNotices::store_unheard(const store::OutboxEntry& end) {
  shared_.count_unstored_ends(1);
  try_to_store(end);
}

void EndNotices::try_to_store(const store::OutboxEntry& end) {
  ports_.outbox.put(end, [this, end, in_flight = shared_.in_flight()](const Expected<void, store::Unavailable>& stored) {
    if (stored) return shared_.count_unstored_ends(-1);
    timers_.at(ports_.clock.now() + kRetry, [this, end] {
      if (shared_.unheard().contains(end.to, end.call)) return try_to_store(end);
      shared_.count_unstored_ends(-1);  // a session took it, and settles it or brings it back (notify_late)
    });
  });
}

/// If so, a dialect that names calls by peer would take the old end for the end of the new call, and clients of seed 004 take any
/// end for that of the call they are in. A call that still rings does no harm: its ring comes behind (Calls::on_came).
bool EndNotices::talks_again(const HostedCall& call, UserId user, const LiveSession& session) {
  if (session.dialect != call::Dialect::signaling && session.dialect != call::Dialect::chat) return false;
  const auto now = shared_.calls_of(user);
  if (session.dialect == call::Dialect::chat)
    return std::any_of(now.begin(), now.end(), [](const auto& each) { return each.takes_part; });
  const auto is_peer = [&](const account::Person& person) {
    return person.id != user &&
           std::any_of(now.begin(), now.end(), [&](const auto& each) { return each.takes_part && each.peer == person.username; });
  };
  return std::any_of(call.view->people.begin(), call.view->people.end(), is_peer);
}

/// True once for each session. Its own return and the reader of the outbox may both bring it the same end, in either order.
bool EndNotices::is_first_notice_to(HostedCall& call, UserId user, SessionAddress at) {
  if (call.was_notified_of_end(user, at)) return false;
  call.notes_on(user).notified_of_end.push_back(at);
  return true;
}

void EndNotices::notify_late(HostedCall& call, const Command& command, const Present& here) {
  const auto* resend = command.as<command::ResendEnd>();  // null: the session came while the end was being sent
  const UserId user = command.its_actor().user;
  if (!call.ended() || find_leg(call.legs(), user) == nullptr) return;
  const LiveSession* const session = here.session(user, command.at());
  if (session == nullptr) {  // the session is gone; the next one gets the end
    auto unheard = unheard_end(call, user, call.row().ended.value_or(call.row().created));
    unheard.seq = resend == nullptr ? 0 : resend->outbox_seq;
    shared_.unheard().remember(unheard);
    if (resend != nullptr && unheard.seq == 0) store_unheard(unheard);  // it may have been taken before it was stored
    return;
  }
  if (is_first_notice_to(call, user, command.at()) && !talks_again(call, user, *session))
    announcer_.notify_end(call, user, command.at());
  ports_.outbox.settle(user, call.row().id);
}

/// A suspended session gets the end in its recovery log, but may never return to read it. So the entry stays until a live session
/// was notified.
void EndNotices::notify_ended_by_other_server(HostedCall& call, UserId user, const Present& here) {
  if (call.notes_on(user).out) return;
  bool heard = false;
  for (const auto& session : here.of(user)) {
    heard = heard || !session.suspended;
    if (is_first_notice_to(call, user, session.at)) announcer_.notify_end(call, user, session.at);
  }
  if (!heard) return;
  // False: no entry of the outbox has come here yet, or a session that came took it.
  static_cast<void>(shared_.unheard().forget(user, call.row().id));
  ports_.outbox.settle(user, call.row().id);
}

}  // namespace belfry::calls

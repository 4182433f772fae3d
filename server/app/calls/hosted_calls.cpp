#include "app/calls/hosted_calls.hpp"

#include <utility>

#include "app/calls/flaw.hpp"
#include "app/calls/record.hpp"
#include "base/check.hpp"

namespace belfry::calls {
namespace {

/// The row does not say which sessions were notified of the call; the role and the state of the leg say who may have been. A
/// caller by REST may have had no session, but to be notified of one's own call once too often is better than not at all.
bool may_be_aware(const store::CallRow& row, const store::Leg& leg) {
  return leg.user == row.caller || leg.state != call::LegState::invited;
}

}  // namespace

CallEntry& HostedCalls::entry(const CallId& id) {
  CallEntry& entry = entries_[id];
  entry.id = id;
  return entry;
}

bool HostedCalls::may_host(const store::CallRow& row) const {
  const auto fine = check_row(row);
  if (!fine) around_.log.left_out(row, fine.error().why);
  return fine && row.legs.size() <= shared_.settings().most_people;
}

void HostedCalls::leave_out(CallEntry& entry) {
  around_.alarms.cancel(entry);
  if (!entry.call) return;
  unindex(entry.call->legs(), entry.id);
  if (!entry.call->ended()) shared_.count(&CallStats::active, -1);
  around_.routes.drop(*entry.call);
  row_changed(&entry.call->row(), nullptr);
  entry.call.reset();
}

void HostedCalls::forget_ended(CallEntry& entry) {
  CHECK(entry.its_call().ended() && !entry.alarm, "an ended call whose alarm has come");
  entry.call.reset();
}

void HostedCalls::row_changed(const store::CallRow* before, const store::CallRow* now) const {
  if (before != nullptr && (now == nullptr || is_final(now->status))) shared_.media().forget(before->id);
  if (ports_.row_changed) ports_.row_changed(before, now);
}

void HostedCalls::note_sent_media(HostedCall& call, const UserId& user, const SentMedia& sent) const {
  store::StoredCall now = *call.view;
  find_leg(now.row, user)->sent = sent;
  call.view = std::make_shared<const store::StoredCall>(std::move(now));
  shared_.media().note(call.row().id, user, sent);
}

CallView HostedCalls::replace_row(HostedCall& call, store::CallRow row) {
  CallView before = call.view;
  call.view = std::make_shared<const store::StoredCall>(store::StoredCall{std::move(row), before->people});
  row_changed(&before->row, &call.row());
  return before;
}

void HostedCalls::put(CallEntry& entry, store::StoredCall stored) {
  const Running running(entry);
  const bool was_active = entry.call.has_value() && !entry.call->ended();
  auto before = std::exchange(entry.call, std::nullopt);
  const bool known = before.has_value();
  shared_.media().add_to(stored.row);
  auto view = std::make_shared<const store::StoredCall>(std::move(stored));
  const auto now = moment_of(ports_.clock);
  HostedCall& call = entry.call.emplace(HostedCall{view, state_of(view->row, shared_.settings(), now)});
  row_changed(before ? &before->row() : nullptr, &call.row());
  for (const store::Leg& leg : view->row.legs) call.notes.push_back({.user = leg.user, .aware = may_be_aware(view->row, leg)});
  if (before) keep_notes(entry, call, *std::move(before));
  call.note_who_is_out();
  const Present here(shared_.sessions(), call.legs(), topology_of(call.row()));
  if (call.ended()) {  // perhaps by another server, which cannot remove it from our index
    unindex(call.legs(), entry.id);
    around_.routes.drop(call);
  } else {
    index(call);
    if (known) ring_unrung_sessions(call, here);
    around_.routes.update(call, here);
  }
  if (was_active != !call.ended()) shared_.count(&CallStats::active, was_active ? -1 : 1);
  if (was_active && call.ended())
    for (const auto& leg : call.legs()) around_.end_notices.notify_ended_by_other_server(call, leg.user, here);
  around_.alarms.set(entry);
}

void HostedCalls::keep_notes(const CallEntry& entry, HostedCall& call, HostedCall before) {
  call.routes = std::move(before.routes);
  call.pushable = before.pushable;
  for (Notes& each : before.notes) {
    if (find_leg(call.row(), each.user) == nullptr) {  // their row was deleted by hand: they have no part in it any more
      shared_.unindex_call(each.user, entry.id);
      continue;
    }
    std::erase_if(each.kept, [&](const KeptSignal& signal) { return find_leg(call.row(), signal.from) == nullptr; });
    each.aware |= call.notes_on(each.user).aware;
    call.notes_on(each.user) = std::move(each);
  }
  carry_over(call.state, before.state);
  note_end_announced(call.state, ports_.clock.now());
}

HostedCall& HostedCalls::put_new(CallEntry& entry, store::StoredCall stored, const Actor& caller) {
  HostedCall& call = entry.call.emplace();
  call.view = std::make_shared<const store::StoredCall>(std::move(stored));
  for (const store::Leg& leg : call.row().legs)
    call.notes.push_back(
        {.user = leg.user, .aware = leg.user == call.row().caller && caller.at, .push_progress = PushProgress::nothing});
  index(call);
  row_changed(nullptr, &call.row());
  return call;
}

/// Another server can ring only its own sessions (T-06): ring ours.
void HostedCalls::ring_unrung_sessions(HostedCall& call, const Present& here) {
  for (const auto& leg : call.legs()) {
    if (!call::rings_for(call.state, leg.user)) continue;
    for (const auto& session : here.live(leg.user))
      if (!call.was_rung(leg.user, session.at)) around_.announcer.ring(call, leg.user, session.at);
  }
}

void HostedCalls::forget_idle(CallEntry& entry) {
  if (entry.call || !entry.ready() || !entry.queue.empty()) return;
  around_.alarms.cancel(entry);
  entries_.erase(CallId(entry.id));
}

/// Indexes a two-person call with the peer, because a dialect may name calls by the peer; a group call has none.
void HostedCalls::index(const HostedCall& call) {
  const auto& people = call.view->people;
  for (std::size_t i = 0; i < people.size(); ++i) {
    const store::Leg* const leg = find_leg(call.row(), people[i].id);
    shared_.index_call(people[i].id, {.id = call.row().id,
                                      .peer = is_group(call.row()) ? std::string{} : people[1 - i].username,
                                      .peer_id = is_group(call.row()) ? UserId{} : people[1 - i].id,
                                      .takes_part = leg != nullptr && is_in(leg->state)});
  }
}

void HostedCalls::unindex(const call::Legs& legs, const CallId& id) {
  for (const auto& leg : legs) shared_.unindex_call(leg.user, id);
}

std::vector<CallId> HostedCalls::active() const {
  std::vector<CallId> found;
  for (const auto& [id, entry] : entries_)
    if (entry.call && !entry.call->ended()) found.push_back(id);
  return found;
}

std::vector<CallId> HostedCalls::untended() const {
  std::vector<CallId> found;
  for (const auto& [id, entry] : entries_) {
    const bool under_way = !entry.ready() || !entry.queue.empty() || entry.alarm_under_way;
    if (entry.call && !under_way && !entry.alarm && call::next_alarm(entry.call->state)) found.push_back(id);
  }
  return found;
}

void HostedCalls::forget_all() {
  for (auto& [id, entry] : entries_) leave_out(entry);
  // What is on its way to the store will come back to an entry that is not there: keep those.
  boost::unordered::erase_if(entries_, [](const auto& each) { return !each.second.waits_for_store(); });
}

}  // namespace belfry::calls

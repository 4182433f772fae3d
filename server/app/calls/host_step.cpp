// A step from its decision to its last notice: decide, commit, and only then notify.
#include <algorithm>
#include <span>
#include <utility>

#include "app/calls/call_counters.hpp"
#include "app/calls/call_host.hpp"
#include "app/calls/calls.hpp"
#include "app/calls/push_entries.hpp"
#include "base/new_uuid.hpp"
#include "domain/chat/message.hpp"

namespace belfry::calls {
namespace {

using call::Ended;

// commands that waited for the commit of the end were sent before anybody was notified of it, even if the clock did not
// move since. So the end counts as announced the least time later.
constexpr Duration kAfterWaitingCommands{1};

Refusal refusal_of(call::Rejection why) {
  switch (why) {
    case call::Rejection::not_ringing:
      return Refusal::not_ringing;
    case call::Rejection::not_active:
      return Refusal::not_active;
    case call::Rejection::not_started:
      return Refusal::not_started;
    case call::Rejection::full:
      return Refusal::call_full;
  }
  CHECK(false, "a rejection without a refusal");
}

PeerDeparture departure_in(const Command& command) {
  const auto* const gone = command.as<command::SessionGone>();
  if (gone == nullptr || !sessions::on_purpose(gone->how)) return PeerDeparture::none;
  return gone->how == Departure::logged_out ? PeerDeparture::logged_out : PeerDeparture::left;
}

void index_answers(SharedCalls& shared, const store::CallRow& before, const store::CallRow& row) {
  for (const store::Leg& leg : row.legs) {
    const store::Leg* const was = find_leg(before, leg.user);
    if (was != nullptr && is_pending(was->state) && is_in(leg.state)) shared.note_takes_part(leg.user, row.id);
  }
}

/// T-06: stored with the step, as the start stores it. Who has no session is not rung, and after a restart it must not look so.
void note_who_is_rung(call::Step& step, const Present& here) {
  for (const call::Effect& effect : step.effects)
    if (effect.kind == call::EffectKind::incoming && here.is_live(effect.to)) note_notified(step.next, effect.to);
}

}  // namespace

void CallHost::decide(CallEntry& entry, Command command, const call::Event& event, TimePoint when, const Present& here) {
  HostedCall& call = entry.its_call();
  auto step = call::advance(call.state, event, when);
  if (!step) return refuse(command, {.why = refusal_of(step.error()), .call = call.view});
  if (step->next == call.state) return apply(entry, command, std::move(*step), call.view, here);  // a repeat: nothing to store
  note_who_is_rung(*step, here);
  auto row = next_row(call.row(), step->next, command, moment());
  store::Transition change;
  auto* collision = command.as<command::StartCollision>();
  if (collision != nullptr && std::holds_alternative<call::Connected>(step->next)) {
    collision->offer = call.row().offer;
    row.media = call::agreed(row.media, collision->request->media);
    change.claim = collision->request->claim;
  }
  const WallTime at = std::max(row.updated, moment().wall_of(command.received));
  auto pending = std::make_unique<PendingStep>(std::move(command), std::move(*step), std::move(row));
  if (is_group(call.row())) change.changed_legs = changed_legs(call.row(), pending->row);
  if (std::holds_alternative<Ended>(pending->step.next)) {
    end_notices_.add_absent_to_outbox(call, here, at, *pending, change);
    if (const auto& place = pending->row.conversation)  // K43
      change.entry = chat::call_entry(chat::MessageId(new_uuid(ports_.clock, ports_.random)), *place, pending->row.caller,
                                      summary_of(pending->row), at);
  }
  add_pushes(shared_.settings().push, &call, *pending, here, at, change);
  gate_.commit(entry, std::move(pending), std::move(change));
}

void CallHost::on_settled(CallEntry& entry, PendingStep& step, const store::CommitResult& result) {
  finish(entry, step, result);
  run(entry);
}

void CallHost::finish(CallEntry& entry, PendingStep& step, const store::CommitResult& result) {
  const Running running(entry);
  const auto* const done = std::get_if<store::Committed>(&result);
  const auto* const start = step.command.as<command::Start>();
  if (done == nullptr) {
    failed(entry, step, result);
  } else if (start != nullptr) {
    const bool withdrawn = step.answered_unknown && !start->request->claim;
    const Actor caller = step.command.its_actor();
    start_committed(entry, step, *done);
    if (withdrawn) withdraw(entry, caller);
  } else if (entry.call) {
    const std::optional<UserId> callee = step.row.callee;  // of a group call none
    step_committed(entry, step);
    if (!done->entry || !ports_.entry_written) return;
    store::WrittenEntry written = *done->entry;
    if (callee) written.receiver = chat::MemberPointers{.user = *callee};
    ports_.entry_written(written);
  } else {  // removed meanwhile (POST /test/reset)
    refuse(step.command, {.why = Refusal::store_unavailable});
  }
}

void CallHost::on_in_doubt(CallEntry& entry) {
  for (auto command = entry.queue.begin(); command != entry.queue.end();) {
    if (command->by_the_server()) {
      ++command;
      continue;
    }
    refuse(*command, {.why = Refusal::store_unavailable});
    command = entry.queue.erase(command);
  }
}

/// Cancels a start that was stored after its caller was answered outcome_unknown: the callee may ring for a moment, but not for
/// the whole ring time. With an Idempotency-Key it stands, because the caller retries it.
void CallHost::withdraw(CallEntry& entry, const Actor& caller) {
  Command withdraw = command_to(entry, command::Withdraw{});
  withdraw.actor = caller;
  entry.queue.push_front(std::move(withdraw));
}

void CallHost::step_committed(CallEntry& entry, PendingStep& step) {
  HostedCall& call = entry.its_call();
  count_step(shared_, step, call.row().status);
  const CallView before = hosted_.replace_row(call, std::move(step.row));
  index_answers(shared_, before->row, call.row());
  for (const UserId user : step.in_outbox) call.notes_on(user).in_outbox = true;
  note_pushes(call, step);
  if (step.command.is<command::Accept>() && step.command.at()) call.notes_on(step.command.its_actor().user).aware = true;
  log_.step(call, step.command);
  apply(entry, step.command, std::move(step.step), before, present(call));
}

void CallHost::note_pushes(HostedCall& call, const PendingStep& step) {
  note_pushed(call, step);
  if (!step.not_pushed.empty() && ports_.not_pushed) ports_.not_pushed(call.row().id, step.not_pushed);
}

/// The step is durable: announces its effects, updates the routes and the alarm, and answers the asker.
void CallHost::apply(CallEntry& entry, Command& command, call::Step step, const CallView& before, const Present& here) {
  HostedCall& call = entry.its_call();
  const bool ends = !call.ended() && std::holds_alternative<Ended>(step.next);
  call.state = std::move(step.next);
  for (const call::Leg& leg : call.legs())
    if (!is_pending(leg.state)) call.notes_on(leg.user).rung.clear();
  if (ends) {
    call.departure = departure_in(command);
    note_end_announced(call.state, ports_.clock.now() + (entry.queue.empty() ? Duration{} : kAfterWaitingCommands));
    routes_.drop(call);
    end_notices_.fix_end_recipients(call, here);
  }
  call.note_who_is_out();
  const bool starts = command.is<command::Start>();
  auto later = step.effects.end();
  if (starts && is_group(call.row()))  // the caller hears of busy callees after it has the call
    later = std::stable_partition(step.effects.begin(), step.effects.end(),
                                  [](const call::Effect& each) { return each.kind != call::EffectKind::rejected; });
  const std::span<const call::Effect> effects(step.effects.data(), step.effects.size());
  const auto announced_first = static_cast<std::size_t>(later - step.effects.begin());
  announcer_.announce(call, command, effects.first(announced_first), before, here);
  if (ends) {  // in this order, so that a session that comes meanwhile finds one or the other
    end_notices_.remember_unheard(call, command);
    hosted_.unindex(call.legs(), entry.id);
  }
  if (!call.ended()) routes_.update(call, here);
  alarms_.set(entry);

  if (command.is<command::Restart>() && !call.ended()) readmit(entry, here);
  const auto* collision = command.as<command::StartCollision>();
  if (collision != nullptr && call.ended()) return start_again(std::move(command));  // now the new start
  if (collision != nullptr) announcer_.notify_glare(call, command, here);
  replies_.answer(command, result_of(command, call.view));
  const bool is_ready = command.is<command::CallerReady>() && before != call.view;
  if (starts || is_ready) announcer_.notify_created(call, here);  // J-2.13
  announcer_.announce(call, command, effects.subspan(announced_first), before, here);
  if (collision != nullptr) merge_into(call, command);
}

void CallHost::failed(CallEntry& entry, PendingStep& step, const store::CommitResult& result) {
  Command& command = step.command;
  if (std::holds_alternative<store::Unavailable>(result)) log_.could_not_store(step);
  if (command.is<command::Start>()) return start_failed(entry, step, result);
  if (std::holds_alternative<store::SlotTaken>(result)) return refuse(command, {.why = Refusal::caller_busy});            // J-2.3
  if (std::holds_alternative<store::ClaimTaken>(result)) return refuse(command, {.why = Refusal::idempotency_conflict});
  const bool outrun = std::holds_alternative<store::VersionConflict>(result);  // another server committed first
  if (outrun && ++command.tries <= kMaxTries) return load_then(entry, std::move(command));
  if (!command.by_the_server()) return refuse(command, {.why = Refusal::store_unavailable});
  command.tries = 0;
  retry(std::move(command));
}

}  // namespace belfry::calls

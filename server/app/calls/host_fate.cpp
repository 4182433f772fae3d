// A step whose commit may have happened or not: the store lost the connection under it and is out of reach. It stays the call's
// next step until the store says what became of it; then it is settled and told, once, or tried again.
#include <algorithm>
#include <utility>

#include "app/calls/call_host.hpp"

namespace belfry::calls {

void CallHost::await_fate(CallEntry& entry, std::unique_ptr<Pending> pending) {
  ports_.log.error("a call's step may or may not have been stored",
                   {{"event", "CALL_STORE"}, {"eventType", audit_word(pending->command, pending->step.next)}});
  pending->command.in_flight = {};  // it waits for the database
  entry.pending = std::move(pending);
  entry.uncertain = true;
  shared_.count_uncertain(1);
  refuse_all_that_wait(entry);
  const TimePoint answer_at = std::max(entry.pending->command.received + kAnswerWithin, ports_.clock.now());
  timers_.at(answer_at, [this, step = entry.pending->step_id()] { answer_in_time(step); });
  ask_fate(entry);
}

/// What is asked of a call meanwhile would be decided on a state that may be out of date.
void CallHost::refuse_all_that_wait(CallEntry& entry) {
  for (auto command = entry.queue.begin(); command != entry.queue.end();) {
    if (command->by_the_system()) {
      ++command;
      continue;
    }
    refuse(*command, {.why = Refusal::store_unavailable});
    command = entry.queue.erase(command);
  }
}

void CallHost::answer_in_time(const store::StepId& step) {
  const auto found = entries_.find(step.call);
  if (found == entries_.end() || !found->second.uncertain || found->second.pending->step_id().hash != step.hash) return;
  Pending& pending = *found->second.pending;
  pending.refused = true;
  if (const Reply answer = std::exchange(pending.command.reply, {}))
    post_.to(pending.command.asker, [answer](Calls&) { answer(unexpected(Refused{.why = Refusal::store_unavailable})); });
}

void CallHost::ask_fate(const CallEntry& entry) {
  ports_.store.fate(entry.pending->step_id(), [this, id = entry.id](const auto& fate) { fate_told(id, fate); });
}

void CallHost::fate_told(const CallId& id, const Expected<std::optional<store::Committed>, store::Unavailable>& fate) {
  CallEntry& entry = entries_.at(id);
  if (!fate) {
    timers_.at(ports_.clock.now() + kRetry, [this, id] { ask_fate(entries_.at(id)); });
    return;
  }
  entry.uncertain = false;
  shared_.count_uncertain(-1);
  const Pending& step = *entry.pending;
  const std::optional<store::Committed>& made = *fate;
  const auto* start = step.command.as<command::Start>();
  const bool withdrawn = step.refused && start != nullptr && !start->wish->claim;
  const Actor caller = step.command.actor;
  finished(id, made ? store::CommitResult(*made) : store::CommitResult(store::Unavailable{}));
  if (const auto still = entries_.find(id); withdrawn && made && still != entries_.end()) withdraw(still->second, caller);
}

/// Cancels a start that was stored although its caller was told 503: the callee may ring for a moment, not until the ring time
/// ends. With an Idempotency-Key it stands, because the caller repeats it.
void CallHost::withdraw(CallEntry& entry, const Actor& caller) {
  entry.queue.push_front({.call = entry.id,
                          .what = command::Withdraw{},
                          .actor = caller,
                          .received = ports_.clock.now(),
                          .in_flight = shared_.in_flight()});
  run(entry);
}

}  // namespace belfry::calls

// A step whose commit may have happened or not: the store lost the connection under it and is out of reach. It stays the call's
// next step until the store says what became of it; then it is settled and told, once, or tried again.
#include <algorithm>
#include <utility>

#include "app/calls/home.hpp"

namespace belfry::calls {

void Home::await_fate(Desk& desk, std::unique_ptr<Pending> pending) {
  ports_.log.error("a call's step may or may not have been stored",
                   {{"event", "CALL_STORE"}, {"eventType", audit_word(pending->command, pending->step.next)}});
  pending->command.in_flight = {};  // it waits for the database
  desk.pending = std::move(pending);
  desk.uncertain = true;
  exchange_.count_uncertain(1);
  refuse_all_that_wait(desk);
  const TimePoint answer_at = std::max(desk.pending->command.received + kAnswerWithin, ports_.clock.now());
  timers_.at(answer_at, [this, step = desk.pending->step_id()] { answer_in_time(step); });
  ask_fate(desk);
}

/// What is asked of a call meanwhile would be decided on a state that may be out of date.
void Home::refuse_all_that_wait(Desk& desk) {
  for (auto command = desk.queue.begin(); command != desk.queue.end();) {
    if (command->by_the_system()) {
      ++command;
      continue;
    }
    refuse(*command, {.why = Refusal::store_unavailable});
    command = desk.queue.erase(command);
  }
}

void Home::answer_in_time(const store::StepId& step) {
  const auto found = desks_.find(step.call);
  if (found == desks_.end() || !found->second.uncertain || found->second.pending->step_id().hash != step.hash) return;
  Pending& pending = *found->second.pending;
  pending.refused = true;
  if (const Reply answer = std::exchange(pending.command.reply, {}))
    post_.to(pending.command.asker, [answer](Calls&) { answer(unexpected(Refused{.why = Refusal::store_unavailable})); });
}

void Home::ask_fate(const Desk& desk) {
  ports_.store.fate(desk.pending->step_id(), [this, id = desk.id](const auto& fate) { fate_told(id, fate); });
}

void Home::fate_told(const CallId& id, const Expected<std::optional<store::Committed>, store::Unavailable>& fate) {
  Desk& desk = desks_.at(id);
  if (!fate) {
    timers_.at(ports_.clock.now() + kRetry, [this, id] { ask_fate(desks_.at(id)); });
    return;
  }
  desk.uncertain = false;
  exchange_.count_uncertain(-1);
  const Pending& step = *desk.pending;
  const std::optional<store::Committed>& made = *fate;
  const bool withdrawn = step.refused && step.command.kind == Kind::start && !step.command.start->claim;
  const Command start = withdrawn ? step.command : Command{};
  finished(id, made ? store::CommitResult(*made) : store::CommitResult(store::Unavailable{}));
  if (const auto still = desks_.find(id); withdrawn && made && still != desks_.end()) withdraw(still->second, start);
}

/// Cancels a start that was stored although its caller was told 503: the callee may ring for a moment, not until the ring time
/// ends. With an Idempotency-Key it stands, because the caller repeats it.
void Home::withdraw(Desk& desk, const Command& start) {
  Command cancel{.kind = Kind::withdraw, .call = desk.id, .actor = start.actor, .received = ports_.clock.now()};
  cancel.in_flight = exchange_.in_flight();
  desk.queue.push_front(std::move(cancel));
  run(desk);
}

}  // namespace belfry::calls

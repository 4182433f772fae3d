#include "app/calls/gate.hpp"

#include <algorithm>
#include <utility>

#include "app/calls/calls.hpp"
#include "app/calls/record.hpp"
#include "store/audit_chain.hpp"

namespace belfry::calls {
namespace {

/// The rest of this record of the history, besides who and when.
std::string payload_of(const store::CallRow& row) {
  std::string json = R"({"status":")";
  json.append(to_text(row.status)).append("\"");
  if (row.end_reason) json.append(R"(,"endReason":")").append(to_text(*row.end_reason)).append("\"");
  return json.append("}");
}

/// Fills in the row's next version and its audit record, whose hash covers it.
void fill_in(store::Transition& change, PendingStep& step, WallTime at) {
  store::CallRow& row = step.row;
  const Command& command = step.command;
  if (!command.is<command::Start>()) {
    change.expected_version = row.version;
    ++row.version;
  }
  row.updated = std::max(row.updated, at);
  store::AuditRecord& record = change.record;
  record.type = audit_word(command, step.step.next);
  if (command.actor) {
    record.actor = command.actor->user;
    record.device = command.actor->device;
  }
  record.payload = payload_of(row);
  record.at = at;
  record.previous = row.tip;
  record.hash = row.tip = store::audit_hash(record.previous, row.id, row.version, record);
  change.row = row;
}

/// X-26: a retry after a crash gets the answer that is about to be given.
/// The store puts the id of the call's conversation in the place of `pair`.
store::GivenAnswer answer_kept_for(const PendingStep& step, const std::optional<store::ConversationId>& pair) {
  const StartCall& request = **step.command.start_request();
  if (!request.write_reply) return {};
  store::CallRow row = step.row;
  if (pair) row.conversation = pair;
  return request.write_reply(
      result_of(step.command, std::make_shared<const store::StoredCall>(store::StoredCall{std::move(row), {}})));
}

bool has_due_entries(const store::Transition& change) {
  return std::any_of(change.outbox.begin(), change.outbox.end(), [](const auto& entry) { return entry.due.has_value(); });
}

}  // namespace

void Gate::commit(CallEntry& entry, std::unique_ptr<PendingStep> step, store::Transition change) {
  fill_in(change, *step, moment_of(ports_.clock).wall_of(step->command.received));
  if (change.claim) change.claim->answer = answer_kept_for(*step, change.pair);
  step->has_due_entries = has_due_entries(change);
  entry.begin_commit(std::move(step));
  ports_.store.commit(std::move(change), [this, id = entry.id](const store::CommitResult& result) { committed(id, result); });
}

void Gate::committed(const CallId& id, const store::CommitResult& result) {
  CallEntry& entry = entry_of(entries_, id);
  if (std::holds_alternative<store::Uncertain>(result)) return await_fate(entry);
  const auto step = entry.settle_commit();
  owner_.on_settled(entry, *step, result);
  if (step->has_due_entries && std::holds_alternative<store::Committed>(result) && ports_.due_stored) ports_.due_stored();
}

// --- steps in doubt ---

void Gate::await_fate(CallEntry& entry) {
  Command& command = entry.pending().command;
  ports_.log.error("a call's step may or may not have been stored",
                   {{"event", "CALL_STORE"}, {"eventType", audit_word(command, entry.pending().step.next)}});
  command.in_flight = {};  // it waits for the database
  entry.change(EntryEvent::commit_in_doubt);
  shared_.count_in_doubt(1);
  owner_.on_in_doubt(entry);
  const TimePoint answer_at = std::max(command.received + kAnswerWithin, ports_.clock.now());
  timers_.at(answer_at, [this, step = entry.pending().step_id()] { answer_in_time(step); });
  ask_fate(entry);
}

void Gate::answer_in_time(const store::StepId& step) {
  const auto found = entries_.find(step.call);
  if (found == entries_.end() || found->second.state() != EntryState::in_doubt) return;
  PendingStep& pending = found->second.pending();
  if (pending.step_id().hash != step.hash) return;
  pending.answered_unknown = true;
  if (const Reply answer = std::exchange(pending.command.reply, {}))
    post_.to(pending.command.asker, [answer](Calls&) { answer(unexpected(Refused{.why = Refusal::outcome_unknown})); });
}

void Gate::ask_fate(const CallEntry& entry) {
  ports_.store.fate(entry.pending().step_id(), [this, id = entry.id](const auto& fate) { fate_known(id, fate); });
}

void Gate::fate_known(const CallId& id, const Expected<std::optional<store::Committed>, store::Unavailable>& fate) {
  if (!fate) {
    timers_.at(ports_.clock.now() + kRetry, [this, id] { ask_fate(entry_of(entries_, id)); });
    return;
  }
  shared_.count_in_doubt(-1);
  const std::optional<store::Committed>& made = *fate;
  committed(id, made ? store::CommitResult(*made) : store::CommitResult(store::Unavailable{}));
}

}  // namespace belfry::calls

#include "app/calls/call_entry.hpp"

#include <algorithm>
#include <utility>

namespace belfry::calls {
namespace {

template <class SomeNotes>
auto& on(SomeNotes& notes, UserId user) {
  auto found = notes.begin();
  if (found != notes.end() && found->user != user)
    found = std::lower_bound(found + 1, notes.end(), user, [](const Notes& each, UserId wanted) { return each.user < wanted; });
  CHECK(found != notes.end() && found->user == user, "notes on somebody who is not in the call");
  return *found;
}

/// They were not rung and did not join.
bool was_kept_from(const call::Leg& leg) { return is_pending(leg.state) && leg.bell == call::Bell::silent; }

bool contains(const std::vector<SessionAddress>& all, SessionAddress at) {
  return std::find(all.begin(), all.end(), at) != all.end();
}

}  // namespace

void CallEntry::change(EntryEvent event) {
  const auto after = next(state_, event);
  CHECK(after.has_value(), "an event that cannot happen in this state of an entry");
  state_ = *after;
}

void CallEntry::begin_commit(std::unique_ptr<PendingStep> step) {
  change(EntryEvent::commit_began);
  pending_ = std::move(step);
}

std::unique_ptr<PendingStep> CallEntry::settle_commit() {
  change(EntryEvent::commit_settled);
  return std::move(pending_);
}

PendingStep& CallEntry::pending() const {
  CHECK(pending_ != nullptr, "no step is being committed");
  return *pending_;
}

CallEntry& entry_of(CallEntries& entries, const CallId& id) {
  const auto found = entries.find(id);
  CHECK(found != entries.end(), "an entry was erased while an answer or an alarm was to come");
  return found->second;
}

Notes& HostedCall::notes_on(UserId user) { return on(notes, user); }
const Notes& HostedCall::notes_on(UserId user) const { return on(notes, user); }
void HostedCall::note_who_is_out() {
  if (ended()) return;
  for (const call::Leg& leg : legs()) notes_on(leg.user).out = !is_open(leg.state) || was_kept_from(leg);
}
bool HostedCall::was_rung(UserId user, SessionAddress at) const { return contains(notes_on(user).rung, at); }
bool HostedCall::was_notified_of_end(UserId user, SessionAddress at) const {
  return contains(notes_on(user).notified_of_end, at);
}

}  // namespace belfry::calls

#include "app/calls/push_entries.hpp"

#include <algorithm>
#include <string>

#include "store/device.hpp"
#include "store/push_cancel.hpp"
#include "store/push_message.hpp"

namespace belfry::calls {
namespace {

using call::LegState;
using store::PushType;

bool begins_to_ring(const HostedCall* before, const store::CallRow& row) {
  const bool rings = !row.ended && row.announced;
  return rings && (before == nullptr || !before->row().announced);
}

store::OutboxEntry entry_for(UserId user, PushType type, const store::CallRow& row, WallTime at) {
  const WallTime ring_end = row.ring_expires.value_or(at);
  return {.to = user,
          .call = row.id,
          .at = at,
          .kind = store::OutboxKind::push_plan,
          .key = std::string(to_text(type)),
          .due = at,
          .expires = type == PushType::ring ? ring_end : std::max(ring_end, at + store::kCancelFor)};
}

std::string_view reason_of(const store::Leg& leg, const store::CallRow& row) {
  if (is_in(leg.state)) return "answered_elsewhere";
  if (leg.state == LegState::declined) return "declined_elsewhere";
  return leave_reason(row, leg);
}

/// J-6.5: the device knows when the ring runs out. A group call may go on without the person (J-2.6).
bool ran_out(const store::Leg& leg, const store::CallRow& row) {
  return leave_reason(row, leg) == call::to_text(call::EndReason::timeout);
}

}  // namespace

void add_pushes(PushTo whom, const HostedCall* before, PendingStep& step, const Present& here, WallTime at,
                store::Transition& change) {
  const store::CallRow& row = step.row;
  const bool rings = begins_to_ring(before, row);
  if (!rings && (before == nullptr || whom == PushTo::nobody)) return;
  if (row.ring_targets == RingTargets::online) return;
  const std::optional<Actor>& actor = step.command.actor;
  for (const store::Leg& leg : row.legs) {
    if (leg.user == row.caller) continue;
    if (is_pending(leg.state)) {
      if (!rings || leg.bell == call::Bell::silent || (whom != PushTo::everybody && here.is_live(leg.user))) continue;
      if (whom == PushTo::nobody) {
        step.not_pushed.push_back(leg.user);
        continue;
      }
      change.outbox.push_back(entry_for(leg.user, PushType::ring, row, at));
      step.pushed.push_back(leg.user);
    } else if (whom != PushTo::nobody && before != nullptr && !ran_out(leg, row)) {
      const store::Leg* const prior = store::find_leg(before->row(), leg.user);
      if (prior == nullptr || !is_pending(prior->state) || !before->notes_on(leg.user).pushed) continue;
      auto& cancel = change.outbox.emplace_back(entry_for(leg.user, PushType::cancel, row, at));
      cancel.payload = to_text(store::PushCancel{.reason = std::string(reason_of(leg, row)),
                                                 .device = actor && actor->user == leg.user ? actor->device : std::string()});
    }
  }
}

void note_pushed(HostedCall& call, const PendingStep& step) {
  auto next = step.pushed.begin();  // both are in the order of the row
  for (Notes& each : call.notes) {
    if (step.command.is<command::Start>()) each.pushed = false;
    if (next == step.pushed.end() || *next != each.user) continue;
    each.pushed = true;
    ++next;
  }
}

}  // namespace belfry::calls

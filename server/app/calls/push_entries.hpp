// Which pushes a step of a call causes, as entries for the outbox of the same transaction (SPEC J-6.4, J-6.5). An entry names a
// user, not a device: which devices there are is read later, so that no start waits for it (app/push/planner.hpp). Part of
// CallHost.
#pragma once

#include "app/calls/call_entry.hpp"

namespace belfry::calls {

/// Adds a ring for each callee whom the step lets ring, and a cancel for each who may have been pushed and may no longer answer;
/// nothing if the call rings sessions only.
/// `before`: the call before the step; null if the step creates it. `here`: its people's sessions.
void add_pushes(PushTo whom, const HostedCall* before, PendingStep& step, const Present& here, WallTime at,
                store::Transition& change);

/// After the commit: those for whom it added a ring may have been pushed; of a start, only those.
void note_pushed(HostedCall& call, const PendingStep& step);

}  // namespace belfry::calls

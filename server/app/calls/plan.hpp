// Plan: the decision about a start before it is stored: the callees, which of them can be reached, and the policy; or a refusal.
// Pure: the caller has looked up the sessions.
#pragma once

#include <boost/container/small_vector.hpp>

#include "app/calls/command.hpp"
#include "app/calls/policy.hpp"
#include "app/calls/present.hpp"
#include "app/calls/result.hpp"
#include "domain/call/advance.hpp"
#include "store/conversation_store.hpp"

namespace belfry::calls {

using People = boost::container::small_vector<UserId, 2>;
[[nodiscard]] People called_by(const StartCall& request);
/// All participants, the caller first.
[[nodiscard]] People people_of(const StartCall& request);
[[nodiscard]] People callees_of(const store::CallRow& row);

[[nodiscard]] inline MediaTopology topology_of(const StartCall& request) {
  if (call::media_mode_of(request.provider) == call::MediaMode::external) return MediaTopology::external;
  return is_group(request) ? MediaTopology::mesh : MediaTopology::of_two;
}

/// The callees of a start that names a conversation: its other members (J-2.1). `found`: the conversation, if the caller is in
/// it.
[[nodiscard]] Expected<void, Refusal> invite_members(StartCall& start, const std::optional<store::StoredConversation>& found);
struct Plan {
  call::Policy policy;
  call::Caller caller;
  boost::container::small_vector<call::Invitation, 1> callees;
};
/// `unable`: the callees who are the reason.
struct Unplanned {
  Refusal why{};
  std::vector<UserId> unable{};
};

/// `refused`: whose parts the store has refused in an earlier plan of this start; they get another part, or none. `pushable`:
/// some callee has a device that can be pushed. Refuses with `unreachable` if no callee has a session or such a device and the
/// caller's dialect does not ring whom nothing reaches (C-10, T-04), with `recipient_unknown` if it does and the start has no
/// callee; a group call if all are busy (J-2.3), or if nobody is left to call. A call is refused also if it would ring somebody
/// who cannot take part: all of their live sessions are of clients that cannot mesh, or do not use its provider (SPEC 2.5), or
/// they are at another provider. Those who are not here, or are not rung, do not count.
[[nodiscard]] Expected<Plan, Unplanned> plan(const StartCall& request, const PartsRefused::Parts& refused,
                                             const CallSettings& settings, const Present& here,
                                             std::optional<bool> pushable = {});
/// Whether at least one callee has a session that is rung.
[[nodiscard]] bool anybody_is_reached(const Plan& plan);

}  // namespace belfry::calls

#include "app/calls/plan.hpp"

#include <algorithm>
#include <utility>

#include "app/calls/record.hpp"
#include "base/must_have.hpp"

namespace belfry::calls {

People called_by(const StartCall& request) {
  People people;
  if (request.callee) people.push_back(*request.callee);
  people.insert(people.end(), request.more.begin(), request.more.end());
  return people;
}

People people_of(const StartCall& request) {
  People people = called_by(request);
  people.insert(people.begin(), request.caller.user);
  return people;
}

People callees_of(const store::CallRow& row) {
  People people;
  for (const store::Leg& leg : row.legs)
    if (leg.user != row.caller) people.push_back(leg.user);
  return people;
}

Expected<void, Refusal> invite_members(StartCall& start, const std::optional<store::StoredConversation>& found) {
  if (!found) return unexpected(Refusal::not_in_conversation);
  const bool direct = found->conversation.kind == conversation::Kind::direct;
  const Place place = must_have(start.place, "the start is in a conversation");
  if (direct && place.named == Place::Named::as_group) return unexpected(Refusal::not_a_group);
  std::vector<UserId> callees;
  for (const conversation::Member& member : found->conversation.members) {
    if (member.user == start.caller.user) continue;
    callees.push_back(member.user);
    if (!direct && member.ring_mode == conversation::RingMode::none) start.silent.push_back(member.user);
  }
  if (callees.empty()) return unexpected(Refusal::recipient_inactive);
  start.form = direct ? Form::of_two : Form::group;
  start.callee = callees.front();
  start.more.assign(callees.begin() + 1, callees.end());
  return {};
}

namespace {

/// Whom a start names beside its callees, in the order of ids, since each of a thousand members is looked for: whose part the
/// store refused, who is never rung, who is at another provider.
class CalleeLists {
 public:
  CalleeLists(const StartCall& request, PartsRefused::Parts refused)
      : refused_(std::move(refused)),
        silent_(request.silent),
        elsewhere_(request.elsewhere) {
    // Stable: of two refusals of one person the first counts.
    std::stable_sort(refused_.begin(), refused_.end(), [](const auto& a, const auto& b) { return a.user < b.user; });
    std::sort(silent_.begin(), silent_.end());
    std::sort(elsewhere_.begin(), elsewhere_.end());
  }

  [[nodiscard]] std::optional<PartsRefused::Why> refusal_of(UserId user) const {
    const auto found = std::lower_bound(refused_.begin(), refused_.end(), user,
                                        [](const PartsRefused::Part& part, UserId wanted) { return part.user < wanted; });
    return found == refused_.end() || found->user != user ? std::nullopt : std::optional(found->why);
  }
  [[nodiscard]] bool is_silent(UserId user) const { return std::binary_search(silent_.begin(), silent_.end(), user); }
  [[nodiscard]] bool is_elsewhere(UserId user) const { return std::binary_search(elsewhere_.begin(), elsewhere_.end(), user); }

 private:
  PartsRefused::Parts refused_;
  std::vector<UserId> silent_, elsewhere_;
};

/// None: the user has no part in the call.
std::optional<call::Reach> reach_of(const CalleeLists& lists, UserId user, const Present& here) {
  using enum PartsRefused::Why;
  if (const auto why = lists.refusal_of(user)) {
    if (*why == blocked) return call::Reach::silent;  // J-1.7
    if (*why == busy) return call::Reach::busy;
    return std::nullopt;
  }
  if (lists.is_silent(user)) return call::Reach::silent;
  return here.is_live(user) ? call::Reach::here : call::Reach::nowhere;
}

Expected<void, Refusal> check_group(const Plan& plan) {
  const auto all = [&](auto is_so) { return std::all_of(plan.callees.begin(), plan.callees.end(), is_so); };
  if (plan.callees.empty()) return unexpected(Refusal::recipient_inactive);
  if (all([](const auto& each) { return each.reach == call::Reach::busy; })) return unexpected(Refusal::recipient_busy);
  return {};
}

bool would_ring(const call::Invitation& callee) {
  return callee.reach == call::Reach::here || callee.reach == call::Reach::nowhere;
}

/// A session that cannot take part counts as none. But its user is connected, so the caller gets an error instead of a call
/// without them.
Expected<void, Unplanned> check_media(const StartCall& request, const CalleeLists& lists, const Plan& plan, const Present& here) {
  const MediaTopology topology = topology_of(request);
  if (!can_take_part(request.caller.dialect, topology)) return unexpected(Unplanned{.why = Refusal::cannot_mesh});
  if (topology == MediaTopology::of_two) return {};
  const auto is_elsewhere = [&](const call::Invitation& callee) {
    return lists.is_elsewhere(callee.user) && here.is_live(callee.user);
  };
  Unplanned refused{.why = topology == MediaTopology::mesh ? Refusal::callee_cannot_mesh : Refusal::callee_not_at_provider};
  for (const call::Invitation& callee : plan.callees)
    if (would_ring(callee) && (here.unable(callee.user) || is_elsewhere(callee))) refused.unable.push_back(callee.user);
  if (!refused.unable.empty()) return unexpected(std::move(refused));
  return {};
}

}  // namespace

Expected<Plan, Unplanned> plan(const StartCall& request, const PartsRefused::Parts& refused, const CallSettings& settings,
                               const Present& here, std::optional<bool> pushable) {
  const DialectPolicy& policy = settings.of(request.caller.dialect);
  Plan plan{
      policy.call,
      {request.caller.user, {request.caller.session, request.caller.device}, enclosed_in(request.offer), request.caller_media},
      {}};
  const CalleeLists lists(request, refused);
  for (const UserId user : called_by(request))
    if (const auto reach = reach_of(lists, user, here)) plan.callees.push_back({user, *reach});
  if (is_group(request)) {
    if (auto fine = check_group(plan); !fine) return unexpected(Unplanned{.why = fine.error()});
    plan.policy.ring = policy.group_ring;
  }
  if (auto fine = check_media(request, lists, plan, here); !fine) return unexpected(std::move(fine.error()));
  if (topology_of(request) == MediaTopology::mesh) plan.policy.most_joined = settings.most_joined;
  if (policy.unreachable == Unreachable::fails && !anybody_is_reached(plan) && !pushable.value_or(false))
    return unexpected(Unplanned{.why = Refusal::unreachable});
  if (plan.callees.empty()) return unexpected(Unplanned{.why = Refusal::recipient_unknown});
  if (request.ring_seconds) plan.policy.ring_time = std::chrono::seconds{*request.ring_seconds};
  if (request.ring) plan.policy.ring = *request.ring;
  return plan;
}

bool anybody_is_reached(const Plan& plan) {
  return std::any_of(plan.callees.begin(), plan.callees.end(),
                     [](const call::Invitation& each) { return each.reach == call::Reach::here; });
}

}  // namespace belfry::calls

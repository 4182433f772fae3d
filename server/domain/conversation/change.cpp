#include "domain/conversation/change.hpp"

#include <algorithm>
#include <tuple>

#include "base/check.hpp"

namespace belfry::conversation {
namespace {

/// Without a default: a new change does not build until it names the right that it needs.
struct ActionOf {
  const Conversation& before;
  const UserId& actor;
  Action operator()(const AddMembers&) const { return Action::add_members; }
  Action operator()(const ChangeDetails&) const { return Action::change_details; }
  Action operator()(const ChangeMembership&) const { return Action::change_membership; }
  Action operator()(const SetRole&) const { return Action::set_role; }
  Action operator()(const Delete&) const { return Action::end; }
  Action operator()(const RemoveMember& change) const {
    if (change.user == actor) return Action::leave;
    const Member* const removed = find_member(before, change.user);
    return removed != nullptr && removed->role == Role::owner ? Action::remove_owner : Action::remove_another;
  }
};

/// A later entry of the conversation may bear a later time than this change.
void touch(Step& step, WallTime at) { step.next.updated = std::max(step.next.updated, at); }

void drop(Step& step, const UserId& user) {
  std::erase_if(step.next.members, [&](const Member& each) { return each.user == user; });
  step.left.push_back(user);
}

/// J-1.3: the oldest admin, else the oldest member.
void choose_owner(Step& step) {
  auto& members = step.next.members;
  const auto heir = std::min_element(members.begin(), members.end(), [](const Member& a, const Member& b) {
    return std::tie(a.role, a.joined, a.user) < std::tie(b.role, b.joined, b.user);
  });
  heir->role = Role::owner;
  step.changed.push_back(*heir);
}

/// The owner stays owner: there must be one, and nobody removes them either.
Expected<Step, Refusal> on(Step step, const UserId&, const AddMembers& change, WallTime at) {
  CHECK(change.role != Role::owner, "a group has one owner");
  auto& members = step.next.members;
  for (const UserId& user : change.users) {
    const auto in = std::find_if(members.begin(), members.end(), [&](const Member& each) { return each.user == user; });
    if (in == members.end()) {
      const std::uint64_t newest = step.next.last_seq;
      step.joined.push_back({.user = user,
                             .role = change.role.value_or(Role::member),
                             .joined = at,
                             .joined_after = newest,
                             .read_up_to = newest,
                             .delivered_up_to = newest});
    } else if (change.role && in->role != *change.role) {
      if (in->role == Role::owner) return unexpected(Refusal::forbidden);
      in->role = *change.role;
      step.changed.push_back(*in);
    }
  }
  if (members.size() + step.joined.size() > kMaxMembers) return unexpected(Refusal::too_many);
  if (step.joined.empty() && step.changed.empty()) return step;
  members.insert(members.end(), step.joined.begin(), step.joined.end());
  std::sort(members.begin(), members.end(),
            [](const Member& a, const Member& b) { return std::tie(a.joined, a.user) < std::tie(b.joined, b.user); });
  touch(step, at);
  return step;
}

Expected<Step, Refusal> on(Step step, const UserId&, const RemoveMember& change, WallTime at) {
  const Member* const removed = find_member(step.next, change.user);
  if (removed == nullptr) return step;
  const bool owner = removed->role == Role::owner;
  drop(step, change.user);
  touch(step, at);
  if (step.next.members.empty())
    step.fate = Fate::ends;
  else if (owner)
    choose_owner(step);
  return step;
}

Expected<Step, Refusal> on(Step step, const UserId&, const ChangeDetails& change, WallTime at) {
  if (change.title) step.next.title = *change.title;
  if (change.avatar) step.next.avatar = *change.avatar;
  touch(step, at);
  return step;
}

/// The conversation counts as unchanged.
Expected<Step, Refusal> on(Step step, const UserId& actor, const ChangeMembership& change, WallTime at) {
  auto& members = step.next.members;
  const auto own = std::find_if(members.begin(), members.end(), [&](const Member& each) { return each.user == actor; });
  const Member before = *own;
  own->ring_mode = change.ring_mode.value_or(own->ring_mode);
  if (!std::holds_alternative<KeepMute>(change.mute)) own->muted_until.reset();
  if (const auto* mute = std::get_if<MuteUntil>(&change.mute); mute != nullptr && mute->time > at) own->muted_until = mute->time;
  if (*own == before) return step;
  step.changed.push_back(*own);
  step.concerns_only = actor;
  return step;
}

/// There is one owner: they cannot lay their role down, only hand it over.
Expected<Step, Refusal> on(Step step, const UserId& actor, const SetRole& change, WallTime at) {
  Member* owner = nullptr;
  Member* chosen = nullptr;
  for (Member& each : step.next.members) {
    if (each.user == actor) owner = &each;
    if (each.user == change.user) chosen = &each;
  }
  if (chosen == nullptr) return unexpected(Refusal::no_member);
  if (chosen->role == change.role) return step;
  if (chosen == owner) return unexpected(Refusal::forbidden);
  if (change.role == Role::owner) {
    owner->role = Role::admin;
    step.changed.push_back(*owner);  // first: a store holds one owner at a time
  }
  chosen->role = change.role;
  step.changed.push_back(*chosen);
  touch(step, at);
  return step;
}

Expected<Step, Refusal> on(Step step, const UserId&, const Delete&, WallTime) {
  step.fate = Fate::ends;
  return step;
}

}  // namespace

bool may(Role role, Action action) {
  switch (action) {
    case Action::add_members:
    case Action::remove_another:
    case Action::change_details:
      return role != Role::member;
    case Action::remove_owner:
      return false;
    case Action::leave:
    case Action::change_membership:
      return true;
    case Action::set_role:
    case Action::end:
      return role == Role::owner;
  }
  return false;
}

bool changes_members(Action action) {
  return action == Action::add_members || action == Action::remove_another || action == Action::remove_owner ||
         action == Action::leave || action == Action::set_role;
}

Expected<Step, Refusal> decide(const Conversation& before, const UserId& actor, const Change& change, WallTime at) {
  const Member* const member = find_member(before, actor);
  if (member == nullptr) return unexpected(Refusal::not_participant);
  const Action action = std::visit(ActionOf{before, actor}, change);
  if (before.kind == Kind::direct && changes_members(action)) return unexpected(Refusal::members_fixed);
  if (!may(member->role, action)) return unexpected(Refusal::forbidden);
  return std::visit([&](const auto& one) { return on(Step{.next = before}, actor, one, at); }, change);
}

}  // namespace belfry::conversation

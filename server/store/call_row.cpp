#include "store/call_row.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace belfry::store {
namespace {

/// `Row` may be const; the returned leg is const then too. By the order of the legs, because a step looks for each of a thousand.
template <class Row>
auto* search_legs(Row& row, const UserId& user) {
  auto leg = row.legs.begin();
  if (leg != row.legs.end() && leg->user != user)
    leg =
        std::lower_bound(leg + 1, row.legs.end(), user, [](const Leg& each, const UserId& wanted) { return each.user < wanted; });
  return leg == row.legs.end() || leg->user != user ? nullptr : &*leg;
}

template <class Row>
auto& first_leg(Row& row) {
  CHECK(!row.legs.empty(), "a call without its caller's leg");
  return row.legs.front();
}

template <class Row>
auto& leg_of_callee(Row& row) {
  auto* leg = row.callee ? search_legs(row, *row.callee) : nullptr;
  CHECK(leg != nullptr, "only a call of two has one callee");
  return *leg;
}

}  // namespace

std::string_view leave_reason(const CallRow& row, const Leg& leg) {
  using call::EndReason;
  switch (leg.state) {
    case call::LegState::declined:
      return to_text(EndReason::declined);
    case call::LegState::busy:
      return "busy";
    case call::LegState::kicked:
      return to_text(row.end_reason == EndReason::user_deactivated ? EndReason::user_deactivated : EndReason::kicked);
    case call::LegState::missed:
    case call::LegState::left:
      break;
    default:
      return {};
  }
  const bool with_the_call = row.end_reason && row.ended && (!leg.left || *leg.left >= *row.ended);
  if (with_the_call) return to_text(*row.end_reason);
  return to_text(leg.state == call::LegState::missed ? EndReason::timeout : EndReason::hangup);
}

void set_people(CallRow& row, const UserId& caller, const UserId& callee) {
  row.caller = caller;
  row.callee = callee;
  row.legs = {Leg{.user = caller}, Leg{.user = callee}};
}

const Leg* find_leg(const CallRow& row, const UserId& user) { return search_legs(row, user); }
Leg* find_leg(CallRow& row, const UserId& user) { return search_legs(row, user); }
const Leg& caller_leg(const CallRow& row) { return first_leg(row); }
Leg& caller_leg(CallRow& row) { return first_leg(row); }
const Leg& callee_leg(const CallRow& row) { return leg_of_callee(row); }
Leg& callee_leg(CallRow& row) { return leg_of_callee(row); }
const UserId& callee_of(const CallRow& row) { return callee_leg(row).user; }

const account::Person& StoredCall::caller() const { return people.at(0); }

const account::Person& StoredCall::callee() const {
  return people.at(static_cast<std::size_t>(&callee_leg(row) - row.legs.data()));
}

const account::Person& person_of(const StoredCall& call, const UserId& user) {
  const Leg* const leg = find_leg(call.row, user);
  CHECK(leg != nullptr, "somebody who has no part in the call");
  return call.people.at(static_cast<std::size_t>(leg - call.row.legs.data()));
}

std::optional<std::int64_t> duration_seconds(const CallRow& row) {
  if (!row.started || !row.ended) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::seconds>(*row.ended - *row.started).count();
}

chat::CallSummary summary_of(const CallRow& row) {
  return {.id = row.id,
          .media = row.media,
          .status = row.status,
          .reason = row.end_reason,
          .started = row.started,
          .ended = row.ended};
}

}  // namespace belfry::store

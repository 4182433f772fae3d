#include "gateway/signaling/reasons.hpp"

#include "base/check.hpp"

namespace belfry::gateway {

using calls::Refusal;

/// Seed 003 has one word for a lost user, however the loss happened (W-003-08); the call's own reason is finer, and stays in the
/// history.
std::string_view reason_of(const calls::CallView& call, calls::PeerDeparture departure) {
  constexpr std::string_view kGone = "disconnected";
  switch (departure) {
    case calls::PeerDeparture::left:
      return kGone;
    case calls::PeerDeparture::logged_out:
      return "logged out";
    case calls::PeerDeparture::none:
      break;
  }
  const auto reason = call->row.end_reason;
  if (!reason) return "";
  switch (*reason) {
    case call::EndReason::hangup:
      return "";
    case call::EndReason::unreachable:
    case call::EndReason::caller_disconnected:
    case call::EndReason::connection_lost:
      return kGone;
    case call::EndReason::declined:
    case call::EndReason::cancelled:
    case call::EndReason::timeout:
    case call::EndReason::media_failed:
    case call::EndReason::max_duration:
    case call::EndReason::superseded:
    case call::EndReason::kicked:
    case call::EndReason::admin:
    case call::EndReason::user_deactivated:
    case call::EndReason::token_revoked:
    case call::EndReason::server_restart:
    case call::EndReason::server_shutdown:
      break;
  }
  return to_text(*reason);
}

std::string_view explain(Refusal why) {
  switch (why) {
    case Refusal::unreachable:
    case Refusal::recipient_unknown:
    case Refusal::peer_offline:
      return "User not found or offline";  // seed 003's words
    case Refusal::self_call:
      return "Cannot call yourself";
    case Refusal::recipient_inactive:
      return "Cannot call inactive or blocked user";
    case Refusal::caller_inactive:
      return "Your user is not active";
    case Refusal::call_not_found:
    case Refusal::not_participant:
    case Refusal::wrong_addressee:
      return "Only the other side can do this";
    case Refusal::not_in_conversation:
    case Refusal::not_a_group:
    case Refusal::call_full:
    case Refusal::cannot_mesh:
    case Refusal::callee_cannot_mesh:
      return "This client cannot take part in a group call";
    case Refusal::not_at_provider:
    case Refusal::callee_not_at_provider:
    case Refusal::needs_no_signals:
      return "This client cannot take part in this call; use another one";
    case Refusal::not_active:
      return "There is no call between you two";
    case Refusal::not_ringing:
      return "The call is not ringing";
    case Refusal::not_started:
      return "Cannot end call that hasn't started";
    case Refusal::recipient_busy:
      return "User is busy";
    case Refusal::caller_busy:
      return "You are already in a call";  // seed 003's words
    case Refusal::rate_limited:
      return "Rate limit: too many calls started; try again in a minute";
    case Refusal::draining:
      return "The server is about to restart; try again in a moment";
    case Refusal::idempotency_conflict:
    case Refusal::store_unavailable:
      return "The call could not be stored; nothing has changed, try again";
    case Refusal::outcome_unknown:  // this dialect cannot ask for a call
      return "We do not know yet whether this took effect; try again";
    case Refusal::too_many_signals:
      return "Too many candidates wait for the other side";
  }
  CHECK(false, "a refusal without its words");
}

std::string_view explain(store::GuestFault why) {
  switch (why) {
    case store::GuestFault::has_account:
      return "This name belongs to an account; connect with its token";
    case store::GuestFault::not_active:
      return "This user is not active";
    case store::GuestFault::unavailable:
      return "The store is unavailable; try again";
  }
  CHECK(false, "a fault of a guest without its words");
}

}  // namespace belfry::gateway

// The server's half of the signaling dialect: how each notice is said (seed 003 "Server -> Client Events", SPEC 2.5).
#include "gateway/signaling.hpp"

namespace belfry::gateway {
namespace {

/// `reason` of call_ended; a plain hang-up has none (R-003-17).
std::string_view reason_text(oldcall::EndReason reason) { return reason == oldcall::EndReason::hangup ? "" : oldcall::to_text(reason); }

std::string_view explain(app::FailedWhy why) {
  switch (why) {
    case app::FailedWhy::offline:
      return "User is not online";
    case app::FailedWhy::self_call:
      return "Cannot call yourself";
    case app::FailedWhy::not_registered:
      return "This connection does not hold its name any more; register again";
    case app::FailedWhy::no_such_call:
      return "There is no call between you two";
    case app::FailedWhy::not_ringing:
      return "The call is not ringing";
    case app::FailedWhy::not_a_party:
      return "Only the other side can do this";
    case app::FailedWhy::already_in_call:
      return "You are already in a call; end it before you start a new one";
    case app::FailedWhy::rate_limited:
      return "Rate limit: too many calls started; try again in a minute";
    case app::FailedWhy::draining:
      return "The server is about to restart; try again in a moment";
    case app::FailedWhy::store_unavailable:
      return "The call could not be stored; nothing has changed, try again";
    case app::FailedWhy::too_many_candidates:
      return "Too many candidates wait for the other side";
  }
  return "The call failed";
}

}  // namespace

void Signaling::tell(SessionAddress to, const app::Notice& notice) {
  std::visit([&](const auto& what) { say(to, what); }, notice);
}

// Names are of [a-zA-Z0-9_-] by the time they reach us, so they stand between quotes as they are.

void Signaling::say(SessionAddress to, const app::Candidate& notice) {
  ++counts_.relayed_candidates;
  emit(to, "ice_candidate", {R"({"from":")", notice.from, R"(","candidate":)", notice.candidate, "}"});
}

void Signaling::say(SessionAddress to, const app::IncomingCall& notice) {
  emit(to, "incoming_call", {R"({"from":")", notice.from, R"(","offer":)", notice.offer, "}"});
}

void Signaling::say(SessionAddress to, const app::CallAnswered& notice) {
  emit(to, "call_answered", {R"({"from":")", notice.from, R"(","answer":)", notice.answer, "}"});
}

void Signaling::say(SessionAddress to, const app::CallDeclined& notice) {
  emit(to, "call_declined", {R"({"from":")", notice.from, R"("})"});
}

void Signaling::say(SessionAddress to, const app::CallEnded& notice) {
  const std::string_view reason = reason_text(notice.reason);
  if (reason.empty()) return emit(to, "call_ended", {R"({"from":")", notice.from, R"("})"});
  emit(to, "call_ended", {R"({"from":")", notice.from, R"(","reason":")", reason, R"("})"});
}

void Signaling::say(SessionAddress to, const app::RingTimedOut& notice) {
  emit(to, "call_timeout", {R"({"user":")", notice.callee, R"("})"});
}

void Signaling::say(SessionAddress to, const app::Busy& notice) {
  emit(to, "call_busy", {R"({"targetUser":")", notice.target, R"("})"});
}

void Signaling::say(SessionAddress to, const app::Failed& notice) { fail(to, explain(notice.why), notice.target); }

void Signaling::say(SessionAddress to, const app::Replaced&) {
  emit(to, "force_disconnect", {R"({"reason":"New login detected"})"});
  sockets_->disconnect(to, session::Sockets::Transport::close);
}

void Signaling::fail(SessionAddress socket, std::string_view error, std::string_view target) {
  std::string text = R"({"error":)";
  json::append_quoted(text, error);
  text += R"(,"targetUser":)";
  json::append_quoted(text, target);
  text += '}';
  emit(socket, "call_failed", {text});
}

/// Not kept for recovery: a client registers anew on each connect, and an idle registered socket must not cost a log.
void Signaling::say_registered(SessionAddress socket, std::string_view name, std::string_view error) {
  std::string text = error.empty() ? R"({"success":true,"userId":)" : R"({"success":false,"userId":)";
  json::append_quoted(text, name);
  if (!error.empty()) {
    text += R"(,"error":)";
    json::append_quoted(text, error);
  }
  text += '}';
  const std::string_view pieces[] = {text};
  sockets_->emit(socket, "user_registered", pieces, session::Keep::no);
}

void Signaling::emit(SessionAddress socket, std::string_view event, std::initializer_list<std::string_view> pieces) {
  sockets_->emit(socket, event, std::span<const std::string_view>(pieces.begin(), pieces.size()));
}

}  // namespace belfry::gateway

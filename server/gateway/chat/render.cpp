#include "gateway/chat/render.hpp"

#include <chrono>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/check.hpp"
#include "base/uuid.hpp"
#include "gateway/json/descriptions.hpp"
#include "gateway/json/iso_time.hpp"
#include "wire/json/writer.hpp"

namespace belfry::gateway::chat_clients {
namespace {

using account::UserId;
using call::EndReason;
using calls::CallView;
using calls::Refusal;

std::string id_of(const UserId& user) { return to_text(user.value()); }

std::string conversation_of(const CallView& call) {
  const auto& conversation = call->row.conversation;
  return conversation ? to_text(conversation->value()) : std::string{};
}

bool is_caller(const CallView& call, const UserId& user) { return call->row.caller == user; }
const UserId& peer_of(const CallView& call, const UserId& user) {
  return is_caller(call, user) ? call->callee().id : call->caller().id;
}

/// W-004-14: leaving and loss are one word here, as in seed 003.
std::string_view end_word(const CallView& call, calls::PeerDeparture departure) {
  const auto reason = call->row.end_reason;
  if (departure != calls::PeerDeparture::none || reason == EndReason::caller_disconnected || reason == EndReason::connection_lost)
    return "disconnected";
  return reason ? to_text(*reason) : std::string_view("hangup");
}

/// `{from, callId, ...}`
template <class Write>
std::string about(const UserId& from, const CallView& call, const Write& write) {
  std::string text;
  json::Writer json(text);
  json.open_object().member("from", id_of(from)).member("callId", to_text(call->row.id.value()));
  write(json);
  json.close_object();
  return text;
}

void append_candidates(ServerEvents& events, const UserId& from, const call::Description& description) {
  for (const std::string_view each : candidates_of(description)) events.push_back(candidate(from, each));
}

/// Absent if there is none: the client takes any value for a call (W-004-08).
void append_signal(json::Writer& json, std::string_view kind, const call::Description& description) {
  if (!description.empty()) append_description_value(json.key("signal"), kind, description);
}

/// A caller of any dialect may put an id of PeerJS into the call's metadata (K19).
void append_peer_id(json::Writer& json, const store::CallRow& row) {
  const auto given = json::member({.kind = json::Kind::object, .raw = row.metadata}, "peerId");
  json.key("peerId");
  if (given && given->kind != json::Kind::null)
    json.raw(given->raw);
  else
    json.text(id_of(row.caller));
}

void append_caller(json::Writer& json, const account::Person& caller, std::string_view name) {
  const std::string id = id_of(caller.id);
  json.key("caller").open_object().member("id", id).member("_id", id).member("username", caller.username).member("name", name);
  json.member_or_null("avatar", caller.avatar);
  if (!caller.avatar.empty()) json.member("profileImg", caller.avatar);  // never null (2.12, reading 7)
  json.close_object().member("name", name);
  if (!caller.avatar.empty()) json.member("profileImg", caller.avatar);
}

/// One overload for each notice.
struct Renderer {
  Viewer viewer;

  [[nodiscard]] ServerEvents ended(const CallView& call, const UserId& from, std::string_view reason) const {
    const std::string payload = about(from, call, [&](json::Writer& json) {
      json.member("reason", reason).member_or_null("duration", duration_seconds(call->row));
    });
    ServerEvents events;
    if (viewer.ends == EndEvents::both) events.push_back({"call-ended", payload});
    events.push_back({"end-call", payload});
    return events;
  }
  /// By whom it ended, or else the other side: a client knows its call by that. Nothing if the user has dialled again from a new
  /// session: it would end the new call there.
  [[nodiscard]] ServerEvents ended(const CallView& call, const calls::By& by) const {
    if (call->row.end_reason == EndReason::superseded && call->row.ended_by == viewer.user) return {};
    return ended(call, by.user.value_or(peer_of(call, viewer.user)), end_word(call, by.departure));
  }

  ServerEvents operator()(const calls::IncomingCall&) const { return {}; }
  ServerEvents operator()(const calls::Progress&) const { return {}; }

  /// To the device that answered it would say nothing new.
  ServerEvents operator()(const calls::CallAccepted& notice) const {
    const CallView& call = notice.call;
    if (is_group(call->row) || !is_caller(call, viewer.user)) return {};
    const UserId& callee = call->callee().id;
    ServerEvents events{
        {"call-answered", about(callee, call, [&](json::Writer& json) {
           json.member_or_null("conversationId", conversation_of(call)).member_or_null("startedAt", iso_text(call->row.started));
           if (!viewer.by_peer) append_signal(json, "answer", notice.answer);
           json.member("peerId", id_of(callee));
         })}};
    if (!viewer.by_peer) append_candidates(events, callee, notice.answer);
    return events;
  }

  ServerEvents operator()(const calls::AnsweredElsewhere& notice) const {
    if (is_group(notice.call->row)) return {};
    return ended(notice.call, notice.call->row.caller, "answered_elsewhere");
  }
  ServerEvents operator()(const calls::DeclinedElsewhere& notice) const {
    if (is_group(notice.call->row)) return {};
    return ended(notice.call, notice.call->row.caller, "declined_elsewhere");
  }

  ServerEvents operator()(const calls::CallRejected& notice) const {
    if (is_group(notice.call->row)) return {};
    const bool busy = notice.why == calls::CallRejected::Why::busy;
    return {{"call-rejected", about(notice.call->callee().id, notice.call,
                                    [&](json::Writer& json) { json.member("reason", busy ? "busy" : "declined"); })}};
  }

  ServerEvents operator()(const calls::CallCancelled& notice) const {
    if (notice.acting || is_group(notice.call->row)) return {};
    return ended(notice.call, notice.by);
  }

  /// W-004-12: only the callee needs the end of a ring; the caller has an event for it.
  ServerEvents operator()(const calls::CallMissed& notice) const {
    const CallView& call = notice.call;
    if (is_group(call->row)) return {};
    if (call->row.end_reason != EndReason::timeout || !is_caller(call, viewer.user)) return ended(call, notice.by);
    std::string text;
    json::Writer json(text);
    json.open_object()
        .member("to", id_of(call->callee().id))
        .member("callId", to_text(call->row.id.value()))
        .member("reason", "timeout")
        .close_object();
    return {{kCallTimeout, std::move(text)}};
  }

  ServerEvents operator()(const calls::CallEnded& notice) const {
    if (notice.acting || is_group(notice.call->row)) return {};
    return ended(notice.call, notice.by);
  }

  ServerEvents operator()(const calls::PeerState&) const { return {}; }
  ServerEvents operator()(const calls::PeerMedia&) const { return {}; }  // only native clients show it
  ServerEvents operator()(const calls::CalleesBusy&) const { return {}; }
  ServerEvents operator()(const calls::TokenExpiring&) const { return {}; }
  ServerEvents operator()(const calls::Glare&) const { return {}; }      // only a REST start of the same user has asked for it
  ServerEvents operator()(const chat::ChatNotice&) const { return {}; }  // message_events.hpp
  ServerEvents operator()(const sessions::Replaced&) const { return {}; }
  ServerEvents operator()(const sessions::LoginEnded&) const { return {}; }
};

}  // namespace

News news_in(const Notice& notice) {
  return std::visit(
      [](const auto& each) -> News {
        using Each = std::decay_t<decltype(each)>;
        constexpr bool has_call = requires { each.call->row; };
        if constexpr (!has_call) {
          return {};
        } else {
          const store::CallRow& row = each.call->row;
          constexpr bool elsewhere = std::is_same_v<Each, calls::AnsweredElsewhere>;
          if (elsewhere) return {row.id, News::What::taken_elsewhere};
          return {row.id, is_final(row.status) ? News::What::over : News::What::other};
        }
      },
      notice);
}

ServerEvents render(const Notice& notice, const Viewer& viewer) { return std::visit(Renderer{viewer}, notice); }

ServerEvents ring(const CallView& call, std::string_view name, Offer offer) {
  const account::Person& caller = call->caller();
  const std::string id = id_of(caller.id);
  const call::Description& signal = call->row.offer;
  std::string text;
  json::Writer json(text);
  json.open_object().member("from", id).member("callerId", id);
  append_caller(json, caller, name.empty() ? std::string_view(caller.username) : name);
  json.member("callId", to_text(call->row.id.value()))
      .member_or_null("conversationId", conversation_of(call))
      .member("callType", to_text(call->row.media));
  if (offer == Offer::shown) append_signal(json, "offer", signal);
  append_peer_id(json, call->row);
  json.member_or_null("ringExpiresAt", iso_text(call->row.ring_expires)).close_object();
  ServerEvents events{{"incoming-call", std::move(text)}};
  if (offer == Offer::shown) append_candidates(events, caller.id, signal);
  return events;
}

ServerEvent start_refused(std::string_view to, std::string_view reason) {
  std::string text;
  json::Writer json(text);
  json.open_object().member_or_null("from", to).member("reason", reason).close_object();
  return {"call-rejected", std::move(text)};
}

std::string_view reason_of(Refusal why) {
  switch (why) {
    case Refusal::self_call:
      return "self";
    case Refusal::caller_busy:
      return "caller_busy";
    case Refusal::recipient_busy:
      return "busy";
    case Refusal::recipient_unknown:
      return "unknown_user";
    case Refusal::recipient_inactive:
      return "inactive";
    case Refusal::rate_limited:
      return "rate_limited";
    case Refusal::unreachable:
    case Refusal::peer_offline:
      return "unreachable";
    case Refusal::call_full:
    case Refusal::cannot_mesh:
    case Refusal::callee_cannot_mesh:
    case Refusal::not_at_provider:
    case Refusal::callee_not_at_provider:
    case Refusal::needs_no_signals:
      return "incompatible";
    case Refusal::caller_inactive:
    case Refusal::draining:
    case Refusal::store_unavailable:
    case Refusal::outcome_unknown:
    case Refusal::too_many_signals:
      return "unavailable";
    case Refusal::call_not_found:
    case Refusal::not_participant:
    case Refusal::not_in_conversation:
    case Refusal::not_a_group:
    case Refusal::not_ringing:
    case Refusal::not_active:
    case Refusal::not_started:
    case Refusal::wrong_addressee:
    case Refusal::idempotency_conflict:
      return "invalid";
  }
  CHECK(false, "a refusal without its word");
}

std::string error_json(std::string_view event, const Failure& failure) {
  const WireError& error = wire_error(failure.error);
  std::string text;
  json::Writer json(text);
  json.open_object()
      .member("event", event)
      .member("code", error.code)
      .member("message", failure.message.empty() ? error.message : std::string_view(failure.message))
      .key("details")
      .open_array();
  for (const Detail& each : failure.details)
    json.open_object().member("field", each.field).member("issue", each.issue).close_object();
  json.close_array();
  if (failure.retry_after)
    json.member("retryAfterMs", std::chrono::ceil<std::chrono::milliseconds>(*failure.retry_after).count());
  json.close_object();
  return text;
}

ServerEvent candidate(const UserId& from, std::string_view candidate) {
  std::string text;
  json::Writer json(text);
  json.open_object().member("from", id_of(from)).key("candidate").raw(candidate).close_object();
  return {"ice-candidate", std::move(text)};
}

}  // namespace belfry::gateway::chat_clients

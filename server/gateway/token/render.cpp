#include "gateway/token/render.hpp"

#include <optional>
#include <utility>
#include <variant>

#include "base/uuid.hpp"
#include "gateway/json/descriptions.hpp"
#include "gateway/json/entities.hpp"
#include "gateway/json/iso_time.hpp"
#include "gateway/json/notice_words.hpp"
#include "wire/json/writer.hpp"

namespace belfry::gateway::token {
namespace {

using account::UserId;
using calls::CallView;
using Events = std::vector<ServerEvent>;

std::string conversation_of(const CallView& call) {
  const auto& conversation = call->row.conversation;
  return conversation ? to_text(conversation->value()) : std::string{};
}

/// `{callId, conversationId, ...}`
template <class Write>
std::string about(const CallView& call, const Write& write) {
  std::string text;
  json::Writer json(text);
  json.open_object().member("callId", to_text(call->row.id.value())).member_or_null("conversationId", conversation_of(call));
  write(json);
  json.close_object();
  return text;
}

/// Null: no participant, but a timer or the server.
const account::Person* person_in(const CallView& call, const std::optional<UserId>& user) {
  return user && find_leg(call->row, *user) != nullptr ? &person_of(*call, *user) : nullptr;
}

void append_user(json::Writer& json, const std::optional<UserId>& user) {
  json.member_or_null("userId", user ? to_text(user->value()) : std::string{});
}

/// W-000-03: what the app shows: a sentence, and the picture of the person whom it is about.
void append_sentence(json::Writer& json, const account::Person* who, std::string_view deed, std::string_view otherwise) {
  json.member("message", who == nullptr ? std::string(otherwise) : who->username + std::string(deed));
  json.member_or_null("image", who == nullptr ? std::string_view{} : std::string_view(who->avatar));
}

ServerEvent alias(std::string_view name, const CallView& call, const account::Person* who, std::string_view deed,
                  std::string_view otherwise) {
  std::string text;
  json::Writer json(text);
  append_sentence(json.open_object(), who, deed, otherwise);
  json.member_or_null("conversationId", conversation_of(call)).close_object();
  return {name, std::move(text)};
}

ServerEvent accepted_event(const CallView& call, const std::optional<UserId>& by) {
  return {"call-accepted", about(call, [&](json::Writer& json) {
            append_user(json, by);
            json.member_or_null("startedAt", iso_text(call->row.started));
          })};
}
ServerEvent connected_alias(const CallView& call, const std::optional<UserId>& by) {
  return alias("call-connected", call, person_in(call, by), " has joined the call", "The call has begun");
}

std::string end_reason(const CallView& call, std::optional<call::EndReason> part = {}) {
  const auto reason = part ? part : call->row.end_reason;
  return reason ? std::string(to_text(*reason)) : std::string{};
}

/// One overload for each notice.
struct Renderer {
  UserId viewer;

  /// The union of what the apps of seeds 000 and 004 read (J-5.2).
  Events operator()(const calls::IncomingCall& notice) const {
    const CallView& call = notice.call;
    const account::Person& caller = call->caller();
    return {{"incoming-call", about(call, [&](json::Writer& json) {
               const std::string id = to_text(caller.id.value());
               json.member("from", id).member("callerId", id);
               append_person(json.key("caller"), caller);
               json.member("name", caller.username).member_or_null("profileImg", caller.avatar);
               json.member("callType", to_text(call->row.media));
               json.key("signal");
               if (call->row.offer.empty())
                 json.null();
               else
                 append_description_value(json, "offer", call->row.offer);
               json.key("peerId").null();
               json.member_or_null("ringExpiresAt", iso_text(call->row.ring_expires));
               append_sentence(json, &caller, " is calling you", {});
             })}};
  }

  Events operator()(const calls::Progress& notice) const {
    return {{"call-progress", about(notice.call, [&](json::Writer& json) {
               json.member("state", word_of(notice.state));
               const auto user = notice.about ? notice.about : notice.call->row.callee;
               if (user) json.member("userId", to_text(user->value()));
               json.member("reachable", notice.reachable);
             })}};
  }

  /// To the device that answered it confirms its acknowledgement; the others are connected to somebody new.
  Events operator()(const calls::CallAccepted& notice) const {
    Events events{accepted_event(notice.call, notice.by.user)};
    if (notice.by.user != viewer) events.push_back(connected_alias(notice.call, notice.by.user));
    return events;
  }

  Events operator()(const calls::AnsweredElsewhere& notice) const {
    return {{"call-accepted", about(notice.call, [&](json::Writer& json) {
               append_user(json, notice.by.user);
               json.member_or_null("startedAt", iso_text(notice.call->row.started)).member("elsewhere", true);
             })}};
  }

  Events operator()(const calls::DeclinedElsewhere& notice) const {
    return {{"call-rejected", about(notice.call, [&](json::Writer& json) {
               append_user(json, notice.by.user);
               json.member("reason", "declined").member("final", is_final(notice.call->row.status)).member("elsewhere", true);
               append_sentence(json, person_in(notice.call, notice.by.user), " declined the call", "The call was declined");
             })}};
  }

  /// J-5.3: a busy member of a group that still rings has an event of their own.
  Events operator()(const calls::CallRejected& notice) const {
    const bool final = is_final(notice.call->row.status);
    const bool busy = notice.why == calls::CallRejected::Why::busy;
    if (busy && !final)
      return {{"call-busy", about(notice.call, [&](json::Writer& json) { append_user(json, notice.by.user); })}};
    return {{"call-rejected", about(notice.call, [&](json::Writer& json) {
               append_user(json, notice.by.user);
               json.member("reason", busy ? "busy" : "declined").member("final", final);
               append_sentence(json, person_in(notice.call, notice.by.user), busy ? " is in another call" : " declined the call",
                               "The call was declined");
             })}};
  }

  Events operator()(const calls::CallCancelled& notice) const {
    Events events{{"call-cancelled", about(notice.call, [&](json::Writer& json) {
                     json.member_or_null("endReason", end_reason(notice.call, notice.part));
                   })}};
    if (!notice.acting)
      events.push_back(
          alias("call-end", notice.call, person_in(notice.call, notice.by.user), " cancelled the call", "The call is over"));
    return events;
  }

  /// The app knows no time-out: `call-end` is what stops its ring.
  Events operator()(const calls::CallMissed& notice) const {
    return {{"call-timeout",
             about(notice.call, [&](json::Writer& json) { json.member_or_null("endReason", end_reason(notice.call)); })},
            alias("call-end", notice.call, nullptr, {}, "The call was not answered")};
  }

  Events operator()(const calls::CallEnded& notice) const {
    Events events{{"call-ended", about(notice.call, [&](json::Writer& json) {
                     json.member_or_null("endReason", end_reason(notice.call, notice.part))
                         .member_or_null("duration", duration_seconds(notice.call->row));
                   })}};
    if (!notice.acting)
      events.push_back(
          alias("call-end", notice.call, person_in(notice.call, notice.by.user), " ended the call", "The call is over"));
    return events;
  }

  Events operator()(const calls::PeerState& notice) const {
    Events events;
    if (notice.state == calls::PeerState::State::joined)
      events = {accepted_event(notice.call, notice.user), connected_alias(notice.call, notice.user)};
    events.push_back({"call-peer", about(notice.call, [&](json::Writer& json) {
                        append_user(json, notice.user);
                        json.member("state", word_of(notice.state));
                      })});
    return events;
  }

  Events operator()(const calls::PeerMedia&) const { return {}; }  // only native clients show it

  /// The outcome of a start that made no call.
  Events operator()(const calls::CalleesBusy& notice) const {
    std::string text;
    json::Writer json(text);
    json.open_object().key("callId").null().member("conversationId", to_text(notice.conversation.value()));
    append_user(json, notice.callee);
    json.close_object();
    return {{"call-busy", std::move(text)}};
  }

  Events operator()(const calls::TokenExpiring& notice) const {
    return {{"call-token-expiring",
             about(notice.call, [&](json::Writer& json) { json.member("expiresAt", iso_text(notice.expires)); })}};
  }

  Events operator()(const calls::Glare&) const { return {}; }      // only a REST start of the same user has asked for it
  Events operator()(const chat::ChatNotice&) const { return {}; }  // this dialect has no messages (K35)
  Events operator()(const sessions::Replaced&) const { return {}; }
  Events operator()(const sessions::LoginEnded&) const { return {}; }
};

}  // namespace

std::vector<ServerEvent> render(const Notice& notice, const UserId& viewer) { return std::visit(Renderer{viewer}, notice); }

}  // namespace belfry::gateway::token

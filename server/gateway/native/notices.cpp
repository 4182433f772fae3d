// The server events of the native dialect (SPEC 2.4): one `send` per notice. Every event about a call has the call's id and,
// except for signals, the callSeq of the state that it reports.
#include "gateway/native/notices.hpp"

#include "base/uuid.hpp"
#include "gateway/json/descriptions.hpp"
#include "gateway/json/entities.hpp"
#include "gateway/json/iso_time.hpp"
#include "gateway/json/notice_words.hpp"

namespace belfry::gateway::native {
namespace {

void append_about(json::Writer& json, const calls::CallView& call) {
  json.member("callId", to_text(call->row.id)).member("callSeq", static_cast<std::int64_t>(call->row.version));
}
/// Includes the names of the participants, so that a client that reconnects need not look them up.
void append_whole(json::Writer& json, const calls::CallView& call) {
  append_about(json, call);
  append_call(json.key("call"), *call, People::named);
}

std::string id_text(const std::optional<calls::UserId>& id) { return id ? to_text(id->value()) : std::string{}; }

void append_by(json::Writer& json, const calls::By& by) {
  json.key("by").open_object().member_or_null("userId", id_text(by.user)).member_or_null("deviceId", by.device).close_object();
}
/// The name is the device id that the client sent; names of their own come with device registration.
void append_elsewhere(json::Writer& json, const calls::By& by) {
  json.key("by").open_object().member_or_null("deviceId", by.device).member_or_null("name", by.device).close_object();
}
/// `part`: of the part of the person who is notified, where it differs from the call's.
void append_end_reason(json::Writer& json, const store::CallRow& row, std::optional<call::EndReason> part = {}) {
  const auto reason = part ? part : row.end_reason;
  json.member_or_null("endReason", reason ? to_text(*reason) : std::string_view{});
}

/// Of one person's part in a group call there may be several ends; of a call there is one.
bool is_news(NativeSession& session, const store::CallRow& row) {
  return !is_final(row.status) || session.memory.first_end(row.id);
}

}  // namespace

// --- while it rings ---

void Notices::send(NativeSession& session, const calls::IncomingCall& notice) {
  const store::StoredCall& call = *notice.call;
  sessions_.emit(session, "call.incoming", [&](json::Writer& json) {
    append_whole(json, notice.call);
    append_person(json.key("caller"), call.caller());
    json.member("timestamp", iso_text(ports_.clock.wall())).member_or_null("ringExpiresAt", iso_text(call.row.ring_expires));
    append_description(json, "offer", call.row.offer);
  });
  send_candidates(session, notice.call, call.caller(), call.row.offer);
}

void Notices::send(NativeSession& session, const calls::Progress& notice) {
  sessions_.emit(session, "call.progress", [&](json::Writer& json) {
    append_about(json, notice.call);
    json.member("state", word_of(notice.state))
        .member_or_null("userId", id_text(notice.about ? notice.about : notice.call->row.callee))
        .member("reachable", notice.reachable);
  });
}

void Notices::send(NativeSession& session, const calls::Glare& notice) {
  sessions_.emit(session, "call.glare", [&](json::Writer& json) {
    append_about(json, notice.call);
    json.member("role", "answerer");
    append_description(json, "offer", notice.offer);
  });
  send_candidates(session, notice.call, notice.call->caller(), notice.offer);
}

// --- while it is connected ---

void Notices::send(NativeSession& session, const calls::TokenExpiring& notice) {
  sessions_.emit(session, "call.token_expiring", [&](json::Writer& json) {
    json.member("callId", to_text(notice.call->row.id)).member("expiresAt", iso_text(notice.expires));
  });
}

// --- how it was answered ---

void Notices::send(NativeSession& session, const calls::CallAccepted& notice) {
  const SocketContext& context = *session.context;
  const bool answered = context.identity && context.identity->user == notice.by.user;
  sessions_.emit(session, "call.accepted", [&](json::Writer& json) {
    append_whole(json, notice.call);
    append_by(json, notice.by);
    json.member_or_null("startedAt", iso_text(notice.call->row.started));
    append_description(json, "answer", notice.answer);
  });
  if (!answered && notice.by.user && find_leg(notice.call->row, *notice.by.user) != nullptr)
    send_candidates(session, notice.call, person_of(*notice.call, *notice.by.user), notice.answer);
}

void Notices::send(NativeSession& session, const calls::AnsweredElsewhere& notice) {
  sessions_.emit(session, "call.answered_elsewhere", [&](json::Writer& json) {
    append_about(json, notice.call);
    append_elsewhere(json, notice.by);
  });
}

void Notices::send(NativeSession& session, const calls::DeclinedElsewhere& notice) {
  sessions_.emit(session, "call.declined_elsewhere", [&](json::Writer& json) {
    append_about(json, notice.call);
    append_elsewhere(json, notice.by);
  });
}

// --- ends, each sent once ---

void Notices::send(NativeSession& session, const calls::CallRejected& notice) {
  if (!is_news(session, notice.call->row)) return;
  sessions_.emit(session, "call.rejected", [&](json::Writer& json) {
    append_whole(json, notice.call);
    append_by(json, notice.by);
    json.member("reason", notice.why == calls::CallRejected::Why::busy ? "busy" : "declined");
    json.member("final", is_final(notice.call->row.status));
  });
}

void Notices::send(NativeSession& session, const calls::CallCancelled& notice) {
  if (!is_news(session, notice.call->row)) return;
  sessions_.emit(session, "call.cancelled", [&](json::Writer& json) {
    append_whole(json, notice.call);
    append_by(json, notice.by);
    append_end_reason(json, notice.call->row, notice.part);
  });
}

void Notices::send(NativeSession& session, const calls::CallMissed& notice) {
  if (!is_news(session, notice.call->row)) return;
  sessions_.emit(session, "call.missed", [&](json::Writer& json) {
    append_whole(json, notice.call);
    append_end_reason(json, notice.call->row);
  });
}

void Notices::send(NativeSession& session, const calls::CallEnded& notice) {
  const store::CallRow& row = notice.call->row;
  if (!is_news(session, row)) return;
  sessions_.emit(session, "call.ended", [&](json::Writer& json) {
    append_whole(json, notice.call);
    json.member_or_null("endedBy", id_text(row.ended_by));
    append_end_reason(json, row, notice.part);
    json.member_or_null("duration", duration_seconds(row));
  });
}

// --- while it is connected ---

/// W-003-02: what a client of seed 003 sent with its description comes behind it, as if it had been trickled.
void Notices::send_candidates(NativeSession& session, const calls::CallView& call, const account::Person& from,
                              const call::Description& description) {
  const store::Leg* const leg = find_leg(call->row, from.id);
  const std::string_view device = leg == nullptr ? std::string_view{} : std::string_view(leg->device);
  for (const std::string_view candidate : candidates_of(description))
    send_signal(session, {call, from, calls::SignalKind::candidate, candidate, 0, device});
}

void Notices::send_signal(NativeSession& session, const calls::SignalArrived& notice) {
  sessions_.emit(session, "call.signal", [&](json::Writer& json) {
    json.member("callId", to_text(notice.call->row.id))
        .member("from", to_text(notice.from.id.value()))
        .member_or_null("deviceId", notice.device)
        .member("kind", to_text(notice.kind))
        .key("payload")
        .raw(notice.payload)
        .member("gen", std::int64_t{notice.generation});
  });
}

void Notices::send(NativeSession& session, const calls::PeerState& notice) {
  sessions_.emit(session, "call.peer_state", [&](json::Writer& json) {
    append_about(json, notice.call);
    json.member("userId", to_text(notice.user.value())).member("state", word_of(notice.state));
    const store::Leg* const leg = find_leg(notice.call->row, notice.user);
    if (notice.state == calls::PeerState::State::joined && leg != nullptr) {  // S5
      json.member_or_null("deviceId", leg->device);
      append_media_state(json, *leg);
    }
    if (notice.until) json.member("until", iso_text(*notice.until));
  });
}

/// S5. Without callSeq, as a signal: it reports no state of the call.
void Notices::send(NativeSession& session, const calls::PeerMedia& notice) {
  sessions_.emit(session, "call.media", [&](json::Writer& json) {
    json.member("callId", to_text(notice.call->row.id))
        .member("userId", to_text(notice.user.value()))
        .member("audio", notice.sent.audio)
        .member("video", notice.sent.video)
        .member("screen", notice.sent.screen);
  });
}

// --- the session itself ---

void Notices::send(NativeSession& session, const sessions::Replaced&) {
  sessions_.emit(session, "session.replaced");
  ports_.out.close(session.context->at);
}

void Notices::send(NativeSession& session, const sessions::LoginEnded&) {
  sessions_.emit(session, "session.expiring", [](json::Writer& json) { json.member("reason", "login_ended"); });
  ports_.out.close(session.context->at);
}

}  // namespace belfry::gateway::native

// The client events of the native dialect. Each is checked whole, becomes one command, and is answered by its acknowledgement.
#include <algorithm>
#include <array>
#include <utility>

#include "gateway/json/quality_samples.hpp"
#include "gateway/native/answers.hpp"
#include "gateway/native/native.hpp"
#include "gateway/native/pieces.hpp"

namespace belfry::gateway {
namespace {

/// Events of SPEC 2.4 that this server does not support yet. Their error message differs from that of a misspelt event.
bool is_for_later(std::string_view event) {
  constexpr std::array<std::string_view, 17> kLater = {
      "call.invite",       "call.kick",    "call.mute",          "call.handoff", "call.transfer",  "call.hold",
      "call.resume",       "call.upgrade", "message.send",       "message.edit", "message.delete", "message.read",
      "message.delivered", "typing",       "presence.subscribe", "presence.set", "call.recording"};
  return std::find(kLater.begin(), kLater.end(), event) != kLater.end();
}

}  // namespace

const Native::Row Native::kEvents[12] = {
    {"call.signal", &Native::call_signal},  // by far the most frequent
    {"call.media", &Native::call_media},   {"call.quality", &Native::call_quality},     {"call.start", &Native::call_start},
    {"call.ready", &Native::call_ready},   {"call.ringing", &Native::call_ringing},     {"call.accept", &Native::call_accept},
    {"call.reject", &Native::call_reject}, {"call.cancel", &Native::call_cancel},       {"call.end", &Native::call_end},
    {"call.sync", &Native::call_sync},     {"session.resume", &Native::session_resume},
};

const Native::Row* Native::row_of(const NativeSession& session, std::string_view event) {
  const auto find_in = [&](const auto& rows) -> const Row* {
    const auto row = std::find_if(std::begin(rows), std::end(rows), [&](const Row& each) { return each.name == event; });
    return row == std::end(rows) ? nullptr : &*row;
  };
  if (const Row* row = find_in(kEvents)) return row;
  return session.memory.web ? find_in(kWebEvents) : nullptr;
}

void Native::on_event(SocketContext& context, const Event& event) {
  NativeSession* session = find(context.at);
  if (session == nullptr) return;
  const Asked asked{*session, event};
  const Row* known = row_of(*session, event.name);
  if (known == nullptr)
    return answer_to(asked)(native::refusal(
        {.error = ApiError::not_found, .message = is_for_later(event.name) ? "not supported yet" : "Unknown event"}));
  if (!session->memory.online) return answer_to(asked)(native::refusal(Failure{.error = ApiError::unauthenticated}));
  (this->*known->act)(asked);
}

void Native::on_not_kept(SocketContext& context, const Event& event, NotKept why) {
  NativeSession* session = find(context.at);
  if (session == nullptr) return;
  const Answer answer = answer_to({*session, event});
  if (why == NotKept::binary) return answer(native::refusal(native::Issues{{"body", "binary"}}));
  answer(native::refusal(calls::Refusal::store_unavailable));
}

/// A page of seed 001 asks for no acknowledgement and listens for `error`.
void Native::on_unreadable_event(SocketContext& context, const protocol::UnreadableEvent& event) {
  const NativeSession* session = find(context.at);
  if (session == nullptr) return;
  const Failure failure{.error = ApiError::validation_failed,
                        .message = "The payload cannot be read: it is too deep, too long or not Unicode",
                        .details = {{"body", "malformed"}}};
  if (event.ack_id) ports_.out.acknowledge(context.at, *event.ack_id, native::refusal(failure));
  if (session->memory.web) send_web_error(context.at, failure);
}

// --- calls ---

void Native::call_start(const Asked& asked) {
  auto start = native::read_start(asked.event);
  if (!start) return answer_to(asked)(native::refusal(start.error()));
  if (!may_join(asked)) return;
  start->caller = native::actor_of(asked.context());
  ports_.calls.start(std::move(*start), reply_with_call(asked));
}

void Native::call_accept(const Asked& asked) {
  const auto accept = native::read_accept(asked.event);
  if (!accept) return answer_to(asked)(native::refusal(accept.error()));
  if (!may_join(asked)) return;
  ports_.calls.accept(native::actor_of(asked.context()), accept->call, call::Description(accept->answer), reply_with_call(asked));
}

void Native::call_ready(const Asked& asked) { plain(asked, &CallsPort::ready); }
void Native::call_ringing(const Asked& asked) { plain(asked, &CallsPort::ringing); }
void Native::call_reject(const Asked& asked) { hang_up(asked, &CallsPort::reject); }
void Native::call_cancel(const Asked& asked) { hang_up(asked, &CallsPort::cancel); }
void Native::call_end(const Asked& asked) { hang_up(asked, &CallsPort::end); }

void Native::plain(const Asked& asked, Plain command) {
  const auto call = native::read_call(asked.event);
  if (!call) return answer_to(asked)(native::refusal(call.error()));
  (ports_.calls.*command)(native::actor_of(asked.context()), *call, reply_with_call(asked));
}

void Native::hang_up(const Asked& asked, Plain command) {
  const auto call = native::read_call(asked.event);
  if (!call) return answer_to(asked)(native::refusal(call.error()));
  const SessionAddress at = asked.context().at;
  ports_.in.hang_up_begins(at);
  (ports_.calls.*command)(native::actor_of(asked.context()), *call,
                          [this, at, reply = reply_with_call(asked)](const calls::Result& result) {
                            if (reply) reply(result);
                            ports_.in.hang_up_decided(at);
                          });
}

void Native::call_signal(const Asked& asked) {
  if (!admits(asked, asked.session.memory.signals, settings_.signals, {"signal", "signals"})) return;
  const auto signal = native::read_signal(asked.event);
  if (!signal) return answer_to(asked)(native::refusal(signal.error()));
  calls::Reply reply;
  if (asked.event.ack_id)
    reply = [answer = answer_to(asked)](const calls::Result& result) {
      answer(result ? native::signal_answer(*result) : native::refusal(native::signal_failure(result.error())));
    };
  ports_.calls.signal(native::actor_of(asked.context()), signal->call,
                      {signal->kind, signal->payload, signal->generation, signal->to}, std::move(reply));
}

void Native::call_media(const Asked& asked) {
  if (!admits(asked, asked.session.memory.reports, settings_.reports, {"report", "reports"})) return;
  const auto media = native::read_media(asked.event);
  if (!media) return answer_to(asked)(native::refusal(media.error()));
  ports_.calls.media(native::actor_of(asked.context()), media->call, media->report, reply_with_call(asked));
}

void Native::call_quality(const Asked& asked) {
  if (!admits(asked, asked.session.memory.reports, settings_.reports, {"report", "reports"})) return;
  auto quality = native::read_quality(asked.event, ports_.clock.wall());
  if (!quality) return answer_to(asked)(native::refusal(quality.error()));
  const calls::UserId user = asked.context().identity->user;
  look_up(asked, quality->call, calls::Refusal::not_participant,
          [this, user, samples = std::move(quality->samples)](const store::StoredCall& call, const Answer& answer) {
            if (!takes_samples(call.row, ports_.clock.wall()))
              return answer(native::refusal(Failure{.error = ApiError::call_not_active, .message = kTooLate}));
            ports_.archive.add_quality(call.row.id, user, samples, [answer](const auto& kept) {
              answer(kept ? native::success() : native::refusal(calls::Refusal::store_unavailable));
            });
          });
}

// --- rejoining calls ---

/// the asking user takes part in the call again, on this device.
void Native::call_sync(const Asked& asked) {
  const auto call = native::read_sync(asked.event);
  if (!call) return answer_to(asked)(native::refusal(call.error()));
  if (!may_join(asked)) return;
  const calls::Actor actor = native::actor_of(asked.context());
  if (const std::optional<calls::CallId>& one = *call) {
    look_up(asked, *one, calls::Refusal::call_not_found,
            [](const store::StoredCall& found, const Answer& answer) { answer(native::success(native::snapshot({found}))); });
  } else {
    auto reading = reading_answer_to(asked);
    if (!reading) return;
    current(actor.user, std::move(*reading),
            [](const std::string& snapshot, const Answer& answer) { answer(native::success(snapshot)); });
  }
  ports_.calls.rejoin_calls(actor);
}

void Native::session_resume(const Asked& asked) {
  const auto wish = native::read_resume(asked.event);
  if (!wish) return answer_to(asked)(native::refusal(wish.error()));
  auto answer = reading_answer_to(asked);
  if (!answer) return;
  const calls::UserId user = asked.context().identity->user;
  const bool resumed = resume(asked.context().at, *wish);
  current(user, std::move(*answer), [resumed](const std::string& snapshot, const Answer& reply) {
    std::string data;
    json::Writer json(data);
    json.open_object().member("resumed", resumed).key("snapshot").raw(snapshot).close_object();
    reply(native::success(data));
  });
}

void Native::current(calls::UserId user, Answer answer, std::function<void(const std::string&, const Answer&)> with_snapshot) {
  ports_.archive.current(user, recently(),
                         [this, user, answer = std::move(answer), with_snapshot = std::move(with_snapshot)](
                             const Expected<std::vector<store::StoredCall>, store::Unavailable>& found) {
                           if (!found) return answer(native::refusal(calls::Refusal::store_unavailable));
                           with_snapshot(native::snapshot(*found), answer);
                           note_shown_ends(user, *found);
                         });
}

// --- answers ---

Native::Answer Native::answer_to(const Asked& asked) const {
  if (!asked.event.ack_id) return [](const std::string&) {};
  return [&out = ports_.out, at = asked.context().at, ack = *asked.event.ack_id](const std::string& payload) {
    out.acknowledge(at, ack, payload);
  };
}

std::optional<Native::Answer> Native::reading_answer_to(const Asked& asked) const {
  Answer answer = answer_to(asked);
  if (ports_.reads == nullptr) return answer;
  auto place = ports_.reads->enter(asked.context().identity->user);
  if (!place) return answer(native::too_many("reads at once", std::chrono::seconds{1})), std::nullopt;
  return [answer = std::move(answer), place = std::move(*place)](const std::string& payload) { answer(payload); };
}

calls::Reply Native::reply_with_call(const Asked& asked) const {
  if (!asked.event.ack_id) return {};
  return [answer = answer_to(asked)](const calls::Result& result) {
    answer(result ? native::call_answer(*result) : native::refusal(failure_of(result.error())));
  };
}

bool Native::admits(const Asked& asked, TokenBucket& used, const RateLimit& limit, Kind kind) {
  const auto wait = used.take(limit, ports_.clock.now());
  if (!wait) return true;
  answer_to(asked)(native::too_many(kind.plural, *wait));
  if (!std::exchange(asked.session.memory.warned_of_limit, true))
    emit(asked.session, "rate.warning", [&](json::Writer& json) {
      json.member("bucket", kind.bucket)
          .member("limit", std::int64_t{limit.max})
          .member("windowMs", native::whole_ms(limit.window))
          .member("retryAfterMs", native::whole_ms(*wait));
    });
  return false;
}

/// SPEC X-30: joining a call requires a credential that is still valid; a call already joined does not.
bool Native::may_join(const Asked& asked) {
  if (asked.context().identity->may_join(ports_.clock.wall())) return true;
  answer_to(asked)(native::refusal(Failure{.error = ApiError::session_expired}));
  if (!std::exchange(asked.session.memory.warned_of_expiry, true))
    emit(asked.session, "session.expiring", [](json::Writer& json) { json.member("reason", "expired"); });
  return false;
}

void Native::look_up(const Asked& asked, const calls::CallId& call, calls::Refusal to_strangers,
                     std::function<void(const store::StoredCall&, const Answer&)> found) {
  auto reading = reading_answer_to(asked);
  if (!reading) return;
  const auto done = [answer = std::move(*reading), user = asked.context().identity->user, to_strangers,
                     found = std::move(found)](const Expected<std::optional<store::StoredCall>, store::Unavailable>& stored) {
    const auto refuse = [&](calls::Refusal why) { answer(native::refusal(why)); };
    if (!stored) return refuse(calls::Refusal::store_unavailable);
    if (!*stored) return refuse(calls::Refusal::call_not_found);
    const store::CallRow& row = (*stored)->row;
    if (leg_of(row, user) == nullptr) return refuse(to_strangers);
    found(**stored, answer);
  };
  ports_.store.load(call, done);
}

}  // namespace belfry::gateway

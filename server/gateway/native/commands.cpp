#include "gateway/native/commands.hpp"

#include <utility>

#include "gateway/json/quality_samples.hpp"
#include "gateway/native/answers.hpp"

namespace belfry::gateway::native {

const Commands::Row Commands::kEvents[14] = {
    {"call.signal", &Commands::call_signal},  // by far the most frequent
    {"call.media", &Commands::call_media},
    {"call.quality", &Commands::call_quality},
    {"call.start", &Commands::call_start},
    {"call.ready", &Commands::call_ready},
    {"call.ringing", &Commands::call_ringing},
    {"call.accept", &Commands::call_accept},
    {"call.reject", &Commands::call_reject},
    {"call.cancel", &Commands::call_cancel},
    {"call.end", &Commands::call_end},
    {"call.leave", &Commands::call_leave},
    {"call.sync", &Commands::call_sync},
    {"call.join", &Commands::call_join},
    {"session.resume", &Commands::session_resume},
};

// --- calls ---

void Commands::call_start(const ClientEvent& event) {
  auto start = read_start(event.incoming);
  if (!start) return event.refuse(start.error());
  if (!limits_.may_join(event)) return;
  start->caller = event.actor();
  ports_.calls.start(std::move(*start), event.reply_with_start());
}

void Commands::call_accept(const ClientEvent& event) {
  const auto accept = read_accept(event.incoming);
  if (!accept) return event.refuse(accept.error());
  if (!limits_.may_join(event)) return;
  ports_.calls.accept(event.actor(), accept->call, call::Description(accept->answer), event.reply_with_call());
}

void Commands::call_ready(const ClientEvent& event) { plain(event, &CallsPort::ready); }
void Commands::call_ringing(const ClientEvent& event) { plain(event, &CallsPort::ringing); }
void Commands::call_reject(const ClientEvent& event) { hang_up(event, &CallsPort::reject); }
void Commands::call_cancel(const ClientEvent& event) { hang_up(event, &CallsPort::cancel); }
void Commands::call_end(const ClientEvent& event) { hang_up(event, &CallsPort::end); }
void Commands::call_leave(const ClientEvent& event) { hang_up(event, &CallsPort::leave); }

void Commands::plain(const ClientEvent& event, Plain command) {
  const auto call = read_call(event.incoming);
  if (!call) return event.refuse(call.error());
  (ports_.calls.*command)(event.actor(), *call, event.reply_with_call());
}

void Commands::hang_up(const ClientEvent& event, Plain command) {
  const auto call = read_call(event.incoming);
  if (!call) return event.refuse(call.error());
  const SessionAddress at = event.context().at;
  ports_.in.hang_up_begins(at);
  (ports_.calls.*command)(event.actor(), *call, [this, at, reply = event.reply_with_call()](const calls::Result& result) {
    if (reply) reply(result);
    ports_.in.hang_up_decided(at);
  });
}

void Commands::call_signal(const ClientEvent& event) {
  if (!limits_.admits_signal(event)) return;
  const auto signal = read_signal(event.incoming);
  if (!signal) return event.refuse(signal.error());
  calls::Reply reply;
  if (event.incoming.ack_id)
    reply = [answer = event.answer()](const calls::Result& result) {
      answer(result ? signal_answer(*result) : refusal(signal_failure(result.error())));
    };
  ports_.calls.signal(event.actor(), signal->call, {signal->kind, signal->payload, signal->generation, signal->to},
                      std::move(reply));
}

void Commands::call_media(const ClientEvent& event) {
  if (!limits_.admits_report(event)) return;
  const auto media = read_media(event.incoming);
  if (!media) return event.refuse(media.error());
  ports_.calls.media(event.actor(), media->call, media->report, event.reply_with_call());
}

void Commands::call_quality(const ClientEvent& event) {
  if (!limits_.admits_report(event)) return;
  auto quality = read_quality(event.incoming, ports_.clock.wall());
  if (!quality) return event.refuse(quality.error());
  auto reading = reading_answer_to(event);
  if (!reading) return;
  const calls::UserId user = event.user();
  look_up(quality->call, {user, calls::Refusal::not_participant, std::move(*reading)},
          [this, user, samples = std::move(quality->samples)](const store::StoredCall& call, const Answer& answer) {
            if (!takes_samples(call.row, ports_.clock.wall()))
              return answer(refusal(Failure{.error = ApiError::call_not_active, .message = kTooLate}));
            ports_.archive.add_quality(call.row.id, user, samples, [answer](const auto& kept) {
              answer(kept ? success() : refusal(calls::Refusal::store_unavailable));
            });
          });
}

// --- rejoining calls ---

/// the asking user takes part in the call again, on this device.
void Commands::call_sync(const ClientEvent& event) {
  const auto call = read_sync(event.incoming);
  if (!call) return event.refuse(call.error());
  if (!limits_.may_join(event)) return;
  auto reading = reading_answer_to(event);
  if (!reading) return;
  const calls::Actor actor = event.actor();
  if (const std::optional<calls::CallId>& one = *call) {
    look_up(*one, {actor.user, calls::Refusal::call_not_found, std::move(*reading)},
            [](const store::StoredCall& found, const Answer& answer) { answer(success(snapshot({found}))); });
  } else {
    rejoining_.read_calls(actor.user, [answer = std::move(*reading)](const Rejoining::Calls* found) {
      answer(found == nullptr ? refusal(calls::Refusal::store_unavailable) : success(snapshot(*found)));
    });
  }
  ports_.calls.rejoin_calls(actor);
}

void Commands::session_resume(const ClientEvent& event) {
  const auto resume = read_resume(event.incoming);
  if (!resume) return event.refuse(resume.error());
  auto answer = reading_answer_to(event);
  if (!answer) return;
  const calls::UserId user = event.user();
  const bool resumed = rejoining_.resume(event.context().at, *resume);
  rejoining_.read_calls(user, [resumed, reply = std::move(*answer)](const Rejoining::Calls* found) {
    if (found == nullptr) return reply(refusal(calls::Refusal::store_unavailable));
    std::string data;
    json::Writer json(data);
    json.open_object().member("resumed", resumed).key("snapshot").raw(snapshot(*found)).close_object();
    reply(success(data));
  });
}

// --- media tokens ---

/// J-3.4: tells what the token is for. The call does not notice; a user joins it by call.accept.
void Commands::call_join(const ClientEvent& event) {
  const auto media_token = read_join(event.incoming);
  if (!media_token) return event.refuse(media_token.error());
  if (ports_.tokens == nullptr) return event.refuse(Failure{.error = ApiError::not_found, .message = "not supported"});
  ports_.tokens->join(event.user(), *media_token, [answer = event.answer()](const Expected<std::string, Failure>& joined) {
    answer(joined ? success(*joined) : refusal(joined.error()));
  });
}

// --- answers ---

std::optional<Answer> Commands::reading_answer_to(const ClientEvent& event) const {
  Answer answer = event.answer();
  if (ports_.reads == nullptr) return answer;
  auto open_read = ports_.reads->enter(event.user());
  if (!open_read) {
    answer(too_many("reads at once", std::chrono::seconds{1}));
    return std::nullopt;
  }
  return [answer = std::move(answer), open_read = std::move(*open_read)](const std::string& payload) { answer(payload); };
}

void Commands::look_up(const calls::CallId& call, Reader reader,
                       std::function<void(const store::StoredCall&, const Answer&)> found) {
  const auto done = [reader = std::move(reader),
                     found = std::move(found)](const Expected<std::optional<store::StoredCall>, store::Unavailable>& stored) {
    const auto refuse = [&](calls::Refusal why) { reader.answer(refusal(why)); };
    if (!stored) return refuse(calls::Refusal::store_unavailable);
    if (!*stored) return refuse(calls::Refusal::call_not_found);
    const store::CallRow& row = (*stored)->row;
    if (find_leg(row, reader.user) == nullptr) return refuse(reader.to_strangers);
    found(**stored, reader.answer);
  };
  ports_.store.load(call, done);
}

}  // namespace belfry::gateway::native

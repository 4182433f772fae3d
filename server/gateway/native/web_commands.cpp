#include "gateway/native/web_commands.hpp"

#include "base/must_have.hpp"
#include "gateway/json/iso_time.hpp"
#include "gateway/native/answers.hpp"

namespace belfry::gateway::native {

const WebCommands::Row WebCommands::kEvents[9] = {
    {"webrtc_ice_candidate", &WebCommands::candidate},
    {"webrtc_offer", &WebCommands::offer},
    {"webrtc_answer", &WebCommands::answer},
    {"call_mute", &WebCommands::peer_event},
    {"call_unmute", &WebCommands::peer_event},
    {"call_video_on", &WebCommands::peer_event},
    {"call_video_off", &WebCommands::peer_event},
    {"call_ended", &WebCommands::call_ended},
    {"heartbeat", &WebCommands::heartbeat},
};

void WebCommands::signal(const ClientEvent& event, calls::SignalKind kind) {
  if (!limits_.admits_signal(event)) return;
  const auto signal = read_web_signal(event.incoming, kind);
  if (!signal) return refuse(event, {.error = ApiError::validation_failed, .details = signal.error()});
  signal_to_peer(event, signal->target, {.kind = kind, .payload = signal->payload});
}

void WebCommands::peer_event(const ClientEvent& event) {
  if (!limits_.admits_signal(event)) return;
  const auto target = read_web_target(event.incoming);
  if (!target) return refuse(event, {.error = ApiError::validation_failed, .details = target.error()});
  const auto kind = must_have(call::parse_signal_kind(event.incoming.name), "a peer event is named as its kind is");
  signal_to_peer(event, *target, {.kind = kind, .payload = "null"});
}

void WebCommands::signal_to_peer(const ClientEvent& event, const WebTarget& target, const calls::Signal& signal) {
  const calls::UserId me = event.user();
  std::optional<calls::CallId> call = target.call;
  if (!call && target.user)
    if (const auto name = ports_.calls.name_of(*target.user)) call = ports_.calls.call_between(me, *name);
  if (!call) return refuse(event, {.error = ApiError::peer_offline, .message = std::string(WebNotices::kNoReceiver)});
  calls::Signal addressed = signal;
  addressed.to = target.user;  // the relay refuses it if this is not the peer in that call
  if (signal.kind == calls::SignalKind::offer) event.session.memory.set(*call, WebMark::offered);
  // The event and the session may be gone when the refusal comes.
  ports_.calls.signal(event.actor(), *call, addressed,
                      [this, at = event.context().at, answer = event.answer()](const calls::Result& result) {
                        if (result) return answer(signal_answer(*result));
                        const Failure failure = signal_failure(result.error());
                        answer(refusal(failure));
                        notices_.send_error(at, failure);
                      });
}

/// The published clients ask for no acknowledgement and listen for `error`.
void WebCommands::refuse(const ClientEvent& event, const Failure& failure) {
  event.refuse(failure);
  notices_.send_error(event.context().at, failure);
}

/// The client sends it after `POST /api/calls/{id}/end`, when the call is usually over: that is success.
void WebCommands::call_ended(const ClientEvent& event) {
  const auto call = read_call(event.incoming);
  if (!call) return refuse(event, {.error = ApiError::validation_failed, .details = call.error()});
  const SessionAddress at = event.context().at;
  ports_.in.hang_up_begins(at);
  ports_.calls.end(event.actor(), *call, [this, at, answer = event.answer()](const calls::Result& result) {
    if (result) {
      answer(call_answer(*result));
    } else if (result.error().why == calls::Refusal::not_active) {
      answer(success());
    } else {
      const Failure failure = failure_of(result.error());
      answer(refusal(failure));
      notices_.send_error(at, failure);
    }
    ports_.in.hang_up_decided(at);
  });
}

/// Not kept for a suspended socket, which would otherwise need a recovery log for these alone.
void WebCommands::heartbeat(const ClientEvent& event) {
  event.answer()(success());
  std::string payload;
  json::Writer(payload).open_object().member("timestamp", iso_text(ports_.clock.wall())).close_object();
  ports_.out.emit_unkept(event.context().at, "pong", payload);
}

}  // namespace belfry::gateway::native

#include "gateway/native/client_event.hpp"

#include "gateway/dialects/actor_of.hpp"
#include "gateway/native/answers.hpp"

namespace belfry::gateway::native {

calls::Actor ClientEvent::actor() const { return actor_of(context(), call::Dialect::native); }

Answer ClientEvent::answer() const {
  if (!incoming.ack_id) return [](const std::string&) {};
  return [&to = out, at = context().at, ack = *incoming.ack_id](const std::string& payload) { to.acknowledge(at, ack, payload); };
}

void ClientEvent::refuse(const Failure& failure) const {
  if (incoming.ack_id) out.acknowledge(context().at, *incoming.ack_id, refusal(failure));
}

void ClientEvent::refuse(const Issues& issues) const { refuse(Failure{.error = ApiError::validation_failed, .details = issues}); }

calls::Reply ClientEvent::reply_with_call() const {
  if (!incoming.ack_id) return {};
  return [answer = answer()](const calls::Result& result) {
    answer(result ? call_answer(*result) : refusal(failure_of(result.error())));
  };
}

calls::Reply ClientEvent::reply_with_start() const {
  if (!incoming.ack_id) return {};
  return [answer = answer()](const calls::Result& result) {
    answer(result ? start_answer(*result) : refusal(failure_of(result.error())));
  };
}

}  // namespace belfry::gateway::native

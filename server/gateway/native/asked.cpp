#include "gateway/native/asked.hpp"

#include "gateway/dialects/actor_of.hpp"
#include "gateway/native/answers.hpp"

namespace belfry::gateway::native {

calls::Actor Asked::actor() const { return actor_of(context(), call::Dialect::native); }

Answer Asked::answer() const {
  if (!event.ack_id) return [](const std::string&) {};
  return [&to = out, at = context().at, ack = *event.ack_id](const std::string& payload) { to.acknowledge(at, ack, payload); };
}

void Asked::refuse(const Failure& failure) const {
  if (event.ack_id) out.acknowledge(context().at, *event.ack_id, refusal(failure));
}

void Asked::refuse(const Issues& issues) const { refuse(Failure{.error = ApiError::validation_failed, .details = issues}); }

calls::Reply Asked::reply_with_call() const {
  if (!event.ack_id) return {};
  return [answer = answer()](const calls::Result& result) {
    answer(result ? call_answer(*result) : refusal(failure_of(result.error())));
  };
}

calls::Reply Asked::reply_with_start() const {
  if (!event.ack_id) return {};
  return [answer = answer()](const calls::Result& result) {
    answer(result ? start_answer(*result) : refusal(failure_of(result.error())));
  };
}

}  // namespace belfry::gateway::native

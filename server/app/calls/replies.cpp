#include "app/calls/replies.hpp"

#include <utility>

#include "app/calls/calls.hpp"
#include "app/calls/signal_relay.hpp"

namespace belfry::calls {

void Replies::answer(const Command& command, const CallResult& result) {
  if (!command.reply) return;
  post_.to(command.asker, [reply = command.reply, result](Calls&) { reply(result); });
}

void Replies::refuse(const Command& command, Refused refused) {
  const bool starts = command.start_request() != nullptr;
  const bool busy = refused.why == Refusal::recipient_busy || refused.why == Refusal::caller_busy;
  if (starts && !busy) shared_.count(&CallStats::failed);  // busy ones have a counter of their own
  const SessionAddress at = command.at();
  if (at && starts)
    post_.to(at.shard,
             [call = command.requested_call_id(), at](Calls& calls) { ShardParts::relay(calls).drop_routes(call, at); });
  if (at && command.is<command::UnroutedSignal>())
    post_.to(at.shard, [call = command.call, actor = command.its_actor()](Calls& calls) {
      ShardParts::relay(calls).ask_for_next(actor, call);
    });
  if (!command.reply) return;
  post_.to(command.asker, [reply = command.reply, refused = std::move(refused)](Calls&) { reply(unexpected(refused)); });
}

}  // namespace belfry::calls

#include "app/calls/replies.hpp"

#include <utility>

#include "app/calls/calls.hpp"
#include "app/calls/signal_relay.hpp"

namespace belfry::calls {

void Replies::answer(const Command& command, const CallAnswer& answer) {
  if (!command.reply) return;
  post_.to(command.asker, [reply = command.reply, answer](Calls&) { reply(answer); });
}

void Replies::refuse(const Command& command, Refused refused) {
  const bool starts = command.start_request() != nullptr;
  if (starts) shared_.count(&CallStats::failed);
  if (command.actor.at && (starts || command.is<command::UnroutedSignal>())) {
    const CallId call = starts ? command.requested_call_id() : command.call;
    post_.to(command.actor.at.shard, [call, at = command.actor.at](Calls& calls) { calls.relay().drop_routes(call, at); });
  }
  if (!command.reply) return;
  post_.to(command.asker, [reply = command.reply, refused = std::move(refused)](Calls&) { reply(unexpected(refused)); });
}

}  // namespace belfry::calls

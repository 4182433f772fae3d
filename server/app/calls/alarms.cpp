#include "app/calls/alarms.hpp"

#include <utility>

#include "app/calls/call_host.hpp"
#include "app/calls/calls.hpp"

namespace belfry::calls {

void Alarms::set(CallEntry& entry) {
  timers_.cancel(entry.alarm);
  const auto next = call::next_alarm(entry.its_call().state);
  // A connected call in which everybody is present has no deadline.
  if (!next && !entry.its_call().ended()) return;
  const TimePoint at = next ? next->at : ports_.clock.now() + kRememberEnded;
  entry.alarm = timers_.at(at, [this, id = entry.id, at] {
    CallEntry& due = entry_of(entries_, id);
    due.alarm.reset();
    due.alarm_under_way = true;
    visit(0, {.call = id, .what = command::Alarm{}, .received = at, .in_flight = shared_.in_flight()});
  });
}

void Alarms::visit(ShardIndex next, Command alarm) {
  const ShardIndex host = shared_.host_of(alarm.call);
  if (next == host) ++next;
  if (next >= ports_.mailboxes.shard_count())
    return post_.to(host, [alarm = std::move(alarm)](Calls& calls) mutable { ShardParts::host(calls).take(std::move(alarm)); });
  post_.to(next, [alarm = std::move(alarm)](Calls& calls) mutable { ShardParts::host(calls).alarms().hold(std::move(alarm)); });
}

void Alarms::hold(Command alarm) {
  const auto onwards = static_cast<ShardIndex>(post_.mine() + 1);
  if (ports_.clock.now() >= alarm.received) return visit(onwards, std::move(alarm));
  const TimePoint at = alarm.received;
  timers_.at(at, [this, onwards, alarm = std::move(alarm)] { visit(onwards, alarm); });
}

}  // namespace belfry::calls

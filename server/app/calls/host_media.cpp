// Starts that would ring somebody who cannot take part. What goes before that, only the store knows: the call that the
// conversation has already (J-2.4), and blocks, for who is blocked must not learn from a refusal that the other is here (J-1.7).
#include <algorithm>
#include <utility>

#include "app/calls/call_host.hpp"

namespace belfry::calls {

struct CallHost::UnplannedStart {
  Command command;
  Present here;
  Refusal why{};
  std::vector<UserId> unable{};

  [[nodiscard]] StartCall& request() { return **command.start_request(); }
};

void CallHost::ask_before_refusing(CallEntry& entry, Command command, Present here, const Unplanned& unplanned) {
  entry.change(EntryEvent::read_began);
  auto start = std::make_shared<UnplannedStart>(std::move(command), std::move(here), unplanned.why, unplanned.unable);
  const auto& place = start->request().place;
  if (!place) return ask_who_is_blocked(entry.id, start);
  ports_.store.active_in(place->id, [this, id = entry.id, start](const auto& active) {
    if (active && !*active) return ask_who_is_blocked(id, start);
    resume(id, [&](CallEntry& its_entry) {
      if (active)
        send_to_holder(its_entry, std::move(start->command), **active);
      else
        refuse_start(start->command, Refusal::store_unavailable);
    });
  });
}

void CallHost::ask_who_is_blocked(const CallId& id, const UnplannedStartPtr& start) {
  ports_.conversations.blocked_among(start->request().caller.user, start->unable, [this, id, start](const auto& blocked) {
    resume(id, [&](CallEntry& entry) {
      if (blocked)
        refuse_or_plan_again(entry, *start, *blocked);
      else
        refuse_start(start->command, Refusal::store_unavailable);
    });
  });
}

void CallHost::refuse_or_plan_again(CallEntry& entry, UnplannedStart& start, const std::vector<UserId>& blocked) {
  if (blocked.empty()) return refuse_start(start.command, start.why, std::move(start.unable));
  if (!is_group(start.request())) return refuse_start(start.command, Refusal::recipient_inactive);
  auto& silent = start.request().silent;
  silent.insert(silent.end(), blocked.begin(), blocked.end());
  plan_start(entry, std::move(start.command), std::move(start.here));
}

}  // namespace belfry::calls

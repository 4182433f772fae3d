#include "app/calls/call_host.hpp"

#include <algorithm>
#include <list>
#include <utility>

#include "app/calls/party_command.hpp"

namespace belfry::calls {

CallHost::CallHost(SharedCalls& shared, const Ports& ports, const Post& post, Timers& timers)
    : shared_(shared),
      ports_(ports),
      post_(post),
      timers_(timers),
      replies_(shared, post),
      announcer_(ports),
      end_notices_(shared, ports, announcer_, timers),
      routes_(ports, post),
      alarms_(entries_, shared, ports, post, timers),
      log_(ports),
      hosted_(entries_, shared, ports, {log_, announcer_, end_notices_, routes_, alarms_}),
      gate_(*this, entries_, shared, ports, post, timers) {}

namespace {

CommandFrom sender_of(const Command& command) {
  if (command.is<command::Start>()) return CommandFrom::collision;  // a first start meets no entry that waits
  return command.by_the_server() ? CommandFrom::server : CommandFrom::user;
}

}  // namespace

void CallHost::take(Command command) {
  CallEntry& entry = hosted_.entry(command.call);
  switch (admit(entry.state(), sender_of(command))) {
    case CommandTurn::refuse:
      return refuse(command, {.why = Refusal::store_unavailable});
    case CommandTurn::resume:
      entry.change(EntryEvent::collision_settled);
      entry.queue.push_front(std::move(command));
      break;
    case CommandTurn::run:
      if (entry.running() || !entry.queue.empty()) {
        entry.queue.push_back(std::move(command));
      } else {
        const Running running(entry);
        act(entry, std::move(command));
      }
      break;
    case CommandTurn::wait:
      entry.queue.push_back(std::move(command));
      break;
  }
  run(entry);
}

void CallHost::refuse(const Command& command, Refused refused, std::source_location where) {
  const auto* signal = command.as<command::UnroutedSignal>();
  if (signal != nullptr && refused.why == Refusal::store_unavailable) log_.failed_signal(signal->kind, where);
  if (command.is<command::StartCollision>()) report_collision_settled(command, std::nullopt);
  replies_.refuse(command, std::move(refused));
}

Command CallHost::command_to(const CallEntry& entry, Command::What what) const {
  return {.call = entry.id, .what = std::move(what), .received = ports_.clock.now(), .in_flight = shared_.in_flight()};
}

void CallHost::run(CallEntry& entry) {
  if (entry.running()) return;  // it is further up the stack, and comes to what was queued meanwhile
  {
    const Running running(entry);
    while (entry.ready() && !entry.queue.empty()) {
      Command next = std::move(entry.queue.front());
      entry.queue.pop_front();
      act(entry, std::move(next));
    }
  }
  hosted_.forget_idle(entry);
}

struct CallHost::Runner {
  CallHost& host;
  CallEntry& entry;
  Command& command;
  const Present& here;

  void operator()(const command::Start&) const { CHECK(false, "a start finds no call"); }
  void operator()(const command::StartCollision&) const { host.collide(entry, std::move(command), here); }
  void operator()(command::Accept& accept) const {
    if (is_group(entry.its_call().row())) accept.answer = {};  // to no offer: Calls::begin drops that of a group start
    act_as_party(accept);
  }
  void operator()(const command::Reject& reject) const { act_as_party(reject); }
  void operator()(const command::Cancel& cancel) const { act_as_party(cancel); }
  void operator()(const command::End& end) const { act_as_party(end); }
  void operator()(const command::Leave& leave) const { act_as_party(leave); }
  void operator()(const command::DeviceRang& rang) const { act_as_party(rang); }
  void operator()(const command::CallerReady& ready) const { act_as_party(ready); }
  void operator()(const command::ReportMedia& report) const {
    host.show_media(entry, command, here);
    act_as_party(report);
  }
  void operator()(const command::PageLeaves&) const { host.page_leaves(entry, std::move(command), here); }
  void operator()(const command::UnroutedSignal&) const { host.unrouted_signal(entry, std::move(command), here); }
  void operator()(const command::SessionGone&) const { host.gone(entry, std::move(command), here); }
  void operator()(const command::SessionCame&) const { host.came(entry, std::move(command), here); }
  void operator()(const command::Alarm&) const { host.on_alarm(entry, std::move(command), here); }
  void operator()(const command::ResendEnd&) const {
    host.end_notices_.notify_late(entry.its_call(), command, here);
    host.replies_.answer(command, {.call = entry.its_call().view});
  }
  void operator()(const command::RingPushed& rung) const { host.ring_pushed(entry.its_call(), rung.user, here); }
  void operator()(const command::CatchUp&) const { host.caught_up(entry, std::move(command)); }
  /// a group call goes on without a user who was deactivated.
  void operator()(const command::ForceEnd& force) const {
    if (!force.only || !is_group(entry.its_call().row())) return decide(call::Forced{force.reason});
    if (has_leg(*force.only)) decide(call::Kicked{*force.only, force.reason});
  }
  void operator()(const command::Kick& kick) const {
    if (has_leg(kick.user)) decide(call::Kicked{kick.user, call::EndReason::kicked});
  }
  [[nodiscard]] bool has_leg(UserId user) const { return find_leg(entry.its_call().legs(), user) != nullptr; }
  void operator()(const command::Withdraw&) const {
    const Actor& caller = command.its_actor();
    decide(call::HungUp{caller.user, caller.session, call::HungUp::Verb::cancel});
  }
  void operator()(const command::Restart& restart) const {
    // 2.8.10: a caller who dialled by REST may never have had a socket to lose.
    const bool by_request = entry.its_call().row().dialect == call::Dialect::rest;
    decide(call::ServerRestarted{restart.last_alive, host.shared_.settings().restart_grace,
                                 by_request ? call::Via::request : call::Via::socket});
  }
  template <class PartyCommand>
  void act_as_party(const PartyCommand& what) const {
    const call::Event event = party::event_of(what, command.its_actor());  // before the command and `what` in it are moved
    host.act_as_party(entry, std::move(command), party::action_of(what), event, here);
  }
  void decide(const call::Event& event) const {
    const TimePoint when = command.received;
    host.decide(entry, std::move(command), event, when, here);
  }
};

void CallHost::act(CallEntry& entry, Command command) {
  if (command.is<command::Start>()) return start(entry, std::move(command));
  const auto* resend = command.as<command::ResendEnd>();
  if (resend != nullptr && resend->outbox_seq != 0 && !resend->still_waits) return ask_whether_unheard(entry, std::move(command));
  if (!entry.call && command.is<command::RingPushed>()) return;  // another server's, or over: nobody here has heard of it
  if (!entry.call) return load_then(entry, std::move(command));
  const Present here = present(*entry.call);
  if (command.is<command::CallerReady>() && ring_needs_devices(*entry.call, command, here))
    return ask_for_devices(entry, std::move(command));
  std::visit(Runner{*this, entry, command, here}, command.what);
}

/// Commands that wait for a collision are refused now, those that wait for the store once it has answered. A reply on this shard
/// runs at once and may bring commands, so refuse when the entries are gone and nothing walks them any more.
void CallHost::forget_all() {
  std::list<Command> waiting;
  for (auto& [id, entry] : entries_)
    if (!entry.waits_for_store()) waiting.splice(waiting.end(), entry.queue);
  hosted_.forget_all();
  for (const Command& command : waiting) refuse(command, {.why = Refusal::store_unavailable});
}

// --- calls that are loaded from the store ---

void CallHost::load_then(CallEntry& entry, Command command) {
  entry.change(EntryEvent::read_began);
  const CallId id = entry.id;
  auto waiting = std::make_shared<Command>(std::move(command));
  ports_.store.load(id, [this, id, waiting](const Expected<std::optional<store::StoredCall>, store::Unavailable>& found) {
    resume(id, [&](CallEntry& its_entry) { loaded(its_entry, std::move(*waiting), found); });
  });
}

void CallHost::loaded(CallEntry& entry, Command command,
                      const Expected<std::optional<store::StoredCall>, store::Unavailable>& found) {
  if (!found) {
    if (command.by_the_server())
      retry(std::move(command));
    else
      refuse(command, {.why = Refusal::store_unavailable});
  } else if (const std::optional<store::StoredCall>& stored = *found; !stored || !hosted_.may_host(stored->row)) {
    hosted_.leave_out(entry);
    const bool in_the_way = stored && command.is<command::StartCollision>();
    refuse(command, {.why = in_the_way ? Refusal::caller_busy : Refusal::call_not_found});
  } else {
    hosted_.put(entry, *stored);
    if (auto* catch_up = command.as<command::CatchUp>()) catch_up->read = true;
    entry.queue.push_front(std::move(command));
  }
}

void CallHost::adopt(const store::Orphan& orphan) {
  if (!hosted_.may_host(orphan.call.row)) return;
  CallEntry& entry = hosted_.entry(orphan.call.row.id);
  // One that is known here from before may be out of date: then the restart is decided again on what it has become.
  if (!entry.call && entry.ready()) hosted_.put(entry, orphan.call);
  const Moment now = moment();
  take(command_to(entry, command::Restart{now.point_of(std::min(orphan.last_alive, now.wall))}));
}

void CallHost::catch_up(const CallId& id) { take(command_to(hosted_.entry(id), command::CatchUp{})); }

void CallHost::catch_up_all() {
  for (const CallId& id : hosted_.active()) catch_up(id);
}

void CallHost::caught_up(CallEntry& entry, Command command) {
  if (!command.as<command::CatchUp>()->read) return load_then(entry, std::move(command));
  HostedCall& call = entry.its_call();
  const Present here = present(call);
  if (!call.ended()) return readmit(entry, here);
  for (const auto& leg : call.legs())  // sent once: when the call was loaded, or now
    if (shared_.unheard().contains(leg.user, entry.id)) end_notices_.notify_ended_by_other_server(call, leg.user, here);
}

/// Participants reconnected before the call was loaded: let their sessions rejoin it now.
void CallHost::readmit(CallEntry& entry, const Present& here) {
  for (const auto& leg : entry.its_call().legs())
    for (const auto& session : here.live(leg.user)) {
      Command came = command_to(entry, command::SessionCame{session, sessions::Arrival::resumed});
      came.actor = actor_of(leg.user, session);
      entry.queue.push_back(std::move(came));
    }
}

/// Tries a command of the server again while the store is unreachable.
void CallHost::retry(Command command) {
  if (command.is<command::Alarm>()) entry_of(entries_, command.call).alarm_under_way = true;
  const TimePoint when = ports_.clock.now() + kRetry;
  auto waiting = std::make_shared<Command>(std::move(command));
  waiting->in_flight = {};  // it waits for a timer
  const auto* const resend = waiting->as<command::ResendEnd>();
  const bool holds_end = resend != nullptr && resend->outbox_seq == 0;  // which may be nowhere else
  if (holds_end) shared_.count_unstored_ends(1);
  timers_.at(when, [this, waiting, holds_end] {
    if (holds_end) {
      waiting->in_flight = shared_.in_flight();
      shared_.count_unstored_ends(-1);
    }
    if (still_holds(*waiting)) take(std::move(*waiting));
  });
}

/// While the store was unreachable, the session may have returned or been lost again: then a later command says so, or nothing is
/// left to do.
bool CallHost::still_holds(const Command& command) const {
  if (!command.is<command::SessionGone>() && !command.is<command::SessionCame>()) return true;
  const Actor& actor = command.its_actor();
  const auto session = shared_.sessions().session(actor.user, actor.at);
  const bool here = session && !session->suspended;
  return here == command.is<command::SessionCame>();
}

}  // namespace belfry::calls

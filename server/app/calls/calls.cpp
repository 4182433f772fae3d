#include "app/calls/calls.hpp"

#include <algorithm>
#include <utility>

#include "app/calls/call_host.hpp"
#include "app/calls/plan.hpp"
#include "app/calls/signal_relay.hpp"
#include "app/calls/timers.hpp"
#include "base/must_have.hpp"
#include "base/new_uuid.hpp"
#include "base/own_thread.hpp"

namespace belfry::calls {

struct Calls::Parts {
  Parts(ShardIndex shard, Calls& own, SharedCalls& all, const Ports& given)
      : shared(all),
        ports(given),
        post(shard, own, all.on_shards(), given.mailboxes),
        relay(all, given, post),
        host(all, given, post, timers) {}

  /// For each entry of Calls that reaches none of what checks itself: make(), admit(), relay() and host().
  [[nodiscard]] Parts& checked() {
    own_thread.check();
    return *this;
  }
  [[nodiscard]] Command make(const CallId& call, Command::What what, std::optional<Actor> actor, Reply reply) {
    own_thread.check();
    return {.call = call,
            .what = std::move(what),
            .actor = std::move(actor),
            .received = ports.clock.now(),
            .asker = post.mine(),
            .reply = std::move(reply),
            .in_flight = shared.in_flight()};
  }
  void to_host(Command command) {
    const ShardIndex shard = shared.host_of(command.call);
    post.to(shard, [command = std::move(command)](Calls& calls) mutable { calls.host().take(std::move(command)); });
  }
  /// `actor`: none, the server asks.
  void ask(const CallId& call, Command::What what, std::optional<Actor> actor, Reply reply) {
    to_host(make(call, std::move(what), std::move(actor), std::move(reply)));
  }
  /// To the hosts of all calls of this user: a session came or went.
  void send_to_hosts(UserId user, const LiveSession& session, const Command::What& what) {
    for (const auto& call : shared.calls_of(user)) ask(call.id, what, actor_of(user, session), {});
  }
  using Ends = std::vector<store::OutboxEntry>;
  void drop_old_news(UserId user, Ends& ends);
  void resend_ends_before_rings(UserId user, const command::SessionCame& came, const std::vector<SharedCalls::UserCall>& calls,
                                const Ends& ends);
  [[nodiscard]] Expected<void, Refused> admit(const StartCall& call) {
    own_thread.check();
    if (draining) return unexpected(Refused{.why = Refusal::draining});
    if (const auto wait = shared.starts().take(call.caller.user, ports.clock.now()).wait)
      return unexpected(Refused{.why = Refusal::rate_limited, .retry_after = *wait});
    // Refused starts count too (SPEC 2.8.8).
    const auto called = called_by(call);
    if (std::find(called.begin(), called.end(), call.caller.user) != called.end())
      return unexpected(Refused{.why = Refusal::self_call});
    return {};
  }
  /// Of a start that has not been sent to its host.
  void refuse_unsent_start(const Reply& reply, Refused refused);
  void find_callees(StartCall call, Reply reply);
  void begin(StartCall call, Reply reply);
  void decide_provider(StartCall& call) const;
  void end_parts(const ConversationId& conversation, std::vector<Command::What> ends);
  void sweep();
  /// The timers are ours: what waits in them ends with us.
  void sweep_later() {
    timers.at(ports.clock.now() + shared.settings().sweep_every, [this] { sweep(); });
  }
  /// A query that passes from shard to shard, and back to the asker.
  struct UntendedSearch {
    ShardIndex asker = 0;
    std::vector<CallId> found{};
    std::function<void(const std::vector<CallId>&)> done{};
  };
  void search_here(const std::shared_ptr<UntendedSearch>& search);

  [[no_unique_address]] OwnThread own_thread;
  SharedCalls& shared;
  Ports ports;
  Post post;
  Timers timers;
  SignalRelay relay;
  CallHost host;
  bool draining = false;
  bool frozen = false;
};

Calls::Calls(ShardIndex shard, SharedCalls& shared, const Ports& ports)
    : parts_(std::make_unique<Parts>(shard, *this, shared, ports)) {
  shared.on_shards().enter(shard, *this);
}
/// Commands that are under way end with this shard. What they asked of the store may still be stored, and nobody is notified.
Calls::~Calls() {
  if (!parts_->shared.quiet()) parts_->shared.note_cut_off();
}

// --- commands ---

CallId Calls::new_call_id() {
  const Ports& ports = parts_->checked().ports;
  return CallId(new_uuid(ports.clock, ports.random));
}

void Calls::start(StartCall call, Reply reply) {
  Parts& parts = *parts_;
  if (auto admitted = parts.admit(call); !admitted) return parts.refuse_unsent_start(reply, std::move(admitted.error()));
  if (call.place) return parts.find_callees(std::move(call), std::move(reply));
  parts.begin(std::move(call), std::move(reply));
}

/// Clients may know a call by its peer or its conversation only, and would take an end that comes behind the ring of the next
/// call for the end of that. So calls that may ring hear of the session when the ends are sent; the others at once, because a
/// grace may be about to end.
void Calls::Parts::resend_ends_before_rings(UserId user, const command::SessionCame& came,
                                            const std::vector<SharedCalls::UserCall>& calls, const Ends& ends) {
  const Actor actor = actor_of(user, came.session);
  std::vector<CallId> may_ring;
  for (const auto& call : calls) {
    if (call.takes_part)
      ask(call.id, came, actor, {});
    else
      may_ring.push_back(call.id);
  }
  const auto left = std::make_shared<std::size_t>(ends.size());
  const Reply one_sent = [this, came, actor, may_ring = std::move(may_ring), left](const Result&) {
    if (--*left != 0) return;
    for (const CallId& call : may_ring) ask(call, came, actor, {});
  };
  for (const auto& end : ends) ask(end.call, command::ResendEnd{end.seq}, actor, one_sent);
}

void Calls::Parts::refuse_unsent_start(const Reply& reply, Refused refused) {
  shared.count(&CallStats::failed);
  if (reply) reply(unexpected(std::move(refused)));
}

/// Its members are looked up once (J-2.1). Who has left since then is found by the commit.
void Calls::Parts::find_callees(StartCall call, Reply reply) {
  const Place place = must_have(call.place, "the caller looked");
  const UserId caller = call.caller.user;
  auto waiting = std::make_shared<StartCall>(std::move(call));
  ports.conversations.find(place.id, caller,
                           [this, waiting, reply = std::move(reply), in_flight = shared.in_flight()](const auto& found) {
                             if (!found) return refuse_unsent_start(reply, {.why = Refusal::store_unavailable});
                             if (const auto invited = invite_members(*waiting, *found); !invited)
                               return refuse_unsent_start(reply, {.why = invited.error()});
                             begin(std::move(*waiting), reply);
                           });
}

/// J-8.1. The newest token that another user fetched for this conversation says at which provider that user is.
void Calls::Parts::decide_provider(StartCall& call) const {
  const auto newest = [&](const UserId& user) -> std::optional<call::Provider> {
    return call.place && ports.newest_token ? ports.newest_token(user, call.place->id) : std::nullopt;
  };
  const auto own = newest(call.caller.user);
  call.provider = call::provider_of_start(call.caller.dialect, own ? own : call.shown_token, shared.settings().provider);
  if (call::media_mode_of(call.provider) == call::MediaMode::p2p) return;
  for (const UserId user : called_by(call))
    if (const auto theirs = newest(user); theirs && *theirs != call.provider) call.elsewhere.push_back(user);
}

void Calls::Parts::begin(StartCall call, Reply reply) {
  decide_provider(call);
  if (is_group(call)) call.offer = {};  // each pair of its people negotiates for itself
  if (!call.id) call.id = CallId(new_uuid(ports.clock, ports.random));
  const CallId id = *call.id;
  const Actor caller = call.caller;
  if (caller.at && !is_group(call)) relay.open(id, caller.at);  // in a group call only those who are in it get signals
  ask(id, command::Start{std::make_shared<StartCall>(std::move(call))}, caller, std::move(reply));
}

limits::RateLimitStatus Calls::start_limit(UserId user) const {
  const Parts& parts = parts_->checked();
  return parts.shared.starts().status(user, parts.ports.clock.now());
}

void Calls::accept(const Actor& actor, const CallId& call, Description answer, Reply reply) {
  parts_->ask(call, command::Accept{std::move(answer)}, actor, std::move(reply));
}
void Calls::reject(const Actor& actor, const CallId& call, Reply reply) {
  parts_->ask(call, command::Reject{}, actor, std::move(reply));
}
void Calls::cancel(const Actor& actor, const CallId& call, Reply reply) {
  parts_->ask(call, command::Cancel{}, actor, std::move(reply));
}
void Calls::end(const Actor& actor, const CallId& call, Reply reply) {
  parts_->ask(call, command::End{}, actor, std::move(reply));
}
void Calls::leave(const Actor& actor, const CallId& call, Reply reply) {
  parts_->ask(call, command::Leave{}, actor, std::move(reply));
}
void Calls::ringing(const Actor& actor, const CallId& call, Reply reply) {
  parts_->ask(call, command::DeviceRang{}, actor, std::move(reply));
}
void Calls::ready(const Actor& actor, const CallId& call, Reply reply) {
  parts_->ask(call, command::CallerReady{}, actor, std::move(reply));
}

void Calls::media(const Actor& actor, const CallId& call, MediaReport report, Reply reply) {
  parts_->ask(call, command::ReportMedia{report.alive, report.sent}, actor, std::move(reply));
}

void Calls::page_leaves(const Actor& actor, const CallId& call, Reply reply) {
  parts_->ask(call, command::PageLeaves{}, actor, std::move(reply));
}

SignalOutcome Calls::signal(const Actor& actor, const CallId& call, const Signal& signal, Reply reply) {
  return relay().signal(actor, call, signal, std::move(reply));
}

void Calls::rejoin_calls(const Actor& actor) {
  if (const auto session = parts_->checked().shared.sessions().session(actor.user, actor.at))
    parts_->send_to_hosts(actor.user, *session, command::SessionCame{*session, sessions::Arrival::resumed});
}

void Calls::force_end(const CallId& call, call::EndReason reason, Reply reply) {
  parts_->ask(call, command::ForceEnd{reason}, {}, std::move(reply));
}

void Calls::expel(UserId user, call::EndReason reason) {
  Parts& parts = parts_->checked();
  parts.shared.note_expelled(user, reason, parts.ports.clock.now());
  for (const auto& call : parts.shared.calls_of(user)) parts.ask(call.id, command::ForceEnd{reason, user}, {}, {});
}

/// To the hosts, a login that acts without a socket is a session of REST. The id of a request's session is that of its login.
void Calls::login_ended(UserId user, std::optional<account::LoginId> login, Departure how) {
  LiveSession by_rest{.dialect = call::Dialect::rest};
  if (login) by_rest.id = SessionId(login->value());
  parts_->checked().send_to_hosts(user, by_rest, command::SessionGone{by_rest, how});
}

void Calls::left_conversation(const ConversationId& conversation, const std::vector<UserId>& users) {
  std::vector<Command::What> ends;
  for (const UserId user : users) ends.emplace_back(command::Kick{user});
  parts_->checked().end_parts(conversation, std::move(ends));
}

void Calls::conversation_ended(const ConversationId& conversation) {
  parts_->checked().end_parts(conversation, {command::ForceEnd{call::EndReason::admin}});
}

/// The store knows the call wherever it is hosted. A start that is not committed yet finds out for itself (store::PartsRefused).
void Calls::Parts::end_parts(const ConversationId& conversation, std::vector<Command::What> ends) {
  ports.store.active_in(conversation, [this, conversation, ends = std::move(ends)](const auto& active) {
    if (!active) {
      timers.at(ports.clock.now() + kRetry, [this, conversation, ends] { end_parts(conversation, ends); });
      return;
    }
    if (!*active) return;
    for (const Command::What& end : ends) ask(**active, end, {}, {});
  });
}

std::optional<CallId> Calls::call_between(UserId me, std::string_view peer) const {
  for (const auto& call : parts_->checked().shared.calls_of(me))
    if (call.peer == peer) return call.id;
  return std::nullopt;
}

std::optional<CallId> Calls::call_between(UserId me, UserId peer) const {
  for (const auto& call : parts_->checked().shared.calls_of(me))
    if (call.peer_id == peer && !call.peer.empty()) return call.id;
  return std::nullopt;
}

void Calls::ring_pushed(const CallId& call, UserId user) { parts_->ask(call, command::RingPushed{user}, {}, {}); }

bool Calls::is_in_a_call(UserId user) const { return !parts_->checked().shared.calls_of(user).empty(); }

// --- sessions ---

/// A page of seed 004 would show an end of hours ago as if it were of now.
void Calls::Parts::drop_old_news(UserId user, Ends& ends) {
  constexpr std::chrono::milliseconds kNews = std::chrono::minutes{2};
  std::erase_if(ends, [&](const store::OutboxEntry& end) {
    const bool old = end.at + kNews < ports.clock.wall();
    if (old) ports.outbox.settle(user, end.call);
    return old;
  });
}

void Calls::on_came(UserId user, const LiveSession& session, sessions::Arrival how) {
  Parts& parts = parts_->checked();
  if (how == sessions::Arrival::recovered)
    for (const auto& entry : parts.shared.unheard().take(user, parts.ports.clock.wall()))
      parts.ports.outbox.settle(user, entry.call);  // the recovered log contained this end
  const bool is_new = how == sessions::Arrival::fresh || how == sessions::Arrival::in_place;
  const bool needs_ends = is_new && !session.blank && lacks_snapshots(session.dialect);
  const auto calls = parts.shared.calls_of(user);  // first: an end is remembered before its call leaves them
  auto ends = needs_ends ? parts.shared.unheard().take_of_known_calls(user, parts.ports.clock.wall()) : Parts::Ends{};
  if (session.dialect == call::Dialect::chat) parts.drop_old_news(user, ends);
  const command::SessionCame came{session, how};
  if (!ends.empty()) return parts.resend_ends_before_rings(user, came, calls, ends);
  for (const auto& call : calls) parts.ask(call.id, came, actor_of(user, session), {});
}

void Calls::on_gone(UserId user, const LiveSession& session, Departure how) {
  Parts& parts = parts_->checked();
  if (parts.frozen && how == Departure::lost) return;
  parts.send_to_hosts(user, session, command::SessionGone{session, how});
}

/// Drops the signals of this session that still wait: they belong to a peer connection of a page that may be gone.
void Calls::on_unreachable(SessionAddress at) { relay().forget(at); }

void Calls::end_shown(UserId user, const CallId& call) {
  if (parts_->checked().shared.unheard().forget(user, call)) parts_->ports.outbox.settle(user, call);
}

// --- time ---

void Calls::restore(const std::vector<store::Orphan>& calls) {
  const Parts& parts = parts_->checked();
  for (const auto& orphan : calls)
    if (parts.shared.host_of(orphan.call.row.id) == parts.post.mine()) host().adopt(orphan);
}

void Calls::catch_up(const CallId& call) { host().catch_up(call); }
void Calls::catch_up_all() { host().catch_up_all(); }

void Calls::sweep_from_now_on() { parts_->checked().sweep_later(); }

// What one sweep ends at most. After a crash of a busy server the rest follows by later sweeps, fifteen seconds apart, so that
// the start of the next server is not all writes.
constexpr std::size_t kSweptAtOnce = 1000;
// Leave a deadline that has just passed to its timer, which waits for commands received before it.
constexpr Duration kSweepSlack = std::chrono::seconds{1};

/// R-001-44: ends overdue calls that have no timer here: inserted by hand, or of a server that died.
void Calls::Parts::sweep() {
  sweep_later();
  const WallTime when = ports.clock.wall() - kSweepSlack;
  // `this`: a store answers on the asking shard's thread, which runs no task any more once the shard has stopped
  // (base/mailbox.hpp).
  ports.store.overdue(when, kSweptAtOnce, [this](const Expected<std::vector<CallId>, store::Unavailable>& found) {
    if (!found || found->empty()) return;
    ports.log.info("overdue calls expired", {{"count", static_cast<std::int64_t>(found->size())}});
    for (const auto& call : *found) ask(call, command::Alarm{}, {}, {});
  });
}

std::optional<TimePoint> Calls::next_deadline() const {
  const Parts& parts = parts_->checked();
  return parts.frozen ? std::nullopt : parts.timers.next();
}
void Calls::on_time(TimePoint now) {
  Parts& parts = parts_->checked();
  if (!parts.frozen) parts.timers.run(now);
}
void Calls::drain() { parts_->checked().draining = true; }
void Calls::freeze() { parts_->checked().frozen = true; }
void Calls::forget_all() { host().forget_all(); }

void Calls::find_untended(std::function<void(const std::vector<CallId>&)> done) {
  const Parts& parts = parts_->checked();
  auto search =
      std::make_shared<Parts::UntendedSearch>(Parts::UntendedSearch{.asker = parts.post.mine(), .done = std::move(done)});
  parts.post.to(0, [search](Calls& first) { first.parts_->search_here(search); });
}

void Calls::Parts::search_here(const std::shared_ptr<UntendedSearch>& search) {
  for (const CallId& call : host.untended()) search->found.push_back(call);
  const auto next = static_cast<ShardIndex>(post.mine() + 1);
  if (next < shared.shards()) return post.to(next, [search](Calls& calls) { calls.parts_->search_here(search); });
  post.to(search->asker, [search](Calls&) { search->done(search->found); });
}

SignalRelay& Calls::relay() { return parts_->checked().relay; }
CallHost& Calls::host() { return parts_->checked().host; }
SignalRelay& ShardParts::relay(Calls& calls) { return calls.relay(); }
CallHost& ShardParts::host(Calls& calls) { return calls.host(); }

}  // namespace belfry::calls

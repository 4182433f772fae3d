// Calls: the use cases of calling, one per shard. Whoever speaks for a user (a socket of any dialect, a REST request) speaks to
// the Calls of its own shard; the call itself lives on its host shard (a hash of its id), where its commands run one at a
// time: decide (domain/call), commit (store), and only then tell (app/sessions). ICE candidates do not pass through the host:
// they go from session to session. Owned by main/, used only on its shard's thread; siblings are reached through Mailboxes. Not
// here: events, JSON, HTTP, sockets, who somebody is (app/accounts).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/calls/actor.hpp"
#include "app/calls/result.hpp"
#include "app/limits/sliding_window.hpp"
#include "app/sessions/shard_sessions.hpp"
#include "base/mailbox.hpp"
#include "base/time.hpp"
#include "domain/call/collision.hpp"
#include "store/call_store.hpp"
#include "store/nodes.hpp"

namespace belfry::calls {

class SharedCalls;
struct Ports;

using call::OnGlare;

struct StartCall {
  Actor caller{};
  UserId callee{};
  std::vector<UserId> more{};  // who else is called, in a call of more than two; no door makes one yet
  call::CallType media = call::CallType::audio;
  std::optional<std::uint32_t> ring_seconds{};  // 5 ... 180; none: the dialect's (SPEC C-01)
  std::optional<call::Ring> ring{};             // none: the dialect's (SPEC C-05)
  std::optional<OnGlare> glare{};               // none: the dialect's (SPEC X-05...07)
  call::Description offer{};
  std::string metadata = "{}";  // raw JSON object
  std::optional<store::IdempotencyClaim> claim{};
  /// The id to use; gateway/ may ask new_call_id() for it, to speak of the call while it is being made.
  std::optional<CallId> id{};
};

struct Signal {
  std::string_view kind;     // offer, answer, candidate, candidates_end, restart
  std::string_view payload;  // raw JSON
  std::uint32_t generation = 0;
  std::optional<UserId> to{};  // whom the client means; none: the other side. Anybody else is refused
};

/// call.media: what this side sends, and that media flows (SPEC X-15, T-21).
struct MediaReport {
  bool alive = false;
};

/// What became of a signal, as far as this shard can tell at once.
enum class Sent : std::uint8_t { passed, held, refused, asked };

class Calls final : public sessions::SessionListener {
 public:
  Calls(ShardIndex shard, SharedCalls& shared, const Ports& ports);
  ~Calls() override;
  Calls(const Calls&) = delete;
  Calls& operator=(const Calls&) = delete;

  // --- commands ------------------------------------------------------------------------------------------------------
  [[nodiscard]] CallId new_call_id();
  void start(StartCall call, Reply reply);
  /// How many starts this user has left.
  [[nodiscard]] limits::RateLimitStatus start_limit(UserId user) const;
  void accept(const Actor& actor, const CallId& call, call::Description answer, Reply reply);
  void reject(const Actor& actor, const CallId& call, Reply reply);
  /// The caller gives up, the callee refuses by the wrong button (T-11), or either ends it: what it means depends on the call.
  /// cancel() differs from end() in whom it refuses only: a call that is connected is not cancelled but ended all the same
  ///
  void cancel(const Actor& actor, const CallId& call, Reply reply);
  void end(const Actor& actor, const CallId& call, Reply reply);
  /// This device of the callee is really ringing (T-05).
  void ringing(const Actor& actor, const CallId& call, Reply reply);
  /// The caller's media is joined: ring now (T-06).
  void ready(const Actor& actor, const CallId& call, Reply reply);
  void media(const Actor& actor, const CallId& call, MediaReport report, Reply reply);
  /// Order is kept between two signals of one session.
  Sent signal(const Actor& actor, const CallId& call, const Signal& signal, Reply reply);
  /// Takes part again in the calls of this user whose session is away (SPEC X-17, `call.sync`, `session.resume`).
  void rejoin_calls(const Actor& actor);
  /// By the server: an administrator, a deactivated user (T-15, T-22). Nobody is asked.
  void force_end(const CallId& call, call::EndReason reason, Reply reply);
  /// Every active call of this user ends, also one that is being made.
  void expel(UserId user, call::EndReason reason);
  /// A start that was refused because its callee was not there and not known by then (T-04): for both histories.
  void note_attempt(UserId caller, UserId callee, call::CallType media);
  /// The active call of these two, for a dialect that knows its peer by name only.
  [[nodiscard]] std::optional<CallId> call_between(UserId me, std::string_view peer) const;

  /// A snapshot which said that this call has ended went out to a session of this user: nobody need tell them again.
  void end_shown(UserId user, const CallId& call);

  void on_came(UserId user, const LiveSession& session, sessions::Arrival how) override;
  void on_gone(UserId user, const LiveSession& session, Departure how) override;
  void on_unreachable(SessionAddress at) override;

  // --- time ----------------------------------------------------------------------------------------------------------
  /// Earliest moment at which on_time has something to do. May move with every command and mailbox task.
  [[nodiscard]] std::optional<TimePoint> next_deadline() const;
  void on_time(TimePoint now);
  /// Active calls whose server is gone, ours of the last run among them; each shard takes those whose host it is (X-21...X-24).
  void restore(const std::vector<store::Orphan>& calls);
  /// Another server left word that this call has ended, and a user of it is here; or it may have taken over all that were ours,
  /// because we were silent for too long.
  void catch_up(const CallId& call);
  void catch_up_all();
  /// On one shard only.
  void sweep_from_now_on();
  /// From now on starts are refused with `draining`; calls go on.
  void drain();
  /// The server closes its sockets: from now on lost ones and deadlines are ignored. Calls are left as kill -9
  /// would leave them, for the next start to go on with. What people still ask for is done.
  void freeze();
  /// POST /test/reset: no call was ever made. The store is emptied by others.
  void forget_all();

  /// The active calls which wait for a moment that nobody will tell them of, on any shard (SPEC I-2). `done` runs on ours.
  void find_untended(std::function<void(const std::vector<CallId>&)> done);

  /// For siblings only, on this shard's thread.
  class SignalRelay& relay();
  class CallHost& host();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace belfry::calls

// Calls: the use cases of calling; one per shard. Sockets of all dialects and REST requests call the Calls of their own shard.
// The call itself lives on its host shard (a hash of its id), where its commands run one at a time: decide (domain/call), commit
// (store), and only then notify (app/sessions). ICE candidates bypass the host and go from session to session. Owned by main/ and
// used only on its shard's thread; another shard's Calls get tasks through OnShards. Not here: events, JSON, HTTP,
// sockets, authentication (app/accounts).
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
#include "domain/call/enum_text.hpp"
#include "domain/conversation/conversation_id.hpp"
#include "store/call_store.hpp"
#include "store/nodes.hpp"

namespace belfry::calls {

class CallHost;
class SharedCalls;
class SignalRelay;
struct Ports;

using call::OnGlare;
using call::OnTakenOver;
using call::RingTargets;
using call::SignalKind;

using conversation::ConversationId;

/// The conversation that a start names. `as_group`: by a name that only a group has (J-2.1).
struct Place {
  enum class Named : std::uint8_t { as_conversation, as_group };
  ConversationId id{};
  Named named = Named::as_conversation;
};
/// A group call may have one callee; it has no recipient all the same.
enum class Form : std::uint8_t { of_two, group };

struct StartCall {
  Actor caller{};
  std::optional<UserId> callee{};                    // none: a place instead, or no user has the name that was dialled
  std::vector<UserId> more{};                        // further callees of a group call
  std::optional<Place> place{};                      // then Calls finds the callees there
  Form form = Form::of_two;                          // also a group call: a start with more than one callee
  std::vector<UserId> silent{};                      // callees not to ring: ring mode none (J-1.5), or blocked (J-1.7)
  std::optional<call::Provider> shown_token{};       // the provider of the media token that the start shows
  call::Provider provider = call::Provider::native;  // of the call; Calls decides it (J-8.1)
  std::vector<UserId> elsewhere{};                   // callees whose newest token for the place is of another provider
  call::CallType media = call::CallType::audio;
  std::optional<std::uint32_t> ring_seconds{};  // 5 ... 180; none: the dialect's (SPEC C-01)
  std::optional<call::RingPolicy> ring{};       // none: the dialect's (SPEC C-05)
  call::CallerMedia caller_media = call::CallerMedia::joins_later;
  RingTargets ring_targets = RingTargets::all;
  std::optional<OnGlare> glare{};  // none: the dialect's (SPEC X-05...07)
  OnTakenOver taken_over = OnTakenOver::fail;
  call::Description offer{};
  std::string metadata = "{}";  // raw JSON object
  std::optional<store::IdempotencyClaim> claim{};
  /// Writes the reply that is stored with the claim. Called on the host's shard; it may use nothing but its argument.
  std::function<store::GivenAnswer(const CallResult&)> write_reply{};
  /// The id to use. gateway/ takes one from new_call_id() if it must name the call before the start is committed.
  std::optional<CallId> id{};
};

[[nodiscard]] inline bool is_group(const StartCall& start) { return start.form == Form::group || !start.more.empty(); }

struct Signal {
  SignalKind kind{};
  std::string_view payload;  // raw JSON
  std::uint32_t generation = 0;
  std::optional<UserId> to{};  // the addressee; none: the peer. Must be another participant
};

/// call.media: whether media flows at this side (SPEC X-15, T-21), and what it sends (S5), if the client says so.
struct MediaReport {
  bool alive = false;
  std::optional<SentMedia> sent{};
};

/// The immediate outcome of a signal on this shard. `forwarded`: to the call's host, which decides.
enum class SignalOutcome : std::uint8_t { passed, held, refused, forwarded };

class Calls final : public sessions::SessionListener {
 public:
  Calls(ShardIndex shard, SharedCalls& shared, const Ports& ports);
  ~Calls() override;
  Calls(const Calls&) = delete;
  Calls& operator=(const Calls&) = delete;

  // --- commands ---
  [[nodiscard]] CallId new_call_id();
  void start(StartCall call, Reply reply);
  /// How many starts this user has left.
  [[nodiscard]] limits::RateLimitStatus start_limit(UserId user) const;
  void accept(const Actor& actor, const CallId& call, call::Description answer, Reply reply);
  void reject(const Actor& actor, const CallId& call, Reply reply);
  /// The caller gives up, the callee declines by ending (T-11), or either one ends the connected call: the call's state decides.
  /// cancel() and end() differ only in what they refuse; cancel() of a connected call ends it too.
  void cancel(const Actor& actor, const CallId& call, Reply reply);
  void end(const Actor& actor, const CallId& call, Reply reply);
  /// Leaves a group call to the others, also as its host (S17).
  void leave(const Actor& actor, const CallId& call, Reply reply);
  /// This device of the callee has started to ring (T-05).
  void ringing(const Actor& actor, const CallId& call, Reply reply);
  /// The caller's media has joined: ring now (T-06).
  void ready(const Actor& actor, const CallId& call, Reply reply);
  void media(const Actor& actor, const CallId& call, MediaReport report, Reply reply);
  /// The page of this participant is closing, or reloads (S9).
  void page_leaves(const Actor& actor, const CallId& call, Reply reply);
  /// Two signals of one session keep their order.
  SignalOutcome signal(const Actor& actor, const CallId& call, const Signal& signal, Reply reply);
  /// This session takes over the user's part in calls in which the user's session is away (SPEC X-17, `call.sync`,
  /// `session.resume`).
  void rejoin_calls(const Actor& actor);
  /// Ends the call for an administrator or because a user was deactivated (T-15, T-22), without checking rights.
  void force_end(const CallId& call, call::EndReason reason, Reply reply);
  /// Ends every active call of this user, including one whose start is not committed yet.
  void expel(UserId user, call::EndReason reason);
  /// This login of the user has ended: who acts in a call by it without a socket leaves the call. Their sockets are reported by
  /// on_gone(). nullopt: the user has no login left, and whoever acts without a socket leaves. `how`: `left` or `revoked` (T-22).
  void login_ended(UserId user, std::optional<account::LoginId> login, Departure how);
  /// These users are no longer in the conversation: they leave its active call.
  void left_conversation(const ConversationId& conversation, const std::vector<UserId>& users);
  /// The conversation was deleted, and its call ends with it.
  void conversation_ended(const ConversationId& conversation);
  /// The active call of these two, for a dialect that names its peer only. `peer`: the username, or the id.
  [[nodiscard]] std::optional<CallId> call_between(UserId me, std::string_view peer) const;
  [[nodiscard]] std::optional<CallId> call_between(UserId me, UserId peer) const;

  [[nodiscard]] bool is_in_a_call(UserId user) const;

  /// A provider has accepted a push that rings this user in the call (J-2.13). Does nothing if this server does not host the
  /// call.
  void ring_pushed(const CallId& call, UserId user);

  /// A session of this user was sent a snapshot that shows the end of this call: do not send the end again.
  void end_shown(UserId user, const CallId& call);

  void on_came(UserId user, const LiveSession& session, sessions::Arrival how) override;
  void on_gone(UserId user, const LiveSession& session, Departure how) override;
  void on_unreachable(SessionAddress at) override;

  // --- time ---
  /// The earliest time at which on_time() has something to do. Any command or mailbox task may change it.
  [[nodiscard]] std::optional<TimePoint> next_deadline() const;
  void on_time(TimePoint now);
  /// Active calls whose server is gone, including our own of the previous run; each shard takes those that it hosts
  /// (X-21...X-24).
  void restore(const std::vector<store::Orphan>& calls);
  /// Another server ended this call and a user of it is connected here; or another server may have taken over all our calls,
  /// because we sent no heartbeat for too long.
  void catch_up(const CallId& call);
  void catch_up_all();
  /// Call it on one shard only.
  void sweep_from_now_on();
  /// From now on, starts are refused with `draining`; calls go on.
  void drain();
  /// The server is about to close its sockets: ignore lost sessions and deadlines from now on. Calls stay as after a kill -9, for
  /// the next start to continue. Commands of clients are still run.
  void freeze();
  /// POST /test/reset: forgets all calls. The caller empties the store.
  void forget_all();

  /// Finds active calls, on any shard, that wait for a deadline without an alarm (SPEC I-2). `done` runs on this shard.
  void find_untended(std::function<void(const std::vector<CallId>&)> done);

 private:
  friend class ShardParts;  // post.hpp
  [[nodiscard]] SignalRelay& relay();
  [[nodiscard]] CallHost& host();

  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace belfry::calls

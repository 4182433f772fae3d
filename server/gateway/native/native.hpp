// The native dialect (SPEC 2.4): client events become commands to app/calls, and notices become numbered events. One per shard. A
// socket is a session of its user from `session.ready` on. A socket without a credential (open mode) may connect, but all events
// about calls are refused to it.
//
// The events of a session are numbered without gaps (`seq`) and kept while its socket is suspended. A new socket that resumes an
// earlier session (`session.resume`) continues the numbers after the last one that the client has seen, and gets a snapshot
// instead of the events in between.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <boost/unordered/unordered_flat_map.hpp>

#include "app/accounts/external_users.hpp"
#include "app/limits/reads_in_flight.hpp"
#include "base/clock.hpp"
#include "base/own_thread.hpp"
#include "gateway/dialects/dialect.hpp"
#include "gateway/dialects/ports.hpp"
#include "gateway/native/payload.hpp"
#include "gateway/native/session.hpp"
#include "gateway/native/web_payload.hpp"
#include "store/account_store.hpp"
#include "store/call_archive.hpp"
#include "wire/json/writer.hpp"

namespace belfry::gateway {

struct NativeSettings {
  RateLimit signals{.max = 200, .window = std::chrono::seconds{10}};
  /// The limit of call.media and call.quality together, because each may need a write.
  RateLimit reports{.max = 60, .window = std::chrono::minutes{1}};
  /// A snapshot includes calls that ended this long ago: as long as a lost socket may recover.
  Duration recently_ended = std::chrono::seconds{120};
};

class Native final : public Dialect {
 public:
  /// All must outlive this object. `ensure_known`: accounts::ExternalUsers.
  struct Ports {
    CallsPort& calls;
    SocketIn& in;
    SocketOut& out;
    store::CallStore& store;
    store::CallArchive& archive;
    const Clock& clock;
    accounts::EnsureKnown ensure_known{};
    limits::ReadsInFlight* reads = nullptr;  // null: no limit
  };
  static constexpr std::array<std::string_view, 1> kStartingEvents = {"call.start"};
  Native(const NativeSettings& settings, Ports ports);
  ~Native() override;

  void on_socket(SocketContext& context) override;
  void on_hello(SocketContext& context, const Hello& hello) override;
  void on_event(SocketContext& context, const protocol::IncomingEvent& event) override;
  void on_unreadable_event(SocketContext& context, const protocol::UnreadableEvent& event) override;
  void on_not_kept(SocketContext& context, const protocol::IncomingEvent& event, NotKept why) override;
  void on_suspended(SocketContext& context) override;
  std::string on_detached(SocketContext& context, ShardIndex to) override;
  void on_recovered(SocketContext& context, SessionAddress before, std::string state) override;
  void on_gone(SocketContext& context, sessions::Departure how) override;
  void notify(SocketContext& context, const Notice& notice) override;
  void pass_signal(SocketContext& context, const calls::SignalArrived& signal) override;

  /// SIGTERM: notifies every session, and every session that connects later.
  void drain();
  [[nodiscard]] std::size_t count() const { return sessions_.size(); }

 private:
  using Event = protocol::IncomingEvent;
  /// One client event, and the session that gets its acknowledgement.
  struct Asked {
    NativeSession& session;
    const Event& event;
    [[nodiscard]] const SocketContext& context() const { return *session.context; }
  };
  struct Row {
    std::string_view name;
    void (Native::*act)(const Asked&);
  };
  static const Row kEvents[12];
  static const Row kWebEvents[9];  // web_aliases.cpp
  [[nodiscard]] static const Row* row_of(const NativeSession& session, std::string_view event);

  // native.cpp: sessions
  [[nodiscard]] NativeSession* find(SessionAddress at);
  NativeSession& place(SocketContext& context);
  void begin(NativeSession& session, const std::optional<native::Resume>& wish);
  void enter(NativeSession& session, std::string_view username, const std::optional<native::Resume>& wish);
  enum class Resumption : std::uint8_t { not_wished, resumed, failed };
  void greet(NativeSession& session, Resumption resumption);
  [[nodiscard]] bool resume(SessionAddress at, const native::Resume& wish);
  [[nodiscard]] WallTime recently() const;
  void send_snapshot(SessionAddress at, calls::UserId user);
  void note_shown_ends(calls::UserId user, const std::vector<store::StoredCall>& shown);
  /// `write` adds members after the common ones. May end the session: a slow reader is closed.
  template <class Write>
  void emit(NativeSession& session, std::string_view event, const Write& write);
  void emit(NativeSession& session, std::string_view event) {
    emit(session, event, [](json::Writer&) {});
  }
  void append_head(NativeSession& session, json::Writer& json) const;

  // commands.cpp: client events
  void session_resume(const Asked& asked);
  void call_start(const Asked& asked);
  void call_ready(const Asked& asked);
  void call_ringing(const Asked& asked);
  void call_accept(const Asked& asked);
  void call_reject(const Asked& asked);
  void call_cancel(const Asked& asked);
  void call_end(const Asked& asked);
  void call_signal(const Asked& asked);
  void call_media(const Asked& asked);
  void call_quality(const Asked& asked);
  void call_sync(const Asked& asked);
  using Plain = void (CallsPort::*)(const calls::Actor&, const calls::CallId&, calls::Reply);
  void plain(const Asked& asked, Plain command);
  void hang_up(const Asked& asked, Plain command);
  using Answer = std::function<void(const std::string&)>;
  [[nodiscard]] Answer answer_to(const Asked& asked) const;
  /// An answer that counts as one of the user's open reads. nullopt: the user has too many, and the event has been answered.
  [[nodiscard]] std::optional<Answer> reading_answer_to(const Asked& asked) const;
  [[nodiscard]] calls::Reply reply_with_call(const Asked& asked) const;
  [[nodiscard]] bool may_join(const Asked& asked);
  struct Kind {
    std::string_view bucket, plural;
  };
  /// False: the session sent too many events of this kind, and the event has been answered.
  [[nodiscard]] bool admits(const Asked& asked, TokenBucket& used, const RateLimit& limit, Kind kind);
  /// Loads the call and continues if this user is in it; otherwise answers `to_strangers`.
  void look_up(const Asked& asked, const calls::CallId& call, calls::Refusal to_strangers,
               std::function<void(const store::StoredCall&, const Answer&)> found);
  void current(calls::UserId user, Answer answer, std::function<void(const std::string&, const Answer&)> with_snapshot);

  // render.cpp: one `send` per notice
  void send_candidates(SessionAddress at, const calls::CallView& call, const account::Person& from,
                       const call::Description& description);
  void send_signal(NativeSession& session, const calls::SignalArrived& signal);
  void send(NativeSession& session, const calls::IncomingCall& notice);
  void send(NativeSession& session, const calls::Progress& notice);
  void send(NativeSession& session, const calls::CallAccepted& notice);
  void send(NativeSession& session, const calls::AnsweredElsewhere& notice);
  void send(NativeSession& session, const calls::DeclinedElsewhere& notice);
  void send(NativeSession& session, const calls::CallRejected& notice);
  void send(NativeSession& session, const calls::CallCancelled& notice);
  void send(NativeSession& session, const calls::CallMissed& notice);
  void send(NativeSession& session, const calls::CallEnded& notice);
  void send(NativeSession& session, const calls::PeerState& notice);
  void send(NativeSession& session, const calls::Glare& notice);
  void send(NativeSession& session, const sessions::Replaced& notice);
  void send(NativeSession& session, const sessions::LoginEnded& notice);

  // web_aliases.cpp: the further events of web sessions
  void web_offer(const Asked& asked) { web_signal(asked, "offer"); }
  void web_answer(const Asked& asked) { web_signal(asked, "answer"); }
  void web_candidate(const Asked& asked) { web_signal(asked, "candidate"); }
  void web_signal(const Asked& asked, std::string_view kind);
  void web_peer_event(const Asked& asked);
  void web_call_ended(const Asked& asked);
  void web_heartbeat(const Asked& asked);
  void signal_to_peer(const Asked& asked, const native::WebTarget& target, const calls::Signal& signal);
  void refuse_web(const Asked& asked, const Failure& failure);
  void send_web_error(SessionAddress at, const Failure& failure);
  void greet_web(SessionAddress at);
  void tell_web(NativeSession& session, const Notice& notice);
  void send_web_response(NativeSession& session, const calls::CallView& call, std::string_view response);
  void send_web_end(NativeSession& session, const calls::CallView& call);
  void catch_up_web(SessionAddress at, const std::vector<store::StoredCall>& shown);
  void send_web_description(SessionAddress at, const calls::CallView& call, const account::Person& from, std::string_view kind,
                            const call::Description& description);
  /// nullptr: the session has ended meanwhile.
  NativeSession* pass_to_web(NativeSession& session, const calls::SignalArrived& signal);

  [[no_unique_address]] OwnThread own_thread_;
  const NativeSettings& settings_;
  Ports ports_;
  boost::unordered_flat_map<std::uint32_t, std::unique_ptr<NativeSession>> sessions_;  // by socket slot
  bool draining_ = false;
};

template <class Write>
void Native::emit(NativeSession& session, std::string_view event, const Write& write) {
  std::string payload;
  json::Writer json(payload);
  if (!session.greeted) {
    write(json);
    return session.held.emplace_back(event, std::move(payload)), void();
  }
  append_head(session, json.open_object());
  write(json);
  json.close_object();
  const std::string_view pieces[] = {payload};
  ports_.out.emit(session.context->at, event, pieces);
}

}  // namespace belfry::gateway

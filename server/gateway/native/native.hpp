// The native dialect (SPEC 2.4): client events become commands to app/calls, and notices become numbered events. One per shard. A
// socket is a session of its user as soon as the user is known, just before `session.ready`; notices that come in between are
// sent after it. A socket without a credential (open mode) may connect, but all events about calls are refused to it.
//
// The events of a session are numbered without gaps (`seq`) and kept while its socket is suspended. A new socket that resumes an
// earlier session (`session.resume`) continues the numbers after the last one that the client has seen, and gets a snapshot
// instead of the events in between.
//
// Here: how a session begins, is suspended, moves and ends. What it sends is in commands.hpp and web_commands.hpp, what it is
// sent in notices.hpp and web_notices.hpp; chat_commands.hpp and chat_notices.hpp are about messages,
// presence_commands.hpp and presence_notices.hpp about who is online.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "gateway/dialects/dialect.hpp"
#include "gateway/native/chat_commands.hpp"
#include "gateway/native/commands.hpp"
#include "gateway/native/limits.hpp"
#include "gateway/native/notices.hpp"
#include "gateway/native/ports.hpp"
#include "gateway/native/presence_commands.hpp"
#include "gateway/native/presence_notices.hpp"
#include "gateway/native/rejoining.hpp"
#include "gateway/native/sessions.hpp"
#include "gateway/native/web_commands.hpp"
#include "gateway/native/web_notices.hpp"

namespace belfry::gateway {

class Native final : public Dialect, public presence::Watchers {
 public:
  static constexpr std::array<std::string_view, 1> kStartingEvents = {"call.start"};
  Native(const NativeSettings& settings, NativePorts ports) : settings_(settings), ports_(std::move(ports)) {}
  Native(const Native&) = delete;  // its parts refer to each other
  Native& operator=(const Native&) = delete;

  void on_socket(SocketContext& context) override;
  void on_hello(SocketContext& context, const Hello& hello) override;
  void on_event(SocketContext& context, const protocol::IncomingEvent& event) override;
  void on_unreadable_event(SocketContext& context, const protocol::UnreadableEvent& event) override;
  void on_not_queued(SocketContext& context, const protocol::IncomingEvent& event, NotQueued why) override;
  void on_suspended(SocketContext& context) override;
  std::string on_detached(SocketContext& context, ShardIndex to) override;
  void on_recovered(SocketContext& context, SessionAddress before, std::string state) override;
  void on_gone(SocketContext& context, sessions::Departure how) override;
  void notify(SocketContext& context, const Notice& notice) override;
  void pass_signal(SocketContext& context, const calls::SignalArrived& signal) override;

  void tell(SessionAddress to, std::uint64_t version, std::string_view update) override {
    presence_notices_.tell(to, version, update);
  }

  /// Sends `users.changed` to the sessions that asked for it; `members` are of PeopleNews.
  void tell_of_people(std::string_view members);

  /// SIGTERM: notifies every session, and every session that connects later.
  void drain();
  [[nodiscard]] std::size_t count() const { return sessions_.count(); }

 private:
  void begin(NativeSession& session, const std::optional<native::Resume>& resume);
  void enter(NativeSession& session, std::string_view username, const std::optional<native::Resume>& resume);
  enum class Resumption : std::uint8_t { not_asked_for, resumed, failed };
  void greet(NativeSession& session, Resumption resumption);
  void refuse(const native::ClientEvent& client_event, const Failure& failure);

  const NativeSettings& settings_;
  const NativePorts ports_;
  native::Sessions sessions_{ports_.out, ports_.clock};
  native::Notices notices_{ports_, sessions_};
  native::WebNotices web_notices_{ports_, sessions_, notices_};
  native::PresenceNotices presence_notices_{ports_, sessions_};
  native::Rejoining rejoining_{settings_, ports_, sessions_, web_notices_, presence_notices_};
  native::Limits limits_{settings_, ports_, sessions_};
  native::Commands commands_{ports_, limits_, rejoining_};
  native::ChatCommands chat_commands_{ports_, limits_};
  native::PresenceCommands presence_commands_{ports_, limits_};
  native::WebCommands web_commands_{ports_, limits_, web_notices_};
  bool draining_ = false;
};

}  // namespace belfry::gateway

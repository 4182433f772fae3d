// SocketRouter: where sockets come in and notices go out, one per shard. It checks the credential of a new socket (one verifier,
// three carriers: SPEC C-14), has its dialect chosen (dialect_registry.hpp), keeps its context, and hands on each event and each
// notice to the dialect of that context. It does not interpret events. Events that come too early, while its user
// is still looked up in the store or its hang-up is not decided, wait here, in one queue for all dialects (SocketIn,
// socket_state.hpp).
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "app/accounts/identity.hpp"
#include "app/sessions/delivery.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/own_thread.hpp"
#include "base/random.hpp"
#include "gateway/dialects/dialect.hpp"
#include "gateway/dialects/dialect_registry.hpp"
#include "gateway/dialects/event_queue.hpp"
#include "gateway/dialects/ports.hpp"
#include "gateway/dialects/socket_state.hpp"
#include "gateway/json/errors.hpp"
#include "protocol/cors.hpp"

namespace belfry::gateway {

/// Whether a socket needs a credential (SPEC C-14). `open` is seed 003's trial mode.
enum class Admission : std::uint8_t { credential_required, open };

struct SocketRouterSettings {
  Admission admission = Admission::credential_required;
  /// The origins whose pages may use our cookie. Only this list and our own host count, in every mode: a browser sends the cookie
  /// by itself, so accepting any origin would let any page act for its visitor.
  protocol::CorsPolicy origins{};
  /// Of a socket with a credential that names none (W-000-05).
  std::string_view default_dialect = "native";
  /// Of a socket that names none, but a user in the query (W-004-06).
  std::string_view named_user_dialect = "chat";
};

/// For /metrics.
struct SocketCounts {
  std::uint64_t events = 0;
  std::uint64_t refused_connects = 0;
};

class SocketRouter : public protocol::SocketHandler, public sessions::SessionPort, public SocketIn {
 public:
  /// All must outlive the router.
  struct Ports {
    const accounts::Verifier& verifier;
    const Clock& clock;
    Random& random;
    Log& log;
  };
  SocketRouter(const SocketRouterSettings& settings, const Ports& ports) : settings_(settings), ports_(ports) {}
  /// Call it once, before the first socket. The dialects must outlive the router's last socket.
  void serve(std::vector<DialectEntry> dialects) {
    dialects_ = DialectRegistry(std::move(dialects), settings_.default_dialect, settings_.named_user_dialect);
  }
  [[nodiscard]] const SocketCounts& counts() const { return counts_; }

  Expected<void, protocol::ConnectRefusal> on_connecting(const protocol::ConnectRequest& request) override;
  Expected<std::string, protocol::ConnectRefusal> on_returning(const protocol::ConnectRequest& request) override;
  bool owns(SessionAddress socket, std::string_view who) override;
  void on_connected(SessionAddress socket, const protocol::ConnectRequest& request) override;
  void on_event(SessionAddress socket, const protocol::IncomingEvent& event) override;
  void on_unreadable_event(SessionAddress socket, const protocol::UnreadableEvent& event) override;
  void on_suspended(SessionAddress socket) override;
  std::string on_detached(SessionAddress socket, ShardIndex to, std::string_view who) override;
  void on_recovered(SessionAddress socket, SessionAddress before, std::string state) override;
  void on_disconnected(SessionAddress socket, protocol::DisconnectReason reason) override;

  void notify(SessionAddress to, const Notice& notice) override;
  void pass_signal(SessionAddress to, const calls::SignalArrived& signal) override;

  void hold(SessionAddress socket) override;
  void release(SessionAddress socket) override;
  void hang_up_begins(SessionAddress socket) override;
  void hang_up_decided(SessionAddress socket) override;

 private:
  struct Entry {
    SocketContext context{};
    DialectChoice choice{};
    SocketState state{};
  };
  /// What on_connecting decided, for the on_connected that follows it.
  struct Admitted {
    std::unique_ptr<accounts::Identity> identity{};
    DialectChoice choice{};
    bool web = false;  // Hello::web
  };
  using Refusal = protocol::ConnectRefusal;

  [[nodiscard]] Expected<void, Refusal> identify(const protocol::ConnectRequest& request);
  [[nodiscard]] bool speaks_for_named_user(const protocol::ConnectRequest& request) const;
  [[nodiscard]] Refusal unauthenticated(ApiError why);
  [[nodiscard]] Entry* find(SessionAddress socket);
  Entry& place(SessionAddress socket);
  [[nodiscard]] Dialect* dialect_of(const Entry& entry) const { return dialects_.dialect_of(entry.choice); }
  /// nullptr: the socket is gone.
  [[nodiscard]] Entry* choose_dialect(SessionAddress socket, std::string_view event);
  void set_choice(Entry& entry, DialectChoice choice);
  void pass_on(Entry& entry, const protocol::IncomingEvent& event);
  void enqueue(Entry& entry, const protocol::IncomingEvent& event);
  void replay_queue(SessionAddress socket);
  void drop_queue(Entry& entry);

  [[no_unique_address]] OwnThread own_thread_;
  const SocketRouterSettings& settings_;
  Ports ports_;
  DialectRegistry dialects_;
  std::deque<Entry> entries_;                                    // by socket slot; an entry whose context has no address is free
  boost::unordered_flat_map<std::uint32_t, EventQueue> queues_;  // by socket slot, of those whose events wait
  Admitted admitted_;
  SocketCounts counts_;
};

}  // namespace belfry::gateway

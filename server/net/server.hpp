// Server: listeners, connections, TLS, timers and mailboxes for N shards, each a thread with one epoll reactor and its own
// connections. What bytes mean is the business of the protocol::Handler that main/'s factory makes for each shard.
// Only this library has sockets to clients and the clock that shards go by (ARCHITECTURE 3.4, 3.7). Adapters have their own
// connections to what they adapt; adapters/postgres also a timer for each question, and adapters/logging the time of a record.
//
// Hazard: with private_descriptors each shard thread has its own descriptor table, copied when the thread starts. What a
// shard's thread opens, only threads which that thread starts can use; what other threads open later, no shard can use.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/expected.hpp"
#include "base/log.hpp"
#include "base/mailbox.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "net/address_census.hpp"
#include "net/counters.hpp"
#include "net/tls.hpp"
#include "protocol/link.hpp"

namespace belfry::net {

struct ServerConfig {
  std::string host = "127.0.0.1";  // an address or a name; "*" is every address, and so is "::" where IPv6 is on
  std::uint16_t port = 3000;       // 0: a free one, see Server::port()
  unsigned threads = 1;
  /// RLIMIT_NOFILE then holds for each shard instead of for all together.
  bool private_descriptors = false;
  std::optional<TlsFiles> tls;
  /// SPEC 0: more unsent bytes than this close a connection as a slow reader.
  std::size_t max_unsent = 4 * 1024 * 1024;
  /// A connection of which nothing has left for this long, though something is unsent, is closed as a slow reader: as long as a
  /// phone may be in a tunnel (connected_grace). It is noticed up to a quarter of this time later.
  Duration unsent_timeout = std::chrono::seconds(30);
  /// With more unsent than this the next request of a connection waits, and what follows it is not received: a peer that
  /// pipelines requests and does not read costs us this, one answer more, and one read buffer of requests. It is as much as one
  /// send() to a fast reader takes, so that such a one is not slowed down.
  std::size_t enough_unsent = 64 * 1024;
  /// A connection with this much unread is not read until its Handler uses some up: what a peer may pile up behind a request
  /// that is not answered yet. Must exceed the longest message or body that protocol/ waits for, chunk sizes included, else
  /// both wait until a time-out: twice EngineSettings::max_payload and 64 KiB is right.
  std::size_t max_unread = 3 * 1024 * 1024;
  /// What is unread and unsent of all connections together. Beyond it, connections with more than a little of it are closed: half
  /// the memory of a server with 1 GiB.
  std::size_t max_kept = 512 * 1024 * 1024;
  AddressLimits per_address{};
  /// After it, what has not drained is dropped. An answer that is under way takes seconds at most, even to a slow phone.
  Duration drain_deadline = std::chrono::seconds(10);
  /// First byte and TLS handshake, on a TLS listener: as long as a request head may take (HttpSettings::head_timeout), for the
  /// same slow phones.
  Duration handshake_deadline = std::chrono::seconds(10);
  /// RFC 9112 9.6: close in stages. Closing with unread input resets the connection, and the peer may see the reset before our
  /// last bytes. So we wait this long for its end after ours.
  Duration linger_time = std::chrono::seconds(2);
  /// listen(2): connections that wait for accept(). When all clients come back after a restart they come within a second; the
  /// kernel cuts this to net.core.somaxconn, 4096 since Linux 5.4.
  int accept_backlog = 4096;
};

/// Called once by open(), on its caller's thread, before any shard's thread exists: what threads of its own will post to the
/// mailboxes is made here, with descriptors that every shard may use. The error ends open().
using Preparation = std::function<Expected<void, std::string>(Mailboxes&)>;

/// What a shard's Handler is built upon. All of it outlives the Handler; `mailboxes` lives as long as the Server.
struct ShardContext {
  ShardIndex index;
  protocol::Link& link;
  Mailboxes& mailboxes;
  const Clock& clock;
  Random& random;
};

/// Called on the shard's own thread at its start, in index order, one after the other, before any connection is accepted.
/// The Handler is destroyed on that thread at the end. May throw: open() then fails with what().
using HandlerFactory = std::function<std::unique_ptr<protocol::Handler>(const ShardContext&)>;

class Server {
 public:
  /// Listens on every shard but accepts no connection before go(): clients wait in the kernel's queue. So the owner can store the
  /// Server where others look for it, and post to the mailboxes what must be done before the first request.
  /// The error says what to do about it. `log` must outlive the Server. Ignores SIGPIPE from now on.
  static Expected<std::unique_ptr<Server>, std::string> open(ServerConfig config, const HandlerFactory& factory, Log& log,
                                                             const Preparation& prepare = {});
  /// Sets the shards going: first what was posted to them, then connections. Once, on the thread that called open().
  void go();
  /// open() and go().
  static Expected<std::unique_ptr<Server>, std::string> start(ServerConfig config, const HandlerFactory& factory, Log& log,
                                                              const Preparation& prepare = {});
  /// Stops at once and joins.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  /// For tasks from threads that are no shard (store, pushes). They must stop before the Server dies.
  [[nodiscard]] Mailboxes& mailboxes();
  [[nodiscard]] NetStats stats() const;

  // --- any thread, not a signal handler ---
  /// Stops accepting, lets each Handler drain, and ends all shards together when no connection is left or the deadline has come.
  void begin_drain();
  void stop_now();

  /// Waits until all shards have ended.
  void join();

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace belfry::net

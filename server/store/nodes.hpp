// Nodes: the servers on one database, and which server owns which calls. A server owns the calls that it committed last; no other
// server touches them while it sends heartbeats. Table `nodes`: id, heartbeatAt, stoppedAt; on a database that servers share also
// seenAt (the database's clock) and process.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "store/call_row.hpp"
#include "store/done.hpp"

namespace belfry::store {

/// A server without a heartbeat for this long counts as gone (SPEC X-22). A shorter time would mistake a busy server for a dead
/// one.
constexpr Duration kNodeLapses = std::chrono::seconds{5};

/// An active call whose server is gone.
struct Orphan {
  StoredCall call{};
  WallTime last_alive{};  // of the server that owned it: becomes `endedAt` if no participant returns
};

struct TakenOver {
  std::vector<Orphan> calls{};
  std::optional<WallTime> last_heartbeat{};  // the newest of any other server
  bool was_taken_for_gone = false;           // another server counted us as gone since, and may have taken our calls
  std::size_t released = 0;                  // entries of the outbox that servers which are gone had claimed; due now
};

/// What a server's silence of kNodeLapses means. After a database outage it means nothing, because no server could reach the
/// database.
enum class Silence : std::uint8_t { means_gone, is_forgiven };

class Nodes {
 public:
  virtual ~Nodes() = default;
  /// Records that this server is alive. `now` is the domain's time.
  virtual void heartbeat(WallTime now) = 0;
  /// Records an orderly stop: this server has sent the notices of everything that it committed. What it had claimed of the outbox
  /// is due at once for the other servers.
  virtual void stopped(WallTime now) = 0;
  /// Takes over the active calls of servers that are gone, at most `limit`, oldest first; only one server gets each call. Adds to
  /// the outbox the ends that those servers committed in their last seconds, because they may have notified nobody. Releases
  /// what those servers had claimed of the outbox, and nothing that a living server has claimed. Also answers whether another
  /// server has taken our calls meanwhile.
  virtual void take_over(std::size_t limit, Silence silence, Done<Expected<TakenOver, Unavailable>> done) = 0;
};

}  // namespace belfry::store

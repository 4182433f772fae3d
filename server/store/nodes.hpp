// Nodes: the servers on one database, and which server tends which calls. A server tends the calls it committed last; no other
// server touches them while it gives signs of life. Table `nodes`: id, heartbeatAt, stoppedAt, and on a database that servers
// share seenAt (the database's clock) and process.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "store/call_row.hpp"
#include "store/done.hpp"

namespace belfry::store {

/// Silence for so long means that a server is gone (SPEC X-22). Shorter would take a busy one for a dead one.
constexpr Duration kNodeLapses = std::chrono::seconds{5};

/// An active call that no living server tends.
struct Orphan {
  StoredCall call{};
  WallTime last_alive{};  // of the server that tended it: becomes `endedAt` if no participant returns
};

struct TakenOver {
  std::vector<Orphan> calls{};
  std::optional<WallTime> last_heartbeat{};  // the newest of any other server
  bool was_taken_for_gone = false;           // others took us for gone since our last sign of life, and may have our calls
};

/// How to take a server's silence of kNodeLapses. After an outage of the database it is forgiven: no server could reach it.
enum class Silence : std::uint8_t { means_gone, is_forgiven };

class Nodes {
 public:
  virtual ~Nodes() = default;
  /// A sign of life of this server. `now` is the domain's time.
  virtual void heartbeat(WallTime now) = 0;
  /// This server stops in good order: it has notified everybody of all that it committed.
  virtual void stopped(WallTime now) = 0;
  /// Makes the active calls of servers that are gone ours, at most `limit`, oldest first, and puts into the outbox the ends which
  /// those servers committed in their last seconds, perhaps without notifying anybody. A call is given to one server only. Also
  /// answers whether others have taken ours meanwhile.
  virtual void take_over(std::size_t limit, Silence silence, Done<Expected<TakenOver, Unavailable>> done) = 0;
};

}  // namespace belfry::store

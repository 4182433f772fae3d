// Nodes: the servers on one database, and whose calls are whose. A server tends the calls it committed last; nobody else touches
// them while it gives signs of life. Table `nodes`: id, heartbeatAt, stoppedAt, and on a database that servers share seenAt (the
// database's clock) and process.
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
  WallTime last_alive{};  // of the server that tended it: `endedAt` of a call which nobody resumes
};

struct TakenOver {
  std::vector<Orphan> calls{};
  std::optional<WallTime> last_heartbeat{};  // the newest of any other server
  bool was_buried = false;                   // since our last sign of life others took us for gone: our calls may be theirs now
};

/// What it means that a server has not given a sign of life for kNodeLapses. While the database was away nobody could.
enum class Silence : std::uint8_t { means_gone, is_forgiven };

class Nodes {
 public:
  virtual ~Nodes() = default;
  /// A sign of life of this server. `now` is the domain's time.
  virtual void heartbeat(WallTime now) = 0;
  /// Its last word: all that it committed has been told.
  virtual void stopped(WallTime now) = 0;
  /// Makes the active calls of servers that are gone ours, at most `limit`, oldest first, and puts into the outbox the ends which
  /// those servers committed in their last seconds and may have told nobody. A call is given to one caller only. Tells too
  /// whether others have taken ours meanwhile.
  virtual void take_over(std::size_t limit, Silence silence, Done<Expected<TakenOver, Unavailable>> done) = 0;
};

}  // namespace belfry::store

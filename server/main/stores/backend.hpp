// Backend: the store that `database` names, whichever it is: sqlite:PATH, postgres://..., memory:. One per process, a Shelf per
// shard. Opened where net::Preparation says, before any shard runs; closed after the last shard has ended.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/expected.hpp"
#include "base/log.hpp"
#include "base/mailbox.hpp"
#include "store/account_store.hpp"
#include "store/call_archive.hpp"
#include "store/call_store.hpp"

namespace belfry {

/// One shard's way to everything that is kept.
struct Shelf {
  store::CallStore& calls;
  store::CallArchive& archive;
  store::AccountStore& accounts;
};

class Backend {
 public:
  virtual ~Backend() = default;
  [[nodiscard]] virtual Shelf shelf(ShardIndex shard) = 0;
  /// Until every answer has been posted. Not for shards.
  virtual void wait_for_all() = 0;
};

/// Brings the schema up to date. The error is for the operator.
[[nodiscard]] Expected<std::unique_ptr<Backend>, std::string> open_backend(const std::string& database, Mailboxes& mailboxes,
                                                                           WallTime now, Log& log);

/// What a restarted server must know before its first shard runs (X-23, X-24, revoked credentials).
struct Remembered {
  std::vector<store::StoredCall> active;
  std::optional<WallTime> last_alive;
  store::Standing standing;
};
[[nodiscard]] Expected<Remembered, std::string> recall(const std::string& database, WallTime now, Log& log);

}  // namespace belfry

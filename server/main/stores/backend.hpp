// Backend: the store that `database` names, whichever it is: sqlite:PATH, postgres://..., memory:. One per process, a StorePorts
// per shard. Opened where net::Preparation says, before any shard runs; closed after the last shard has ended.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/memory/tables.hpp"
#include "base/expected.hpp"
#include "base/log.hpp"
#include "base/mailbox.hpp"
#include "store/account_store.hpp"
#include "store/call_archive.hpp"
#include "store/call_store.hpp"
#include "store/due_entries.hpp"
#include "store/nodes.hpp"
#include "store/outbox.hpp"

namespace belfry {

/// One shard's way to everything that is kept.
struct StorePorts {
  store::CallStore& calls;
  store::CallArchive& archive;
  store::AccountStore& accounts;
  store::Outbox& outbox;
  store::Nodes& nodes;
  store::DueEntries& due_entries;
};

class Backend {
 public:
  virtual ~Backend() = default;
  [[nodiscard]] virtual StorePorts ports(ShardIndex shard) = 0;
  /// Until every answer has been posted. Not for shards.
  virtual void wait_for_all() = 0;
  /// Other servers may work on the same database.
  [[nodiscard]] virtual bool shared() const = 0;
};

/// A fresh machine has no data folder yet.
void make_folder_of(const std::string& file);
/// A new name for a process among those on the same database.
[[nodiscard]] Uuid make_node_id(WallTime now);
/// Brings the schema up to date. The error is for the operator. `tables`: what `memory:` names, so that a second Backend sees
/// what the first has stored; the caller owns them, and they outlive the Backend.
[[nodiscard]] Expected<std::unique_ptr<Backend>, std::string> open_backend(const std::string& database, memory::Tables& tables,
                                                                           const Uuid& node, Mailboxes& mailboxes, WallTime now,
                                                                           Log& log);

/// What a restarted server must know before its first shard runs (X-23, X-24, revoked credentials).
struct Remembered {
  store::TakenOver taken_over;
  std::vector<store::OutboxEntry> outbox;
  store::RevocationSnapshot revocations;
};
/// Takes over what no living server tends, and gives the first sign of life of `node`.
[[nodiscard]] Expected<Remembered, std::string> recall(const std::string& database, memory::Tables& tables, const Uuid& node,
                                                       WallTime now, Log& log);

}  // namespace belfry

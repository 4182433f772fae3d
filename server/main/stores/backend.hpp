// Backend: the store that `database` names: sqlite:PATH, postgres://..., memory:. One per process, with a StorePorts per shard.
// It is opened in net::Preparation, before any shard runs, and closed after the last shard has ended.
#pragma once

#include <cstdint>
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
#include "store/conversation_store.hpp"
#include "store/device_store.hpp"
#include "store/due_entries.hpp"
#include "store/file_store.hpp"
#include "store/message_store.hpp"
#include "store/nodes.hpp"
#include "store/outbox.hpp"

namespace belfry {

/// The ports of all stores, for one shard.
struct StorePorts {
  store::CallStore& calls;
  store::CallArchive& archive;
  store::AccountStore& accounts;
  store::Outbox& outbox;
  store::Nodes& nodes;
  store::DueEntries& due_entries;
  store::ConversationStore& conversations;
  store::DeviceStore& devices;
  store::MessageStore& messages;
  store::FileStore& files;
};

class Backend {
 public:
  /// Whether other servers may use the same database.
  enum class Sharing : std::uint8_t { alone, with_others };
  virtual ~Backend() = default;
  [[nodiscard]] virtual StorePorts ports(ShardIndex shard) = 0;
  /// Blocks until every answer has been posted. Never call it on a shard.
  virtual void wait_for_all() = 0;
  [[nodiscard]] virtual Sharing sharing() const = 0;
};

/// Creates the folder of `file` if it is missing, as on a new machine.
void make_folder_of(const std::string& file);
/// Brings the schema up to date. The error is for the operator. `tables`: what `memory:` names, so that a second Backend sees
/// what the first has stored; the caller owns them, and they outlive the Backend.
[[nodiscard]] Expected<std::unique_ptr<Backend>, std::string> open_backend(const std::string& database, memory::Tables& tables,
                                                                           const Uuid& node, Mailboxes& mailboxes, WallTime now,
                                                                           Log& log);

/// What a server must load before its first shard runs (X-23, X-24, revoked credentials).
struct Remembered {
  store::TakenOver taken_over;
  std::vector<store::OutboxEntry> outbox;
  store::RevocationSnapshot revocations;
};
/// What becomes of calls that no living server tends. A server of --role=token has no calls.
enum class OrphanedCalls : std::uint8_t { taken_over, left_alone };
/// Gives the first sign of life of `node`.
[[nodiscard]] Expected<Remembered, std::string> recall(const std::string& database, memory::Tables& tables, const Uuid& node,
                                                       WallTime now, OrphanedCalls orphans, Log& log);

}  // namespace belfry

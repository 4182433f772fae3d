// Stores: the ports of store/ on a database, for one shard.
#pragma once

#include <memory>
#include <utility>

#include "store/account_store.hpp"
#include "store/call_archive.hpp"
#include "store/conversation_store.hpp"
#include "store/device_store.hpp"
#include "store/due_entries.hpp"
#include "store/file_store.hpp"
#include "store/message_store.hpp"
#include "store/nodes.hpp"
#include "store/outbox.hpp"

namespace belfry::sql {

class Stores {
 public:
  [[nodiscard]] store::CallStore& calls() { return *ports_.calls; }
  [[nodiscard]] store::CallArchive& archive() { return *ports_.archive; }
  [[nodiscard]] store::AccountStore& accounts() { return *ports_.accounts; }
  [[nodiscard]] store::ConversationStore& conversations() { return *ports_.conversations; }
  [[nodiscard]] store::MessageStore& messages() { return *ports_.messages; }
  [[nodiscard]] store::FileStore& files() { return *ports_.files; }
  [[nodiscard]] store::DeviceStore& devices() { return *ports_.devices; }
  [[nodiscard]] store::Outbox& outbox() { return *ports_.outbox; }
  [[nodiscard]] store::DueEntries& due_entries() { return *ports_.due_entries; }
  [[nodiscard]] store::Nodes& nodes() { return *ports_.nodes; }

 protected:
  struct Ports {
    std::unique_ptr<store::CallStore> calls{};
    std::unique_ptr<store::CallArchive> archive{};
    std::unique_ptr<store::AccountStore> accounts{};
    std::unique_ptr<store::ConversationStore> conversations{};
    std::unique_ptr<store::MessageStore> messages{};
    std::unique_ptr<store::FileStore> files{};
    std::unique_ptr<store::DeviceStore> devices{};
    std::unique_ptr<store::Outbox> outbox{};
    std::unique_ptr<store::DueEntries> due_entries{};
    std::unique_ptr<store::Nodes> nodes{};
  };
  explicit Stores(Ports ports) : ports_(std::move(ports)) {}

 private:
  Ports ports_;
};

}  // namespace belfry::sql

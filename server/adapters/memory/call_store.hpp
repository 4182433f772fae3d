// The call store without a disk: for tests, for trying out, and as the model which other stores are held against. CallTable
// is what all shards share; CallStore is one shard's way to it. A transition is decided under one lock and answered at once.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>

#include "app/ports.hpp"
#include "base/guarded.hpp"

namespace belfry::memory {

class CallTable {
 public:
  [[nodiscard]] app::CommitResult apply(app::Transition transition);
  [[nodiscard]] std::optional<app::CallRow> find(const oldcall::CallId& id);
  [[nodiscard]] std::size_t slots_taken();

 private:
  struct IdHash {
    std::size_t operator()(const oldcall::CallId& id) const noexcept;
  };
  struct Tables {
    std::unordered_map<oldcall::CallId, app::CallRow, IdHash> active;
    std::unordered_map<oldcall::UserName, oldcall::CallId> slots;
  };
  static app::CommitResult apply(Tables& tables, app::Transition transition);

  Guarded<Tables> tables_;
};

class CallStore : public app::CallStore {
 public:
  explicit CallStore(CallTable& table) : table_(table) {}
  void commit(app::Transition transition, std::function<void(const app::CommitResult&)> done) override;

 private:
  CallTable& table_;
};

}  // namespace belfry::memory

// BlockingStore: a database opened for one command, which waits for the answers of its asynchronous ports. For commands only: a
// shard must never wait.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/check.hpp"
#include "base/inline_mailboxes.hpp"
#include "main/new_id.hpp"
#include "main/stores/backend.hpp"

namespace belfry {

class BlockingStore {
 public:
  [[nodiscard]] static Expected<std::unique_ptr<BlockingStore>, std::string> open(const std::string& database, WallTime now,
                                                                                  Log& log) {
    auto store = std::unique_ptr<BlockingStore>(new BlockingStore);
    auto backend = open_backend(database, store->tables_, new_id(now), store->mailboxes_, now, log);
    if (!backend) return unexpected(backend.error());
    store->backend_ = std::move(*backend);
    return store;
  }
  [[nodiscard]] StorePorts ports() { return backend_->ports(0); }

  /// Calls `ask(done)`, which asks a port, waits, and returns the answer.
  template <class Result, class Ask>
  [[nodiscard]] Result ask(Ask ask) {
    std::optional<Result> answer;
    ask([&](Result result) { answer.emplace(std::move(result)); });
    settle();
    CHECK(answer.has_value(), "a store that never answers");
    return std::move(*answer);
  }
  void settle() {
    do {
      backend_->wait_for_all();
    } while (mailboxes_.run_waiting());
  }

 private:
  BlockingStore() = default;
  InlineMailboxes mailboxes_;
  memory::Tables tables_;
  std::unique_ptr<Backend> backend_;
};

}  // namespace belfry

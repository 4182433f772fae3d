// Errand: a database opened for one command, whose asynchronous ports are waited for on the spot.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "adapters/sql/errand.hpp"
#include "base/check.hpp"
#include "main/stores/backend.hpp"

namespace belfry {

class Errand {
 public:
  [[nodiscard]] static Expected<std::unique_ptr<Errand>, std::string> open(const std::string& database, WallTime now, Log& log) {
    auto errand = std::unique_ptr<Errand>(new Errand);
    auto backend = open_backend(database, make_node_id(now), errand->mailboxes_, now, log);
    if (!backend) return unexpected(backend.error());
    errand->backend_ = std::move(*backend);
    return errand;
  }
  [[nodiscard]] Shelf shelf() { return backend_->shelf(0); }

  /// `ask(done)` asks a port; its answer is returned.
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
  Errand() = default;
  sql::ErrandMailboxes mailboxes_;
  std::unique_ptr<Backend> backend_;
};

}  // namespace belfry

// The messages of several conversations from the newest on, without a sort: each conversation has an index by number, of which a
// few entries are read ahead, and the newest of all conversations comes next.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

#include "adapters/sqlite/connection.hpp"
#include "store/conversation_store.hpp"

namespace belfry::sqlite {

/// What a member may read of a conversation (K42): the messages behind `joined_after`, up to `last_seq`.
struct ReadablePart {
  store::ConversationId conversation{};
  std::uint64_t joined_after = 0, last_seq = 0;
};

class NewestMessages {
 public:
  NewestMessages(Connection& connection, const std::vector<ReadablePart>& parts);
  /// Its number in the order of all messages. nullopt: there are no more.
  [[nodiscard]] std::optional<std::int64_t> next();

 private:
  struct Tail {
    store::ConversationId conversation{};
    std::uint64_t from = 0, to = 0;       // not read yet: the messages between the two
    std::vector<std::int64_t> numbers{};  // read ahead, the oldest first
  };
  void offer(std::size_t tail);
  void read_ahead(Tail& tail);

  Connection& connection_;
  std::vector<Tail> tails_;
  std::priority_queue<std::pair<std::int64_t, std::size_t>> newest_;  // of each tail that is not at its end
};

}  // namespace belfry::sqlite

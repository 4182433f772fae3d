// Rings: what the pending-call keys of this server should be: a document while a call rings in a conversation, and the documents
// of calls that ring no more, until they are deleted. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/guarded.hpp"
#include "base/time.hpp"
#include "base/uuid.hpp"
#include "domain/conversation/conversation_id.hpp"

namespace belfry::redis {

using conversation::ConversationId;

struct Ring {
  std::string document{};           // empty: nothing rings
  std::vector<std::string> over{};  // documents that must not be there any more
  TimePoint expires{};              // the key, by its own TTL
};

class Rings {
 public:
  /// False: that is known already, and its key need not be written again.
  [[nodiscard]] bool began(const ConversationId& conversation, std::string document, TimePoint expires);
  /// False: there is nothing to delete, because a newer document takes its place.
  [[nodiscard]] bool ended(const ConversationId& conversation, const std::string& document, TimePoint expires);
  [[nodiscard]] std::optional<Ring> in(const ConversationId& conversation);
  [[nodiscard]] std::vector<std::pair<ConversationId, Ring>> all();
  /// The key is as `ring` says.
  void written(const ConversationId& conversation, const Ring& ring);
  /// For the time in which nothing can be written: an expired key needs no deletion.
  void forget_expired(TimePoint now);

 private:
  using Table = boost::unordered_flat_map<ConversationId, Ring, UuidHash>;
  Guarded<Table> rings_;
};

}  // namespace belfry::redis

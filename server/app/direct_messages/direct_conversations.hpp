// DirectConversations: the conversation of two people, for clients that know people only. What it has found it remembers, since a
// pair keeps its conversation and a conversation its kind. One per shard.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "app/conversations/conversations.hpp"
#include "store/conversation_store.hpp"

namespace belfry::direct_messages {

class DirectConversations {
 public:
  /// Beyond so many, what is known is dropped and found again.
  static constexpr std::size_t kMost = 16'384;
  using ConversationId = conversation::ConversationId;
  using Opened = std::function<void(const Expected<ConversationId, store::ConversationFault>&)>;

  /// Both must outlive this object.
  DirectConversations(conversations::Conversations& conversations, store::ConversationStore& store)
      : conversations_(conversations),
        store_(store) {}

  using Found = std::function<void(const Expected<std::optional<ConversationId>, store::ConversationFault>&)>;
  /// nullopt: they have none.
  void find(const account::UserId& me, const account::UserId& other, Found done);
  /// Makes it if there is none (K28).
  void open(const account::UserId& me, const account::UserId& other, Opened done);
  /// It was not there any more.
  void forget(const account::UserId& me, const account::UserId& other) { pairs_.erase(pair_of(me, other)); }
  /// Runs `then` if this conversation, in which the reader is, is a direct one; for one conversation in the order of the calls.
  void if_direct(const ConversationId& conversation, const account::UserId& reader, std::function<void()> then);

 private:
  using Pair = std::pair<account::UserId, account::UserId>;
  [[nodiscard]] static Pair pair_of(const account::UserId& one, const account::UserId& other) {
    return one < other ? Pair{one, other} : Pair{other, one};
  }
  void remember(const Pair& pair, const ConversationId& conversation);
  void found(const ConversationId& conversation,
             const Expected<std::optional<store::StoredConversation>, store::Unavailable>& it);

  conversations::Conversations& conversations_;
  store::ConversationStore& store_;
  std::map<Pair, ConversationId> pairs_;
  boost::unordered_flat_map<ConversationId, bool, UuidHash> kinds_;  // is it direct?
  std::map<ConversationId, std::vector<std::function<void()>>> asked_;
};

}  // namespace belfry::direct_messages

// Conversations: the use cases of conversations and blocks (SPEC J-1); one instance per shard. Membership is the first thing that
// is looked up of a conversation, and a user who is not in it gets the same fault whether it exists or not (J-1.4).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/conversations/refused_strangers.hpp"
#include "base/clock.hpp"
#include "base/own_thread.hpp"
#include "base/random.hpp"
#include "store/conversation_store.hpp"

namespace belfry::conversations {

using account::UserId;
using conversation::ConversationId;
using store::ConversationFault;
using store::StoredConversation;

/// self_block: nobody can block oneself.
enum class BlockFault : std::uint8_t { self_block, user_unknown, unavailable };

/// Who is no longer in a conversation after a change of it; `ended`: all of them, because there is no conversation any more.
struct Departures {
  std::vector<UserId> users{};
  bool ended = false;
};

class Conversations {
 public:
  /// All of them must outlive Conversations.
  struct Ports {
    store::ConversationStore& store;
    const Clock& clock;
    Random& random;
    RefusedStrangers& strangers;
    std::function<void(const ConversationId&, const Departures&)> departed = {};  // after the commit
    /// After the commit: the first of these blocks the second now, or no longer.
    std::function<void(const UserId&, const UserId&)> blocks_changed = {};
    /// Changes it, in the order of all its events; else the store does.
    std::function<void(store::ConversationChange, store::ConversationStore::Answer<store::ChangedConversation>)> change = {};
    std::function<void(const StoredConversation&)> opened = {};  // it was made just now
  };
  /// Who asks, and by which operation or event, for the audit (J-7.4).
  struct Asker {
    UserId user{};
    std::string_view operation{};
  };
  template <class T>
  using Done = std::function<void(Expected<T, ConversationFault>)>;

  explicit Conversations(const Ports& ports) : ports_(ports) {}

  struct OpenRequest {
    conversation::Kind kind = conversation::Kind::group;
    std::string title{};
    std::vector<UserId> others{};  // conversation::may_hold(kind, others.size())
    std::optional<store::OpeningClaim> claim{};
  };
  void open(const UserId& creator, OpenRequest request, Done<store::OpenedConversation> done);
  void read(const ConversationId& id, const Asker& reader, Done<StoredConversation> done);
  /// nullopt: these two have no conversation yet.
  void find_direct(const UserId& user, const UserId& other, Done<std::optional<ConversationId>> done);
  /// The conversation of these two, which is made if there is none.
  void direct_with(const UserId& user, const UserId& other, Done<ConversationId> done);
  /// Those that the reader has with these users, with the newest message and the unread count, in no order.
  void read_directs(const UserId& reader, std::vector<UserId> others, Done<std::vector<StoredConversation>> done);
  void list(const store::ConversationQuery& query, Done<store::ConversationPage> done);
  void change(const ConversationId& id, const Asker& actor, conversation::Change what, Done<StoredConversation> done);

  void block(const UserId& user, const UserId& blocked, std::function<void(Expected<void, BlockFault>)> done);
  /// Those of `others` who block the user or are blocked by them (J-1.7).
  void blocked_among(const UserId& user, std::vector<UserId> others, Done<std::vector<UserId>> done);
  /// Those of `others` whom the user blocks, sorted by id.
  void blocked_by(const UserId& user, std::vector<UserId> others, Done<std::vector<UserId>> done);
  void unblock(const UserId& user, const UserId& blocked, std::function<void(Expected<void, BlockFault>)> done);

  /// Another use case has found that this user is not in the conversation.
  void note_refused(const Asker& stranger, const ConversationId& id);

 private:
  [[no_unique_address]] OwnThread own_thread_;
  Ports ports_;
};

}  // namespace belfry::conversations

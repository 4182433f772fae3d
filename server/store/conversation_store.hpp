// ConversationStore: conversations, their members, and who blocks whom (SPEC J-1). Each change is one transaction, in which the
// domain decides (conversation::decide) about the rows as they are then. Of two servers that make the same direct conversation at
// once one makes it and both get it.
//
// A change that the others should know of is reported by an entry of kind `system`, written in the same transaction (K41).
//
// Tables: `conversations` (id, kind, title, avatar, createdBy, lastSeq, createdAt, updatedAt, pairLow?, pairHigh?),
// `conversation_members` (conversationId, userId, role, ringMode, mutedUntil?, joinedAt, leftAt?), `blocks` (userId,
// blockedUserId, createdAt).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "base/check.hpp"
#include "base/expected.hpp"
#include "domain/chat/message.hpp"
#include "domain/conversation/change.hpp"
#include "store/call_archive.hpp"
#include "store/done.hpp"
#include "store/idempotency_claim.hpp"
#include "store/refused_stranger.hpp"

namespace belfry::store {

using conversation::Conversation;
using conversation::ConversationId;

/// As the user sees it who has asked for it.
struct StoredConversation {
  Conversation conversation{};
  std::vector<account::Person> people{};  // one for each member, in their order
  std::vector<std::string> names{};       // how they are called, the same
  // What find() leaves out:
  std::optional<chat::Message> newest{};  // of those that the user may read
  std::uint64_t unread = 0;               // MessageStore::unread
  std::optional<CallId> active_call{};    // CallStore::active_in
  friend bool operator==(const StoredConversation&, const StoredConversation&) = default;
};

/// conversation::Refusal, and what only a store knows. user_unknown: one of the named users does not exist, or is deleted.
/// blocked: there is no direct conversation of these two yet, and one of them blocks the other. key_taken: the Idempotency-Key
/// belongs to another request, or this one was carried out by another server just now.
enum class ConversationFault : std::uint8_t {
  not_participant,
  members_fixed,
  forbidden,
  too_many,
  user_unknown,
  blocked,
  key_taken,
  unavailable
};
[[nodiscard]] inline ConversationFault fault_of(conversation::Refusal refusal) {
  switch (refusal) {
    case conversation::Refusal::not_participant:
      return ConversationFault::not_participant;
    case conversation::Refusal::members_fixed:
      return ConversationFault::members_fixed;
    case conversation::Refusal::forbidden:
      return ConversationFault::forbidden;
    case conversation::Refusal::too_many:
      return ConversationFault::too_many;
    case conversation::Refusal::no_member:
      return ConversationFault::user_unknown;
  }
  CHECK(false, "a refusal of a conversation without its fault");
}

/// found: the direct conversation of these two is there already.
enum class Opening : std::uint8_t { made, found };
struct OpenedConversation {
  StoredConversation stored{};
  Opening how = Opening::made;
};
/// The Idempotency-Key of a request to open one (J-8.7), stored in its transaction with the reply that `write_reply` writes. That
/// is called on a thread of the store, maybe twice, and may use nothing but its argument.
struct OpeningClaim {
  IdempotencyClaim claim{};  // without an answer
  std::function<GivenAnswer(const OpenedConversation&)> write_reply{};
};

/// By whom, and when.
struct ConversationChange {
  ConversationId conversation{};
  UserId actor{};
  conversation::Change what{};
  WallTime at{};
  std::optional<chat::MessageId> entry{};  // the id of the entry that reports it; none: it is not reported
};
/// The conversation as it is afterwards, as who changed it sees it; one that has ended, as it was last.
struct ChangedConversation : StoredConversation {
  std::vector<UserId> joined{}, left{};
  std::optional<chat::Message> entry{};  // none: nothing changed that concerns the others
  conversation::Fate fate = conversation::Fate::goes_on;
  std::optional<UserId> concerns_only{};  // as conversation::Step
};

/// A page begins behind it.
struct ConversationCursor {
  WallTime updated{};
  ConversationId id{};
};
struct ConversationQuery {
  UserId user{};
  Page page{};                                // without a cursor
  std::optional<ConversationCursor> after{};  // then page.number does not count
};
struct ConversationPage {
  std::vector<StoredConversation> conversations{};  // newest change first, by (updated, id)
  std::uint64_t total = 0;                          // of the user's conversations
  bool more = false;                                // behind this page
};

class ConversationStore {
 public:
  virtual ~ConversationStore() = default;
  template <class T>
  using Answer = Done<Expected<T, ConversationFault>>;

  virtual void open(conversation::NewConversation request, std::optional<OpeningClaim> claim,
                    Answer<OpenedConversation> done) = 0;
  /// nullopt: there is none, or the reader is not in it; to the reader the two look alike (J-1.4). Without messages: a start of a
  /// call waits for it.
  virtual void find(ConversationId id, UserId reader, Done<Expected<std::optional<StoredConversation>, Unavailable>> done) = 0;
  /// The same with messages.
  virtual void read(ConversationId id, UserId reader, Done<Expected<std::optional<StoredConversation>, Unavailable>> done) {
    find(id, reader, std::move(done));
  }
  /// The direct conversation of these two; nullopt: they have none yet.
  virtual void find_direct(UserId one, UserId other, Done<Expected<std::optional<ConversationId>, Unavailable>> done) = 0;
  /// The direct conversations of the reader with these users, as read() answers them, in no order: one question for a whole list
  /// of people (K7).
  virtual void read_directs(UserId reader, std::vector<UserId> others,
                            Done<Expected<std::vector<StoredConversation>, Unavailable>> done) = 0;
  virtual void list(ConversationQuery query, Done<Expected<ConversationPage, Unavailable>> done) = 0;
  virtual void change(ConversationChange change, Answer<ChangedConversation> done) = 0;

  /// False: there is no such user to block.
  virtual void block(UserId user, UserId blocked, WallTime now, Done<Expected<bool, Unavailable>> done) = 0;
  virtual void unblock(UserId user, UserId blocked, Done<Expected<void, Unavailable>> done) = 0;
  /// Those of `others` who block the user or are blocked by them (J-1.7), in the order of `others`.
  virtual void blocked_among(UserId user, std::vector<UserId> others, Done<Expected<std::vector<UserId>, Unavailable>> done) = 0;
  /// Those of `others` whom the user blocks, whoever blocks the user, each once and sorted by id.
  virtual void blocked_by(UserId user, std::vector<UserId> others, Done<Expected<std::vector<UserId>, Unavailable>> done) = 0;
  /// All who block the user or are blocked by them, sorted by id.
  virtual void blocks_of(UserId user, Done<Expected<std::vector<UserId>, Unavailable>> done) = 0;

  /// Adds it to the audit. Not acknowledged: a crash may lose it.
  virtual void record_refused(RefusedStranger refused) = 0;
};

}  // namespace belfry::store

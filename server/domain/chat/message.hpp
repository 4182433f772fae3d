// A Message: one entry of a conversation. Its `seq` counts 1, 2, 3 … in the conversation without gaps, in the order in which the
// entries were committed; a deleted entry keeps its number. Plain values; rights.hpp decides who may do what with one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/strong_id.hpp"
#include "base/time.hpp"
#include "base/uuid.hpp"
#include "domain/account/user.hpp"
#include "domain/chat/call_summary.hpp"
#include "domain/conversation/conversation_id.hpp"
#include "domain/file/file.hpp"

namespace belfry::chat {

using account::UserId;
using conversation::ConversationId;
using MessageId = StrongId<struct MessageIdTag, Uuid>;

/// system: the server reports a change of the conversation. call: a call of it ended.
enum class Kind : std::uint8_t { text, system, call, voicemail, file };

constexpr std::size_t kMaxClientId = 128;  // characters, K32

/// Tells a text from another without containing it: what was edited or deleted is read no more (K36), and a send that is repeated
/// must still be known from one with another text (K32). So few bits that who reads the database cannot tell what the text was:
/// of four billion texts one fits.
using TextMark = std::uint32_t;

struct Message {
  MessageId id{};
  ConversationId conversation{};
  std::uint64_t seq = 0;
  UserId sender{};
  std::string client_id{};  // by which its sender recognises it; unique among the sender's in the conversation
  Kind kind = Kind::text;
  std::string text{};                 // of a deleted one: empty
  std::optional<CallSummary> call{};  // of kind call
  std::optional<MessageId> reply_to{};
  WallTime created{};
  std::optional<WallTime> edited{}, deleted{};
  std::vector<file::FileInfo> attachments{};  // of a deleted one: none
  std::optional<TextMark> sent_text{};        // of one that was edited or deleted: what it was sent with
  friend bool operator==(const Message&, const Message&) = default;
};

/// A message on its way into the store, which gives it its number.
struct NewMessage {
  MessageId id{};
  ConversationId conversation{};
  UserId sender{};
  std::string client_id{};
  std::string text{};
  std::optional<MessageId> reply_to{};
  WallTime at{};
  std::vector<file::FileId> attachments{};  // at most file::kMaxAttachments, each once
  /// Of a picture that came in the request itself (K9). Each try uploads it anew, as another file.
  std::optional<std::uint64_t> picture_size{};
};
/// `attachments`: what the ids of the request name.
[[nodiscard]] Message begin(const NewMessage& request, std::uint64_t seq, std::vector<file::FileInfo> attachments = {});

/// The server's report of a change that the actor has made (K41). A store gives it its number.
[[nodiscard]] Message system_entry(const MessageId& id, const ConversationId& conversation, const UserId& actor, std::string text,
                                   WallTime at);
/// The entry of a call that has ended (K43), the same.
[[nodiscard]] Message call_entry(const MessageId& id, const ConversationId& conversation, const UserId& caller,
                                 const CallSummary& call, WallTime at);

/// `message` is the salt: the same text has another mark in another message.
[[nodiscard]] TextMark mark_of(const MessageId& message, std::string_view text);

/// Whether the stored message is the one of this request, sent again (K32). The attachments of a deleted one cannot be compared
/// any more, nor can the text of one that was changed before there were marks.
[[nodiscard]] bool is_repeat_of(const Message& stored, const NewMessage& request);

/// The spelling on the wire and in the store.
[[nodiscard]] std::string_view to_text(Kind kind);
[[nodiscard]] std::optional<Kind> parse_kind(std::string_view text);

}  // namespace belfry::chat

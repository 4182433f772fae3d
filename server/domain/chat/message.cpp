#include "domain/chat/message.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.hpp"

namespace belfry::chat {
namespace {

bool has_text_of(const Message& stored, const NewMessage& request) {
  if (stored.sent_text) return *stored.sent_text == mark_of(stored.id, request.text);
  return stored.edited || stored.deleted || stored.text == request.text;
}

bool has_files_of(const Message& stored, const NewMessage& request) {
  const auto& files = stored.attachments;
  if (stored.deleted) return true;
  if (request.picture_size) return files.size() == 1 && files.front().size == *request.picture_size;
  return std::equal(files.begin(), files.end(), request.attachments.begin(), request.attachments.end(),
                    [](const auto& info, const auto& id) { return info.id == id; });
}

}  // namespace

Message begin(const NewMessage& request, std::uint64_t seq, std::vector<file::FileInfo> attachments) {
  return {.id = request.id,
          .conversation = request.conversation,
          .seq = seq,
          .sender = request.sender,
          .client_id = request.client_id,
          .kind = attachments.empty() ? Kind::text : Kind::file,
          .text = request.text,
          .reply_to = request.reply_to,
          .created = request.at,
          .attachments = std::move(attachments)};
}

// People's client ids are theirs alone in a conversation; an entry of the server has its own id there, which nobody can guess.
Message system_entry(const MessageId& id, const ConversationId& conversation, const UserId& actor, std::string text,
                     WallTime at) {
  return {.id = id,
          .conversation = conversation,
          .sender = actor,
          .client_id = belfry::to_text(id.value()),
          .kind = Kind::system,
          .text = std::move(text),
          .created = at};
}

Message call_entry(const MessageId& id, const ConversationId& conversation, const UserId& caller, const CallSummary& call,
                   WallTime at) {
  return {.id = id,
          .conversation = conversation,
          .sender = caller,
          .client_id = belfry::to_text(id.value()),
          .kind = Kind::call,
          .text = line_of(call),
          .call = call,
          .created = at};
}

// FNV-1a, folded. Nobody gains by a text with the mark of another one: both are of the same sender.
TextMark mark_of(const MessageId& message, std::string_view text) {
  constexpr std::uint64_t kPrime = 0x100000001b3U;
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const std::uint8_t each : message.value()) hash = (hash ^ each) * kPrime;
  for (const char each : text) hash = (hash ^ static_cast<unsigned char>(each)) * kPrime;
  return static_cast<TextMark>(hash ^ (hash >> 32U));
}

bool is_repeat_of(const Message& stored, const NewMessage& request) {
  return has_text_of(stored, request) && stored.reply_to == request.reply_to && has_files_of(stored, request);
}

std::string_view to_text(Kind kind) {
  switch (kind) {
    case Kind::text:
      return "text";
    case Kind::system:
      return "system";
    case Kind::call:
      return "call";
    case Kind::voicemail:
      return "voicemail";
    case Kind::file:
      return "file";
  }
  CHECK(false, "a kind of message has a word");
}

std::optional<Kind> parse_kind(std::string_view text) {
  constexpr std::array kKinds = {Kind::text, Kind::system, Kind::call, Kind::voicemail, Kind::file};
  const auto* const found = std::find_if(kKinds.begin(), kKinds.end(), [&](Kind each) { return to_text(each) == text; });
  return found == kKinds.end() ? std::nullopt : std::optional(*found);
}

}  // namespace belfry::chat

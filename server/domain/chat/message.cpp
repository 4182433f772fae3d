#include "domain/chat/message.hpp"

#include <algorithm>
#include <array>

#include "base/check.hpp"

namespace belfry::chat {

Message begin(const NewMessage& wish, std::uint64_t seq) {
  return {.id = wish.id,
          .conversation = wish.conversation,
          .seq = seq,
          .sender = wish.sender,
          .client_id = wish.client_id,
          .text = wish.text,
          .reply_to = wish.reply_to,
          .created = wish.at};
}

bool is_repeat_of(const Message& stored, const NewMessage& wish) {
  if (stored.edited || stored.deleted) return true;
  return stored.text == wish.text && stored.reply_to == wish.reply_to;
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

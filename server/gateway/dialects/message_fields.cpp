#include "gateway/dialects/message_fields.hpp"

#include "domain/chat/message.hpp"
#include "domain/chat/text.hpp"
#include "gateway/json/messages.hpp"

namespace belfry::gateway {
namespace {

using Need = Fields::Need;

// UTF-8 has up to four bytes for each character; which of them are too many is checked with the text.
constexpr std::size_t kMaxTextBytes = 4 * chat::kMaxText, kMaxClientIdBytes = 4 * chat::kMaxClientId;

}  // namespace

std::string text_in(Fields& fields, Blank blank) {
  const auto text = fields.text("text", blank == Blank::refused ? Need::required : Need::optional, kMaxTextBytes);
  if (!text || text->size() > kMaxTextBytes) return {};
  const auto fine = chat::check_text(*text);
  const bool may_be = !fine && fine.error() == chat::TextFault::blank && blank == Blank::allowed;
  if (!fine && !may_be) fields.blame("text", issue_of(fine.error()));
  return *text;
}

std::string client_id_in(Fields& fields) {
  const auto id = fields.text("clientMessageId", Need::optional, kMaxClientIdBytes);
  if (!id || id->size() > kMaxClientIdBytes) return {};
  if (const auto fine = chat::check_client_id(*id); !fine) fields.blame("clientMessageId", issue_of(fine.error()));
  return *id;
}

}  // namespace belfry::gateway

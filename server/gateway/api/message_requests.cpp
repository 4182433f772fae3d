#include "gateway/api/message_requests.hpp"

#include <algorithm>
#include <charconv>
#include <utility>
#include <variant>
#include <vector>

#include "domain/chat/text.hpp"
#include "gateway/api/rate_limit.hpp"
#include "gateway/json/files.hpp"
#include "gateway/json/messages.hpp"
#include "gateway/json/safe_integer.hpp"
#include "store/fingerprint.hpp"

namespace belfry::gateway {
namespace {

using chat::MessageId;
using Side = store::MessageBound::Side;

constexpr std::int64_t kMostMessages = 100;  // K34

/// Apart from the ids that clients choose. A key may be longer than a client id, or no text.
std::string client_id_of(const store::IdempotencyClaim& claim) {
  std::string id = "key:" + claim.key;
  return chat::check_client_id(id) ? id : "key:" + store::fingerprint(claim.key);
}

/// A number, or the id of a message.
std::optional<store::MessageBound> bound_of(Side side, std::string_view text) {
  if (const auto id = parse_uuid(text)) return store::MessageBound{side, MessageId(*id)};
  std::uint64_t seq = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seq);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  if (!whole || seq > static_cast<std::uint64_t>(kMaxSafeInteger)) return std::nullopt;
  return store::MessageBound{side, seq};
}

/// What its sender made it have: JSON makes up to six bytes of each of a text, and of the names of its files.
std::size_t bytes_of(const chat::Message& message) {
  constexpr std::size_t kFile = 64;  // what JSON has of a file beside its name, divided by those six
  std::size_t bytes = message.text.size();
  for (const file::FileInfo& each : message.attachments) bytes += kFile + each.name.size();
  return bytes;
}

}  // namespace

Field text_field(Need need) {
  return {"text",
          FieldKind::text,
          need,
          "kept exactly as it is",
          {},
          need == Need::required ? 1 : 0,
          static_cast<std::int64_t>(chat::kMaxText)};
}

Field client_id_field() {
  return {"clientMessageId",
          FieldKind::text,
          Need::optional,
          "by which a repeat is recognised, here and on sockets; made if absent",
          {},
          1,
          static_cast<std::int64_t>(chat::kMaxClientId)};
}

std::vector<Field> page_fields_of_messages(std::string_view usual) {
  return {{"before", FieldKind::text, Need::optional, "a seq or the id of a message", {}, 1, 64},
          {"after", FieldKind::text, Need::optional, "the same; not both", {}, 1, 64},
          {"limit", FieldKind::integer, Need::optional, usual, {}, 1}};
}

chat::Asker asker(const ApiCall& call) { return {.user = call.who.user, .operation = call.operation->id}; }

std::optional<std::string> message_text(const ApiCallPtr& call) {
  std::string text = call->required_text("text");
  const auto fine = chat::check_text(text);
  if (fine) return text;
  call->fail_field("text", issue_of(fine.error()));
  return std::nullopt;
}

std::optional<chat::Chat::SendRequest> send_request(const ApiCallPtr& call) {
  chat::Chat::SendRequest request{.client_id = call->text("clientMessageId").value_or(""),
                                  .text = call->text("text").value_or("")};
  auto attachments = attachments_in(call->slice("attachments"));
  if (!attachments) {
    call->fail_field("attachments", "invalid");
    return std::nullopt;
  }
  request.attachments = *std::move(attachments);
  const bool has_files = !request.attachments.empty() || call->has("image");  // K33: then the text may be blank
  if (const auto fine = chat::check_text(request.text); !fine && !(has_files && fine.error() == chat::TextFault::blank)) {
    call->fail_field("text", issue_of(fine.error()));
    return std::nullopt;
  }
  if (call->has("clientMessageId")) {
    if (const auto fine = chat::check_client_id(request.client_id); !fine) {
      call->fail_field("clientMessageId", issue_of(fine.error()));
      return std::nullopt;
    }
  } else if (call->claim) {
    request.client_id = client_id_of(*call->claim);
  }
  if (const auto id = call->uuid("replyTo")) request.reply_to = MessageId(*id);
  return request;
}

int status_of(const store::SentMessage& sent, const ApiCall& call) {
  const bool by_key = call.claim && !call.has("clientMessageId");
  return sent.how == store::Sending::stored || by_key ? 201 : 200;
}

void refuse(const chat::Refused& refused, ApiCall& call) {
  if (const auto* status = std::get_if<limits::RateLimitStatus>(&refused)) return refuse_for_now(*status, call);
  call.fail(failure_of(refused));
}

void refuse_message(const chat::Refused& refused, const chat::Chat& chat, ApiCall& call) {
  if (!std::holds_alternative<limits::RateLimitStatus>(refused)) tell_rate_limit(chat.send_limit_of(call.who.user), call);
  refuse(refused, call);
}

std::optional<PageRequest> page_request(ApiCall& call, std::uint32_t usual) {
  PageRequest request;
  request.query.limit = static_cast<std::uint32_t>(std::min(call.integer("limit").value_or(usual), kMostMessages));
  if (call.has("before") && call.has("after")) {
    call.fail_field("after", "invalid");
    return std::nullopt;
  }
  if (call.has("before")) request.bound = "before";
  if (const auto text = call.text(request.bound)) {
    request.query.bound = bound_of(request.bound == "before" ? Side::before : Side::after, *text);
    if (request.query.bound) return request;
    call.fail_field(request.bound, "invalid");
    return std::nullopt;
  }
  return request;
}

void shorten(store::MessagePage& page, const PageRequest& request, std::size_t most) {
  auto& all = page.messages;
  const bool forward = request.query.bound && request.query.bound->side == Side::after;
  std::size_t shown = 0, bytes = 0;
  for (; shown < all.size(); ++shown) {
    bytes += bytes_of(forward ? all[shown] : all[all.size() - 1 - shown]);
    if (shown > 0 && bytes > most) break;
  }
  if (shown == all.size()) return;
  page.more = true;
  const auto hidden = static_cast<std::ptrdiff_t>(all.size() - shown);
  if (forward)
    all.erase(all.end() - hidden, all.end());
  else
    all.erase(all.begin(), all.begin() + hidden);
}

void refuse_page(const chat::Refused& refused, const PageRequest& request, ApiCall& call) {
  const auto* fault = std::get_if<store::MessageFault>(&refused);
  if (fault != nullptr && *fault == store::MessageFault::wrong_position) return call.fail_field(request.bound, "invalid");
  refuse(refused, call);
}

}  // namespace belfry::gateway

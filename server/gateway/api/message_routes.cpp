#include "gateway/api/message_routes.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "domain/chat/terms.hpp"
#include "gateway/api/api_call.hpp"
#include "gateway/api/message_requests.hpp"
#include "gateway/api/rate_limit.hpp"
#include "gateway/json/messages.hpp"
#include "gateway/json/safe_integer.hpp"

namespace belfry::gateway {
namespace {

using chat::Chat;
using chat::ConversationId;
using chat::MessageId;
using Services = MessageServices;

constexpr std::uint32_t kUsualMessages = 50;  // K34
// Bytes of a page's texts and names of files. As JSON a character takes up to six times as many, and a connection with 4 MiB
// unsent is closed.
constexpr std::size_t kMostText = 512 * 1024;
constexpr std::size_t kUsualResults = 20, kMostResults = 100;  // K44

ConversationId conversation_of(const ApiCall& call) { return ConversationId(call.id("id")); }
MessageId message_of(const ApiCall& call) { return MessageId(call.id("messageId")); }

void send(const Services& services, const ApiCallPtr& call) {
  auto request = send_request(call);
  if (!request) return;
  request->conversation = conversation_of(*call);
  services.chat.send(asker(*call), *std::move(request), [services, call](const auto& sent) {
    if (!sent) return refuse_message(sent.error(), services.chat, *call);
    tell_rate_limit(services.chat.send_limit_of(call->who.user), *call);
    call->succeed(status_of(*sent, *call), message_json(sent->message));
  });
}

void edit(const Services& services, const ApiCallPtr& call) {
  auto text = message_text(call);
  if (!text) return;
  services.chat.edit(asker(*call), conversation_of(*call), message_of(*call), *std::move(text),
                     [services, call](const Expected<store::ChangedMessage, chat::Refused>& changed) {
                       if (!changed) return refuse_message(changed.error(), services.chat, *call);
                       tell_rate_limit(services.chat.send_limit_of(call->who.user), *call);
                       call->succeed(message_json(changed->message));
                     });
}

void remove(const Services& services, const ApiCallPtr& call) {
  if (!admits(services.signals, call)) return;  // a write, which the limit on messages does not count
  services.chat.remove(asker(*call), conversation_of(*call), message_of(*call), [call](const auto& changed) {
    if (!changed) return refuse(changed.error(), *call);
    call->succeed(message_json(changed->message));
  });
}

void read_page(const Services& services, const ApiCallPtr& call) {
  auto request = page_request(*call, kUsualMessages);
  if (!request) return;
  request->query.conversation = conversation_of(*call);
  services.chat.page(asker(*call), request->query, [call, request = *request](auto page) {
    if (!page) return refuse_page(page.error(), request, *call);
    shorten(*page, request, kMostText);
    call->succeed(messages_json(*page));
  });
}

void move_receipt(const Services& services, const ApiCallPtr& call, chat::Receipt what) {
  if (!admits(services.signals, call)) return;
  const ConversationId conversation = conversation_of(*call);
  const auto up_to = static_cast<std::uint64_t>(call->required_integer("upTo"));
  services.chat.move_receipt(asker(*call), conversation, what, up_to, [call, conversation](const auto& moved) {
    if (!moved) return refuse(moved.error(), *call);
    call->succeed(receipt_json(conversation, *moved));
  });
}

void type(const Services& services, const ApiCallPtr& call) {
  if (!admits(services.signals, call)) return;
  const ConversationId conversation = conversation_of(*call);
  using State = chat::TypingChanged::State;
  const State state = !call->has("typing") || call->flag("typing") ? State::types : State::stopped;
  services.chat.type(asker(*call), conversation, state, [call, conversation, state](const auto& done) {
    if (!done) return refuse(done.error(), *call);
    call->succeed(typing_json(conversation, state));
  });
}

// The cursor is how many results were before: the order of results is that of the index now, and a client that pages through a
// search wants the next best ones.
std::optional<std::size_t> skipped_by(std::string_view cursor) {
  std::size_t skip = 0;
  const auto [end, error] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), skip);
  if (error != std::errc{} || end != cursor.data() + cursor.size()) return std::nullopt;
  return std::min<std::size_t>(skip, store::MessageStore::kMostMatches);
}

std::string found_json(const chat::SearchPage& page, const chat::SearchRequest& request) {
  std::string text;
  json::Writer json(text);
  json.open_object().key("results").open_array();
  for (const chat::SearchResult& each : page.results) {
    append_message(json.open_object().key("message"), each.message);
    json.member("conversationId", to_text(each.message.conversation.value())).member("snippet", each.snippet);
    json.key("score").real(each.score);
    json.close_object();
  }
  json.close_array().member_or_null("nextCursor", page.more ? std::to_string(request.skip + request.limit) : std::string{});
  json.close_object();
  return text;
}

void search(const Services& services, const ApiCallPtr& call) {
  chat::SearchRequest request{.text = call->text("q").value_or("")};
  if (chat::terms_in(request.text).empty()) return call->fail_field("q", "invalid");
  if (const auto id = call->uuid("conversationId")) request.conversation = ConversationId(*id);
  request.limit = static_cast<std::size_t>(std::min<std::int64_t>(
      call->integer("limit").value_or(static_cast<std::int64_t>(kUsualResults)), static_cast<std::int64_t>(kMostResults)));
  if (const auto cursor = call->text("cursor")) {
    const auto skip = skipped_by(*cursor);
    if (!skip) return call->fail_field("cursor", "invalid");
    request.skip = *skip;
  }
  services.chat.search(asker(*call), request, [call, request](const auto& page) {
    if (!page) return refuse(page.error(), *call);
    call->succeed(found_json(*page, request));
  });
}

Operation send_operation(const Services& s) {
  return {
      .method = http::Method::post,
      .path = "/api/conversations/{id}/messages",
      .id = "sendMessage",
      .summary = "Send a message; the same again, by its clientMessageId, answers the stored one",
      .body = {text_field(Need::optional),
               client_id_field(),
               {"replyTo", FieldKind::uuid, Need::optional, "a message of the same conversation"},
               {"attachments", FieldKind::array, Need::optional, "ids of at most 10 of my files; then the text may be blank"}},
      .at_least_one = {"text", "attachments"},
      .errors = {ApiError::not_participant, ApiError::forbidden, ApiError::idempotency_conflict, ApiError::rate_limited},
      .status = 201,
      .other_status = 200,
      .data = "Message",
      .act = [s](const ApiCallPtr& call) { send(s, call); }};
}

Operation list_operation(const Services& s) {
  return {.path = "/api/conversations/{id}/messages",
          .id = "listMessages",
          .summary = "Messages in the order of their seq: the latest, or those beside one",
          .query = page_fields_of_messages("50 if absent; more than 100 is 100; fewer come, and hasMore, if they are long"),
          .errors = {ApiError::not_participant},
          .data = "Messages",
          .act = [s](const ApiCallPtr& call) { read_page(s, call); }};
}

Operation edit_operation(const Services& s) {
  return {.method = http::Method::patch,
          .path = "/api/conversations/{id}/messages/{messageId}",
          .id = "editMessage",
          .summary = "Change the text of a message of mine",
          .body = {text_field(Need::required)},
          .errors = {ApiError::not_participant, ApiError::forbidden, ApiError::not_found, ApiError::rate_limited},
          .data = "Message",
          .act = [s](const ApiCallPtr& call) { edit(s, call); }};
}

Operation delete_operation(const Services& s) {
  return {.method = http::Method::del,
          .path = "/api/conversations/{id}/messages/{messageId}",
          .id = "deleteMessage",
          .summary = "Delete a message: its sender, in a group its owner and admins too",
          .errors = {ApiError::not_participant, ApiError::forbidden, ApiError::not_found, ApiError::rate_limited},
          .data = "Message",
          .act = [s](const ApiCallPtr& call) { remove(s, call); }};
}

Operation receipt_operation(const Services& s, chat::Receipt what) {
  const bool reads = what == chat::Receipt::read;
  return {.method = http::Method::post,
          .path = reads ? "/api/conversations/{id}/read" : "/api/conversations/{id}/delivered",
          .id = reads ? "markRead" : "markDelivered",
          .summary = reads ? "I have read up to this message" : "What came up to this message has reached me",
          .body = {{.name = "upTo",
                    .kind = FieldKind::integer,
                    .need = Need::required,
                    .about = "a seq; a smaller one than before changes nothing",
                    .min = 0,
                    .max = kMaxSafeInteger}},
          .errors = {ApiError::not_participant, ApiError::rate_limited},
          .data = "Receipt",
          .act = [s, what](const ApiCallPtr& call) { move_receipt(s, call, what); }};
}

Operation typing_operation(const Services& s) {
  return {.method = http::Method::post,
          .path = "/api/conversations/{id}/typing",
          .id = "setTyping",
          .summary = "I am typing, for five seconds or until I say otherwise",
          .body = {{"typing", FieldKind::boolean, Need::optional, "true if absent"}},
          .errors = {ApiError::not_participant, ApiError::forbidden, ApiError::rate_limited},
          .data = "Typing",
          .act = [s](const ApiCallPtr& call) { type(s, call); }};
}

// A search of common words takes as long as dozens of other reads, and all searches wait for one thread (MessageStore::search).
constexpr std::uint32_t kReadsOfASearch = 8;

Operation search_operation(const Services& s) {
  return {.path = "/api/messages/search",
          .id = "searchMessages",
          .summary = "Messages of my conversations with all of these words or beginnings of words, best first",
          .query = {{"q", FieldKind::text, Need::required, "", {}, 1, static_cast<std::int64_t>(chat::kMaxQuery)},
                    {"conversationId", FieldKind::uuid, Need::optional, "only of this one"},
                    {"limit", FieldKind::integer, Need::optional, "20 if absent; more than 100 is 100", {}, 1},
                    {"cursor", FieldKind::text, Need::optional, "nextCursor of the page before", {}, 1, 20}},
          .errors = {ApiError::not_participant},
          .data = "FoundMessages",
          .counts_as_reads = kReadsOfASearch,
          .act = [s](const ApiCallPtr& call) { search(s, call); }};
}

Operation unread_operation(const Services& s) {
  return {.path = "/api/unread",
          .id = "readUnread",
          .summary = "How many messages I have not read, by conversation",
          .data = "Unread",
          .act = [s](const ApiCallPtr& call) {
            s.chat.unread(call->who.user, [call](const auto& counts) {
              if (!counts) return refuse(counts.error(), *call);
              call->succeed(unread_json(*counts));
            });
          }};
}

}  // namespace

Operations message_operations(const MessageServices& services) {
  return {send_operation(services),
          list_operation(services),
          edit_operation(services),
          delete_operation(services),
          receipt_operation(services, chat::Receipt::read),
          receipt_operation(services, chat::Receipt::delivered),
          typing_operation(services),
          search_operation(services),
          unread_operation(services)};
}

}  // namespace belfry::gateway

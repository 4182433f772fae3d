// Seed 004's /message/* (SPEC K2, K9, K10): its client names a person, and the conversation is that of these two.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "gateway/api/account_answers.hpp"
#include "gateway/api/api_call.hpp"
#include "gateway/api/avatars.hpp"
#include "gateway/api/message_requests.hpp"
#include "gateway/api/rate_limit.hpp"
#include "gateway/api/seed_004_routes.hpp"
#include "gateway/json/chat_messages.hpp"
#include "gateway/json/conversations.hpp"
#include "gateway/json/files.hpp"
#include "gateway/json/messages.hpp"
#include "gateway/json/safe_integer.hpp"

namespace belfry::gateway {
namespace {

using account::UserId;
using chat::ConversationId;
using Services = Seed004MessageServices;

constexpr std::uint32_t kUsualMessages = 100;  // K9
// Bytes of a page, half of those of our own route: this answer has the page twice.
constexpr std::size_t kMostText = 256 * 1024;

/// Who `{user}` or `receiver` is; answers if that is nobody, or the asking user.
template <class Then>
void with_person(const Services& services, const ApiCallPtr& call, const std::string& name, std::string_view field, Then then) {
  // The second word of other routes here, and never somebody's name (K2).
  constexpr std::array<std::string_view, 4> kReserved = {"get", "send", "getunread", "markread"};
  const auto found = [call, field, then = std::move(then)](const std::optional<UserId>& user) {
    if (!user) return call->fail(failure_of(accounts::AccountFault::no_such_user));
    if (*user == call->who.user) return call->fail_field(field, "invalid");
    then(*user);
  };
  const auto known = [call, found](const account::User* user) {
    found(user == nullptr || user->status == account::UserStatus::deleted ? std::nullopt : std::optional(user->id));
  };
  if (const auto id = parse_uuid(name))
    return services.people.find(UserId(*id), [call, known](const auto& user) {
      if (!user) return call->fail(store_unavailable());
      known(*user ? &**user : nullptr);
    });
  if (!account::is_username(name) || std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end())
    return found(std::nullopt);
  services.people.find_account(name, [call, known](const auto& account) {
    if (!account) return call->fail(store_unavailable());
    known(*account ? &(*account)->user : nullptr);
  });
}

void refuse_sending(const Services& services, const direct_messages::Refused& refused, ApiCall& call) {
  if (const auto* why = std::get_if<chat::Refused>(&refused)) return refuse_message(*why, services.messages.chat, call);
  call.fail(failure_of(refused, services.sending.max_picture_bytes()));
}

void send(const Services& services, const ApiCallPtr& call, const std::string& name, std::string_view field) {
  if (const auto image = call->text("image"); image && image->empty()) call->set("image", {});
  auto request = send_request(call);
  if (!request) return;
  with_person(services, call, name, field, [services, call, request = *std::move(request)](const UserId& other) {
    const auto answer = [services, call, other](const auto& sent) {
      if (!sent) return refuse_sending(services, sent.error(), *call);
      tell_rate_limit(services.messages.chat.send_limit_of(call->who.user), *call);
      call->succeed(status_of(*sent, *call),
                    chat_message_json(sent->message, sent->receiver.value_or(chat::MemberPointers{.user = other})),
                    "Message sent.");
    };
    // The picture is long, so it is read from the request only now.
    services.sending.send(
        asker(*call),
        {.to = other, .client_id = request.client_id, .text = request.text, .image = call->text("image").value_or("")}, answer);
  });
}

void append_messages(json::Writer& json, const store::MessagePage& page) {
  json.key("messages").open_array();
  for (const chat::Message& each : page.messages)
    if (const auto receiver = receiver_among(page.sides, each.sender)) append_chat_message(json, each, *receiver);
  json.close_array();
}

/// {success, data:{messages, hasMore, conversationId}, messages}
std::string page_json(const store::MessagePage& page, const std::optional<ConversationId>& conversation) {
  std::string text;
  json::Writer json(text);
  append_messages(json.open_object().member("success", true).key("data").open_object(), page);
  json.member("hasMore", page.more)
      .member_or_null("conversationId", conversation ? to_text(conversation->value()) : std::string{})
      .close_object();
  append_messages(json, page);
  json.close_object();
  return text;
}

void read(const Services& services, const ApiCallPtr& call) {
  const auto request = page_request(*call, kUsualMessages);
  if (!request) return;
  with_person(services, call, call->named_user, kUserParameter, [services, call, request = *request](const UserId& other) {
    services.conversations.find_direct(call->who.user, other, [services, call, request](const auto& found) {
      if (!found) return call->fail(failure_of(found.error()));
      if (!*found) return call->answer({.body = page_json({}, std::nullopt)});
      auto asked = request.query;
      asked.conversation = **found;
      services.messages.chat.page(asker(*call), asked, [call, request, conversation = **found](auto page) {
        if (!page) return refuse_page(page.error(), request, *call);
        shorten(*page, request, kMostText);
        call->answer({.body = page_json(*page, conversation)});
      });
    });
  });
}

void count_unread(const Services& services, const ApiCallPtr& call) {
  with_person(services, call, call->named_user, kUserParameter, [services, call](const UserId& other) {
    services.conversations.read_directs(call->who.user, {other}, [call](const auto& found) {
      if (!found) return call->fail(failure_of(found.error()));
      const auto unread = static_cast<std::int64_t>(found->empty() ? 0 : found->front().unread);
      std::string text;
      json::Writer json(text);
      json.open_object().member("success", true).key("data").open_object().member("unreadmessages", unread).close_object();
      json.member("unreadmessages", unread).close_object();
      call->answer({.body = std::move(text)});
    });
  });
}

void answer_read(const ApiCallPtr& call, std::uint64_t read_up_to) {
  std::string text;
  json::Writer json(text);
  json.open_object().member("readUpToSeq", static_cast<std::int64_t>(read_up_to)).close_object();
  call->succeed(text, "Messages marked as read.");
}

void mark_read(const Services& services, const ApiCallPtr& call) {
  if (!admits(services.messages.signals, call)) return;
  with_person(services, call, call->named_user, kUserParameter, [services, call](const UserId& other) {
    services.conversations.find_direct(call->who.user, other, [services, call](const auto& found) {
      if (!found) return call->fail(failure_of(found.error()));
      if (!*found) return answer_read(call, 0);
      services.messages.chat.move_receipt(asker(*call), **found, chat::Receipt::read, kMaxSafeInteger, [call](const auto& moved) {
        if (!moved) return refuse(moved.error(), *call);
        answer_read(call, moved->now.read);
      });
    });
  });
}

// W-004-05
std::vector<Field> send_fields() {
  constexpr auto kMaxImage = static_cast<std::int64_t>(kMaxPictureBody);
  return {text_field(Need::optional),
          client_id_field(),
          {"image",
           FieldKind::text,
           Need::optional,
           "a PNG, JPEG, GIF or WebP as data URL, or the url of a file of mine",
           {},
           0,
           kMaxImage}};
}

Operation send_operation(const Services& s) {
  auto fields = send_fields();
  fields.push_back({"receiver", FieldKind::text, Need::required, "an id or a username", {}, 1, 64});
  return {.method = http::Method::post,
          .path = "/api/message/send",
          .id = "seed004Send",
          .summary = "Send a message to somebody; also at /message/{user} and /message/send/{user}, without `receiver`",
          .body = std::move(fields),
          .at_least_one = {"text", "image"},
          .errors = {ApiError::user_not_found, ApiError::forbidden, ApiError::idempotency_conflict, ApiError::rate_limited},
          .status = 201,
          .other_status = 200,
          .data = "ChatMessage",
          .max_body = kMaxPictureBody,
          .too_large = too_large_sentence("image", std::min(files::kMaxAvatarBytes, s.sending.max_picture_bytes())),
          .act = [s](const ApiCallPtr& call) { send(s, call, call->required_text("receiver"), "receiver"); }};
}

/// Where the address names the receiver.
Operation addressed_send(const Services& s, std::string_view path) {
  Operation same = send_operation(s);
  same.path = path;
  same.body = send_fields();
  same.documented = false;
  same.act = [s](const ApiCallPtr& call) { send(s, call, call->named_user, kUserParameter); };
  return same;
}

Operation read_operation(const Services& s, std::string_view path) {
  return {.path = path,
          .id = "seed004Messages",
          .summary = "My conversation with somebody, oldest first: the latest messages, or those beside one",
          .query = page_fields_of_messages("100 if absent, and at most; fewer come, and hasMore, if they are long"),
          .errors = {ApiError::user_not_found},
          .data = "ChatMessages",
          .act = [s](const ApiCallPtr& call) { read(s, call); }};
}

Operation unread_operation(const Services& s) {
  return {.path = "/api/message/getunread/{user}",
          .id = "seed004Unread",
          .summary = "How many messages of somebody I have not read",
          .errors = {ApiError::user_not_found},
          .data = "UnreadMessages",
          .act = [s](const ApiCallPtr& call) { count_unread(s, call); }};
}

Operation mark_operation(const Services& s) {
  return {.path = "/api/message/markread/{user}",
          .id = "seed004MarkRead",
          .summary = "I have read all messages of somebody",
          .errors = {ApiError::user_not_found, ApiError::rate_limited},
          .data = "ReadUpTo",
          .changes_by_get = true,
          .act = [s](const ApiCallPtr& call) { mark_read(s, call); }};
}

}  // namespace

Operations seed_004_message_operations(const Seed004MessageServices& services) {
  Operation other_read = read_operation(services, "/api/message/{user}");
  other_read.documented = false;
  return at_both_addresses({send_operation(services), addressed_send(services, "/api/message/send/{user}"),
                            addressed_send(services, "/api/message/{user}"), read_operation(services, "/api/message/get/{user}"),
                            std::move(other_read), unread_operation(services), mark_operation(services)});
}

}  // namespace belfry::gateway

// What the routes of messages share, our own and seed 004's: reading a request to send and one for a page, and refusing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/chat/chat.hpp"
#include "gateway/api/api_call.hpp"

namespace belfry::gateway {

/// Optional where a message may have files instead.
[[nodiscard]] Field text_field(Need need);
[[nodiscard]] Field client_id_field();
/// `before`, `after` and `limit`, whose default is `usual`.
[[nodiscard]] std::vector<Field> page_fields_of_messages(std::string_view usual);

[[nodiscard]] chat::Asker asker(const ApiCall& call);

/// nullopt: it is not fine, and the request has been answered.
[[nodiscard]] std::optional<std::string> message_text(const ApiCallPtr& call);
/// The same; all but the conversation. Without a clientMessageId a repeat is recognised by the Idempotency-Key, which is so
/// stored in the transaction of the message (K32, docs/decisions/0029-an-idempotency-key-is-stored-with-its-effect.md).
[[nodiscard]] std::optional<chat::Chat::SendRequest> send_request(const ApiCallPtr& call);
/// 201; of a repeat 200, unless the Idempotency-Key told that it is one, whose answer stays the same.
[[nodiscard]] int status_of(const store::SentMessage& sent, const ApiCall& call);

void refuse(const chat::Refused& refused, ApiCall& call);
/// The same for what chat::SendLimit counts.
void refuse_message(const chat::Refused& refused, const chat::Chat& chat, ApiCall& call);

struct PageRequest {
  store::MessageQuery query{};
  std::string_view bound = "after";  // the field that names it
};
/// All but the conversation. nullopt: it is not fine, and the request has been answered.
[[nodiscard]] std::optional<PageRequest> page_request(ApiCall& call, std::uint32_t usual);
/// Lets a page end early where its texts and files have more bytes than that, after one message at the least.
void shorten(store::MessagePage& page, const PageRequest& request, std::size_t most);
void refuse_page(const chat::Refused& refused, const PageRequest& request, ApiCall& call);

}  // namespace belfry::gateway

// Seed 004's sidebar (SPEC K7): everybody else, whether they are online, and what their conversation with the asking user shows.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "gateway/api/account_answers.hpp"
#include "gateway/api/documents.hpp"
#include "gateway/api/seed_004_routes.hpp"
#include "gateway/json/chat_messages.hpp"

namespace belfry::gateway {
namespace {

using account::UserId;
using store::StoredConversation;

constexpr std::uint32_t kMostContacts = 1'000;  // K7
// Bytes. The list is in the answer twice, and a connection with 4 MiB unsent is closed. Newest first, messages are shown until
// they have so many; then a contact is shown without one. The list ends where it is as long as that.
constexpr std::size_t kMostShownText = 256 * 1024, kMostListed = 1'500 * 1024;

struct Seen {
  std::vector<account::User> users{};
  std::unordered_map<UserId, StoredConversation, UuidHash> conversations{};  // by the other side
  std::unordered_set<UserId, UuidHash> hidden{};                             // either blocks the other (K45)
};

const conversation::Member* other_side(const StoredConversation& stored, const UserId& user) {
  const auto& members = stored.conversation.members;
  const auto found = std::find_if(members.begin(), members.end(), [&](const auto& each) { return each.user != user; });
  return found == members.end() ? nullptr : &*found;
}

void append_newest(json::Writer& json, const StoredConversation* stored, std::size_t& shown) {
  json.key("lastMessage");
  const auto* receiver = stored != nullptr && stored->newest ? other_side(*stored, stored->newest->sender) : nullptr;
  if (receiver == nullptr || shown > kMostShownText) {
    json.null();
    return;
  }
  shown += stored->newest->text.size();
  append_chat_message(
      json, *stored->newest,
      {.user = receiver->user, .reached = {.read = receiver->read_up_to, .delivered = receiver->delivered_up_to}});
}

void append_contact(json::Writer& json, const account::User& user, bool online, const StoredConversation* stored,
                    std::size_t& shown) {
  append_chat_person(json.open_object(), user);
  json.member("online", online).member("unreadCount", static_cast<std::int64_t>(stored != nullptr ? stored->unread : 0));
  append_newest(json, stored, shown);
  json.member_or_null("conversationId", stored != nullptr ? to_text(stored->conversation.id.value()) : std::string{});
  json.close_object();
}

std::string contacts_json(const Seen& seen, const sessions::OnlineUsers& online) {
  std::string list;
  json::Writer json(list);
  json.open_array();
  std::size_t shown = 0;
  for (const auto& user : seen.users) {
    if (list.size() > kMostListed) break;
    const auto found = seen.conversations.find(user.id);
    append_contact(json, user, online.is_online(user.id) && !seen.hidden.contains(user.id),
                   found == seen.conversations.end() ? nullptr : &found->second, shown);
  }
  json.close_array();
  return list;
}

std::string answer_json(const std::string& list) {
  std::string text;
  json::Writer json(text);
  json.open_object().member("success", true).key("data").open_object().key("users").raw(list).close_object();
  json.key("users").raw(list).close_object();
  return text;
}

void show(const AccountServices& services, conversations::Conversations& conversations, const ApiCallPtr& call,
          std::vector<account::User> users) {
  std::vector<UserId> ids;
  for (const auto& each : users) ids.push_back(each.id);
  auto seen = std::make_shared<Seen>(Seen{.users = std::move(users)});
  conversations.read_directs(call->who.user, ids, [services, &conversations, call, seen, ids](auto found) {
    if (!found) return call->fail(store_unavailable());
    for (StoredConversation& each : *found)
      if (const auto* other = other_side(each, call->who.user)) {
        const UserId id = other->user;
        seen->conversations.emplace(id, std::move(each));
      }
    conversations.blocked_among(call->who.user, ids, [services, call, seen](const auto& blocked) {
      if (!blocked) return call->fail(store_unavailable());
      seen->hidden.insert(blocked->begin(), blocked->end());
      call->answer({.body = answer_json(contacts_json(*seen, services.online))});
    });
  });
}

}  // namespace

void list_contacts(const AccountServices& services, conversations::Conversations& conversations, const ApiCallPtr& call) {
  const auto then = [services, &conversations, call](auto found) {
    if (!found) return call->fail(store_unavailable());
    show(services, conversations, call, *std::move(found));
  };
  if (call->has("q") || call->has("page") || call->has("limit"))
    return services.store.search(call->text("q").value_or(""), call->who.user, page_of(*call, kMostPerPage), then);
  services.store.contacts(call->who.user, kMostContacts, then);
}

}  // namespace belfry::gateway

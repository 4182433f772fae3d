#include "gateway/api/conversation_routes.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "domain/account/shown_name.hpp"
#include "gateway/api/api_call.hpp"
#include "gateway/api/documents.hpp"
#include "gateway/api/history_cursor.hpp"
#include "gateway/api/profile_fields.hpp"
#include "gateway/json/conversations.hpp"
#include "gateway/json/people.hpp"

namespace belfry::gateway {
namespace {

using account::UserId;
using conversation::ConversationId;
using conversation::Kind;
using conversations::Conversations;
using store::ConversationFault;
using store::StoredConversation;

/// Answers the conversation, as every change does (J-1.3).
Conversations::Done<StoredConversation> answering(const ApiCallPtr& call) {
  return [call](const Expected<StoredConversation, ConversationFault>& stored) {
    if (!stored) return call->fail(failure_of(stored.error()));
    call->succeed(conversation_json(*stored, call->who.user));
  };
}

ConversationId named(const ApiCall& call) { return ConversationId(call.id("id")); }
Conversations::Asker asker(const ApiCall& call) { return {.user = call.who.user, .operation = call.operation->id}; }

std::vector<UserId> users_of(const ApiCall& call, std::string_view field) {
  std::vector<UserId> users;
  for (const Uuid& id : call.uuids(field).value_or(std::vector<Uuid>{})) users.emplace_back(id);
  return users;
}

/// J-1.1: how many others a conversation has.
std::optional<Detail> wrong_count(const ApiCall& call, Kind kind, std::size_t others) {
  if (may_hold(kind, others)) return std::nullopt;
  const std::string_view field = call.has("memberIds") || kind == Kind::group ? "memberIds" : "userId";
  if (others > 0) return Detail{std::string(field), kind == Kind::group ? "too_long" : "invalid"};
  return Detail{std::string(field), "required"};
}

/// A list shows it for each conversation, so the picture itself is not taken: a path or an https URL.
bool is_picture(std::string_view text) { return is_image(text) && !text.starts_with("data:"); }

std::vector<Detail> wrong_details(const ApiCall& call) {
  std::vector<Detail> details;
  if (const auto title = call.text("title"); title && !title->empty() && !account::check_shown_name(*title))
    details.push_back({"title", "invalid"});
  if (const auto avatar = call.text("avatar"); avatar && !is_picture(*avatar)) details.push_back({"avatar", "invalid"});
  return details;
}

/// True: there were none.
bool accepts(const ApiCallPtr& call, std::vector<Detail> details) {
  if (details.empty()) return true;
  call->fail({.error = ApiError::validation_failed, .details = std::move(details)});
  return false;
}

store::GivenAnswer opened_answer(const store::OpenedConversation& opened, const UserId& reader) {
  return {.status = opened.how == store::Opening::made ? 201 : 200,
          .body = success_json(conversation_json(opened.stored, reader), {})};
}

void open(Conversations& conversations, const ApiCallPtr& call) {
  Conversations::OpenRequest request{.kind = conversation::parse_kind(call->required_text("kind")).value_or(Kind::group),
                                     .title = call->text("title").value_or("")};
  request.others = users_of(*call, "memberIds");
  if (const auto other = call->uuid("userId")) request.others.emplace_back(*other);
  request.others = conversation::others_among(std::move(request.others), call->who.user);
  std::vector<Detail> details = wrong_details(*call);
  if (auto wrong = wrong_count(*call, request.kind, request.others.size())) details.push_back(*std::move(wrong));
  if (!accepts(call, std::move(details))) return;
  if (const auto& claim = call->claim)
    request.claim = {.claim = *claim,
                     .write_reply = [reader = call->who.user](const auto& opened) { return opened_answer(opened, reader); }};
  conversations.open(call->who.user, std::move(request), [call](const auto& opened) {
    if (!opened) return call->fail(failure_of(opened.error()));
    call->answer_kept = call->claim.has_value();
    auto [status, body] = opened_answer(*opened, call->who.user);
    call->answer({.status = status, .body = std::move(body)});
  });
}

// Of a page: 1.7 MB of JSON, which the shard's thread writes while its other clients wait. A page that would hold more ends
// early.
constexpr std::size_t kMostMembers = 10'000;
// So many bytes of the newest message's text are at most as long in JSON as a member: six bytes a character against 170.
constexpr std::size_t kTextOfAMember = 28;

/// How many of these conversations go into one page.
std::size_t fitting(const std::vector<StoredConversation>& found) {
  std::size_t members = 0;
  const auto too_many = std::find_if(found.begin(), found.end(), [&](const StoredConversation& each) {
    members += each.conversation.members.size() + (each.newest ? each.newest->text.size() / kTextOfAMember : 0);
    return members > kMostMembers;
  });
  return static_cast<std::size_t>(too_many - found.begin());
}

/// `shown`: how many of the conversations that were found.
std::string list_json(const store::ConversationPage& found, std::size_t shown, const ApiCall& call, const store::Page& page) {
  std::string text, cursor;
  if (shown > 0 && (found.more || shown < found.conversations.size())) {
    const auto& last = found.conversations[shown - 1].conversation;
    cursor = cursor_text({.created = last.updated, .id = store::CallId(last.id.value())});
  }
  json::Writer json(text);
  json.open_object().key("conversations").open_array();
  for (std::size_t i = 0; i < shown; ++i) append_conversation(json, found.conversations[i], call.who.user);
  json.close_array().member_or_null("nextCursor", cursor);
  if (call.has("page")) append_pagination(json, page, found.total);
  json.close_object();
  return text;
}

void list(Conversations& conversations, const ApiCallPtr& call) {
  store::ConversationQuery query{.user = call->who.user, .page = page_of(*call)};
  if (const auto text = call->text("cursor")) {
    const auto cursor = parse_cursor(*text);
    if (!cursor) return call->fail_field("cursor", "invalid");
    query.after = store::ConversationCursor{.updated = cursor->created, .id = ConversationId(cursor->id.value())};
  }
  conversations.list(query, [call, page = query.page](const auto& found) {
    if (!found) return call->fail(failure_of(found.error()));
    const std::size_t shown = fitting(found->conversations);
    // The next page by its number would not begin where this one ends.
    if (shown < found->conversations.size() && call->has("page")) return call->fail_field("limit", "too_large");
    call->succeed(list_json(*found, shown, *call, page));
  });
}

void add_members(Conversations& conversations, const ApiCallPtr& call) {
  const auto role = conversation::parse_role(call->text("role").value_or(""));
  auto users = conversation::others_among(users_of(*call, "userIds"), call->who.user);
  conversations.change(named(*call), asker(*call), conversation::AddMembers{std::move(users), role}, answering(call));
}

void change_details(Conversations& conversations, const ApiCallPtr& call) {
  if (!accepts(call, wrong_details(*call))) return;
  conversations.change(named(*call), asker(*call),
                       conversation::ChangeDetails{.title = call->text("title"), .avatar = call->text("avatar")},
                       answering(call));
}

void change_membership(Conversations& conversations, const ApiCallPtr& call) {
  conversation::ChangeMembership change;
  if (const auto mode = call->text("ringMode"))
    change.ring_mode = must_have(conversation::parse_ring_mode(*mode), "validation has checked that it is one of the choices");
  if (call->is_null("mutedUntil")) change.mute = conversation::Unmute{};
  if (const auto until = call->time("mutedUntil")) change.mute = conversation::MuteUntil{*until};
  conversations.change(named(*call), asker(*call), change, answering(call));
}

void set_role(Conversations& conversations, const ApiCallPtr& call) {
  const auto role =
      must_have(conversation::parse_role(call->required_text("role")), "validation has checked that it is one of the choices");
  conversations.change(named(*call), asker(*call), conversation::SetRole{UserId(call->id("userId")), role}, answering(call));
}

void answer_block(const ApiCallPtr& call, const Expected<void, conversations::BlockFault>& done, std::string_view blocked) {
  if (!done) {
    switch (done.error()) {
      case conversations::BlockFault::self_block:
        return call->fail_field("id", "invalid");
      case conversations::BlockFault::user_unknown:
        return call->fail(failure_of(ConversationFault::user_unknown));
      case conversations::BlockFault::unavailable:
        return call->fail(store_unavailable());
    }
  }
  std::string text;
  json::Writer json(text);
  json.open_object().member("userId", to_text(call->id("id"))).key("blocked").raw(blocked).close_object();
  call->succeed(text);
}

Field title_field() {
  return {"title", FieldKind::text, Need::optional, "of a group", {}, 0, std::int64_t{conversation::kMaxTitleLength}};
}

Operation open_operation(Conversations& c) {
  return {.method = http::Method::post,
          .path = "/api/conversations",
          .id = "openConversation",
          .summary = "Make a group, or find or make the conversation with one other",
          .body = {{"kind", FieldKind::text, Need::required, "", {"direct", "group"}},
                   {"memberIds", FieldKind::uuids, Need::optional, "the others: one, or up to 999 in a group"},
                   {"userId", FieldKind::uuid, Need::optional, "the same for one"},
                   title_field()},
          .at_least_one = {"memberIds", "userId"},
          .errors = {ApiError::user_not_found, ApiError::forbidden},
          .status = 201,
          .other_status = 200,
          .data = "Conversation",
          .act = [&c](const ApiCallPtr& call) { open(c, call); }};
}

Operation list_operation(Conversations& c) {
  return {.path = "/api/conversations",
          .id = "listConversations",
          .summary = "My conversations, newest change first",
          .query = {{"page", FieldKind::integer, Need::optional, "from 1", {}, 1},
                    {"limit",
                     FieldKind::integer,
                     Need::optional,
                     "more than 100 is 100; fewer are answered, and nextCursor, once they have 10000 members",
                     {},
                     1},
                    {"cursor", FieldKind::text, Need::optional, "nextCursor of the page before, instead of page", {}, 1, 128}},
          .data = "Conversations",
          .act = [&c](const ApiCallPtr& call) { list(c, call); }};
}

Operation change_operation(Conversations& c) {
  return {.method = http::Method::patch,
          .path = "/api/conversations/{id}",
          .id = "changeConversation",
          .summary = "Change its title or picture; owner and admins",
          .body = {title_field(),
                   {"avatar",
                    FieldKind::text,
                    Need::optional,
                    "an https URL or a path; empty: none",
                    {},
                    0,
                    std::int64_t{kMaxAvatarUrl}}},
          .at_least_one = {"title", "avatar"},
          .errors = {ApiError::not_participant, ApiError::forbidden},
          .data = "Conversation",
          .act = [&c](const ApiCallPtr& call) { change_details(c, call); }};
}

Operation add_operation(Conversations& c) {
  return {.method = http::Method::post,
          .path = "/api/conversations/{id}/members",
          .id = "addMembers",
          .summary = "Add users to a group; owner and admins",
          .body = {{"userIds", FieldKind::uuids, Need::required, "", {}, 1},
                   {"role",
                    FieldKind::text,
                    Need::optional,
                    "member if absent; if given, those who are in already get it too, except the owner (403)",
                    {"admin", "member"}}},
          .errors = {ApiError::not_participant, ApiError::forbidden, ApiError::user_not_found},
          .data = "Conversation",
          .act = [&c](const ApiCallPtr& call) { add_members(c, call); }};
}

Operation remove_operation(Conversations& c) {
  return {.method = http::Method::del,
          .path = "/api/conversations/{id}/members/{userId}",
          .id = "removeMember",
          .summary = "Remove a member of a group, owner and admins; or leave it",
          .errors = {ApiError::not_participant, ApiError::forbidden},
          .data = "Conversation",
          .act = [&c](const ApiCallPtr& call) {
            c.change(named(*call), asker(*call), conversation::RemoveMember{UserId(call->id("userId"))}, answering(call));
          }};
}

Operation membership_operation(Conversations& c) {
  return {.method = http::Method::patch,
          .path = "/api/conversations/{id}/members/me",
          .id = "changeMyMembership",
          .summary = "What I want to hear of a conversation",
          .body = {{"ringMode", FieldKind::text, Need::optional, "whether calls of this group ring me", {"all", "none"}},
                   {"mutedUntil", FieldKind::time, Need::nullable,
                    "until then my clients announce none of its messages; null or a time gone by: they announce them"}},
          .at_least_one = {"ringMode", "mutedUntil"},
          .errors = {ApiError::not_participant},
          .data = "Conversation",
          .act = [&c](const ApiCallPtr& call) { change_membership(c, call); }};
}

Operation role_operation(Conversations& c) {
  return {.method = http::Method::patch,
          .path = "/api/conversations/{id}/members/{userId}",
          .id = "changeMember",
          .summary = "Give a member of a group another role; its owner, who stays as admin after handing it over",
          .body = {{"role", FieldKind::text, Need::required, "", {"owner", "admin", "member"}}},
          .errors = {ApiError::not_participant, ApiError::forbidden, ApiError::user_not_found},
          .data = "Conversation",
          .act = [&c](const ApiCallPtr& call) { set_role(c, call); }};
}

}  // namespace

Operations conversation_operations(Conversations& conversations) {
  Conversations& c = conversations;
  return {
      open_operation(c),
      list_operation(c),
      {.path = "/api/conversations/{id}",
       .id = "readConversation",
       .summary = "A conversation of mine",
       .errors = {ApiError::not_participant},
       .data = "Conversation",
       .act = [&c](const ApiCallPtr& call) { c.read(named(*call), asker(*call), answering(call)); }},
      change_operation(c),
      {.method = http::Method::del,
       .path = "/api/conversations/{id}",
       .id = "deleteConversation",
       .summary = "Delete a group; its owner",
       .errors = {ApiError::not_participant, ApiError::forbidden},
       .data = "Conversation",
       .act = [&c](const ApiCallPtr& call) { c.change(named(*call), asker(*call), conversation::Delete{}, answering(call)); }},
      add_operation(c),
      membership_operation(c),
      role_operation(c),
      remove_operation(c)};
}

Operations block_operations(Conversations& conversations) {
  Conversations& c = conversations;
  return {{.method = http::Method::put,
           .path = "/api/users/{id}/block",
           .id = "blockUser",
           .summary = "Block a user",
           .errors = {ApiError::user_not_found},
           .data = "Block",
           .act =
               [&c](const ApiCallPtr& call) {
                 c.block(call->who.user, UserId(call->id("id")), [call](const auto& done) { answer_block(call, done, "true"); });
               }},
          {.method = http::Method::del,
           .path = "/api/users/{id}/block",
           .id = "unblockUser",
           .summary = "Take a block back",
           .data = "Block",
           .act = [&c](const ApiCallPtr& call) {
             c.unblock(call->who.user, UserId(call->id("id")), [call](const auto& done) { answer_block(call, done, "false"); });
           }}};
}

}  // namespace belfry::gateway

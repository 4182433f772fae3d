// What the parts of a shard ask of each other: the ports of those that ask most (shard_stack.cpp puts them together). Each names
// members that may not be made yet: they are asked only once the shard runs.
#include <utility>

#include "gateway/json/conversations.hpp"
#include "gateway/json/messages.hpp"
#include "main/shard_stack.hpp"

namespace belfry {

calls::Ports ShardStack::call_ports(const net::ShardContext& context, const SharedParts& parts) {
  return {
      context.mailboxes,
      clock_,
      context.random,
      parts.log,
      delivery_,
      call_store_,
      store_.outbox,
      store_.conversations,
      parts.wake_outbox,
      [this](const auto& user, const auto& conversation) { return newest_token(user, conversation); },
      [this](std::vector<account::UserId> users, auto done) { push_.owners().can_be_rung(std::move(users), std::move(done)); },
      [this](const call::CallId& call, const auto& users) { push_.owners().log_those_without(call, users); },
      parts.row_changed,
      [this](const store::WrittenEntry& entry) { chat_.call_ended(entry); }};
}

gateway::PeerSockets::Ports ShardStack::peer_socket_ports(const SharedParts& parts) {
  return {parts.peers,
          peers_,
          endpoint_.websockets(),
          parts.tokens,
          clock_,
          parts.log,
          [this](account::UserId user, store::Done<gateway::PeerSockets::Found> done) {
            store_.accounts.find(user, [done = std::move(done)](const auto& found) {
              if (!found) return done(unexpected(found.error()));
              done(found->has_value());
            });
          },
          ensure_known()};
}

peers::Peers::Ports ShardStack::peer_ports(const net::ShardContext& context) {
  return {context.mailboxes, clock_, peer_sockets_,
          [this](const account::UserId& one, const account::UserId& other, std::function<void(bool)> done) {
            store_.conversations.blocked_among(
                one, {other}, [done = std::move(done)](const auto& blocked) { done(!blocked || !blocked->empty()); });
          }};
}

virtual_peers::VirtualPeers::Ports ShardStack::virtual_peer_ports(const net::ShardContext& context, const SharedParts& parts) {
  return {context.mailboxes,
          clock_,
          parts.peers,
          peers_,
          parts.calls.sessions(),
          [this](const account::UserId& user, std::function<void(const std::string&)> done) {
            store_.accounts.find(user, [done = std::move(done)](const auto& found) {
              done(found && *found ? (*found)->display_name : std::string{});
            });
          },
          [&calls = parts.calls](const account::UserId& user) {
            std::vector<call::CallId> ids;
            for (const auto& each : calls.calls_of(user)) ids.push_back(each.id);
            return ids;
          },
          [&calls = parts.calls, &mailboxes = context.mailboxes](const calls::Actor& actor, const call::CallId& call,
                                                                 const virtual_peers::ToCall& signal) {
            calls.on_shards().post(mailboxes, actor.at.shard, [actor, call, signal](calls::Calls& there) {
              static_cast<void>(there.signal(actor, call, {.kind = signal.kind, .payload = signal.body}, {}));
            });
          }};
}

gateway::TokenDialect::Ports ShardStack::token_ports() {
  return {dialect_calls_,
          router_,
          socket_out_,
          shown_archive_,
          clock_,
          ensure_known(),
          [this](const auto& user, const auto& conversation, std::string_view event) {
            conversations_.note_refused({user, event}, conversation);
          },
          &media_tokens_};
}

gateway::ChatDialect::Ports ShardStack::chat_dialect_ports() {
  return {.calls = dialect_calls_,
          .in = router_,
          .out = socket_out_,
          .accounts = store_.accounts,
          .blocks = store_.conversations,
          .clock = clock_,
          .online = online_lists_,
          .ensure_known = ensure_known(),
          .timeouts = &held_timeouts_,
          .peers = &peers_of_users_,
          .messages = gateway::chat_clients::MessagePorts{chat_, direct_conversations_, direct_messages_}};
}

conversations::Conversations::Ports ShardStack::conversation_ports(const net::ShardContext& context, const SharedParts& parts) {
  return {store_.conversations,
          clock_,
          context.random,
          parts.strangers,
          [this](const conversation::ConversationId& id, const conversations::Departures& gone) {
            if (gone.ended) return calls_.conversation_ended(id);
            calls_.left_conversation(id, gone.users);
          },
          [&parts, &mailboxes = context.mailboxes](const account::UserId& one, const account::UserId& other) {
            parts.watches.blocks_changed(mailboxes, one, other);
            for (ShardIndex shard = 0; shard < parts.chat_dialects.size(); ++shard)
              parts.chat_dialects.post(mailboxes, shard, [one, other](auto& there) { there.blocks_changed(one, other); });
          },
          [this](store::ConversationChange change, auto done) { chat_.change(std::move(change), std::move(done)); },
          [this](const store::StoredConversation& made) { chat_.opened(made); }};
}

chat::Chat::Ports ShardStack::chat_ports(const net::ShardContext& context, const SharedParts& parts) {
  return {message_store_,
          parts.calls.sessions(),
          delivery_,
          context.mailboxes,
          clock_,
          context.random,
          parts.messages,
          gateway::message_json,
          [this](const chat::Asker& asker, const conversation::ConversationId& conversation) {
            conversations_.note_refused({asker.user, asker.operation}, conversation);
          },
          &store_.conversations,
          gateway::conversation_news_json};
}

}  // namespace belfry

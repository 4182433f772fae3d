#include "main/shard_stack.hpp"

#include <utility>

#include "app/accounts/logins_left.hpp"
#include "gateway/api/admin_routes.hpp"
#include "gateway/api/presence_routes.hpp"
#include "gateway/api/seed_004_routes.hpp"
#include "gateway/json/presence.hpp"

namespace belfry {

accounts::EnsureKnown ShardStack::ensure_known() {
  return [this](const accounts::Identity& who, std::function<void(const accounts::KnownUser&)> done) {
    external_users_.ensure_known(who, std::move(done));
  };
}

std::optional<call::Provider> ShardStack::newest_token(const account::UserId& user,
                                                       const conversation::ConversationId& conversation) const {
  const auto newest = call_tokens_.newest(user, call_tokens::channel_of(conversation));
  return newest ? std::optional(newest->provider) : std::nullopt;
}

ShardStack::ShardStack(const net::ShardContext& context, const SharedParts& parts, StackCounters& counters)
    : counters_(counters),
      clock_(parts.trial ? parts.trial->clock : context.clock),
      random_(context.random),
      store_(parts.backend.ports(context.index)),
      call_store_(parts.trial ? faulty_.emplace(store_.calls, parts.trial->faults) : store_.calls),
      shown_calls_(call_store_, parts.calls.media()),
      shown_archive_(store_.archive, parts.calls.media()),
      message_store_(parts.trial ? faulty_messages_.emplace(store_.messages, parts.trial->faults) : store_.messages),
      routes_(parts.routes, parts.view, {parts.files, parts.site}, parts.http_counters, api_),
      router_(parts.router, {parts.tokens, clock_, context.random, parts.log}),
      chat_sessions_({router_, parts.calls.sessions(), parts.peers, parts.virtual_peers, context.mailboxes}),
      delivery_(context.index, parts.deliveries, context.mailboxes, chat_sessions_),
      sessions_(parts.calls.sessions(), delivery_),
      presence_(parts.online, clock_, parts.presence_grace),
      last_activity_(parts.calls.sessions(), store_.accounts, clock_),
      calls_(context.index, parts.calls, call_ports(context, parts)),
      endpoint_({context.index, context.link, context.mailboxes, context.clock, context.random}, parts.engine, parts.http,
                routes_, failures_),
      sockets_(context.index, endpoint_.engine(), router_, context.mailboxes, context.clock, context.random, parts.sockets,
               parts.shared_sockets),
      peer_sockets_(parts.peerjs, peer_socket_ports(parts)),
      peers_(context.index, parts.peers, peer_ports(context)),
      virtual_peers_(context.index, parts.virtual_peers, virtual_peer_ports(context, parts)),
      peers_of_users_(parts.peers, chat_sessions_),
      returning_users_(peers_),
      peer_routes_(parts.peerjs, peers_, clock_, context.random),
      external_users_({store_.accounts, clock_, parts.log, parts.calls.redacted()}),
      guests_(parts.guests, store_.accounts, clock_, context.random),
      dialect_calls_(calls_, sessions_, parts.calls.sessions(), socket_out_),
      socket_out_(sockets_),
      signaling_(parts.native.signals, {dialect_calls_, router_, socket_out_, guests_, clock_, ensure_known(),
                                        [&peers = parts.peers](const auto& user) { return peers.has_peer(user); }}),
      native_(parts.native, {dialect_calls_, router_, socket_out_, shown_calls_, shown_archive_, clock_, ensure_known(),
                             &parts.reads, &media_tokens_, &chat_, &watches_}),
      people_news_(context.index, parts.people_news,
                   {context.mailboxes, context.clock, [this](std::string_view members) { native_.tell_of_people(members); }}),
      watches_(context.index, parts.watches,
               {store_.accounts, parts.calls.sessions(), parts.online, context.mailboxes, context.clock, native_,
                gateway::seen_members}),
      token_(parts.native.signals, token_ports()),
      online_lists_(context.index, {parts.online_lists, context.mailboxes, socket_out_, context.clock}),
      held_timeouts_(socket_out_, context.clock),
      chat_dialect_(parts.chat, chat_dialect_ports()),
      consequences_(consequences(context, parts)),
      hasher_(parts.passwords, context.index),
      accounts_({store_.accounts, hasher_, parts.tokens, parts.revocations, consequences_, clock_, context.random}),
      conversations_(conversation_ports(context, parts)),
      chat_(context.index, parts.chats, chat_ports(context, parts)),
      files_(context.index, {.max_bytes = parts.file_storage.max_bytes()},
             {store_.files, parts.file_storage.blob_store(), parts.file_storage.codec(), parts.file_storage.workers(), clock_,
              context.random, &parts.uploads}),
      direct_conversations_(conversations_, store_.conversations),
      direct_messages_({chat_, direct_conversations_, files_}),
      push_(parts.push, parts.push_counters, parts.push_policy, context.index, store_, clock_, context.random, parts.log),
      call_tokens_(parts.token_rules,
                   {store_.conversations, call_store_, store_.accounts, clock_, context.random, parts.mint, parts.issued_tokens}),
      expiry_notices_(parts.mint.settings().life, {parts.calls, delivery_, call_store_, clock_, parts.issued_tokens}),
      ice_(parts.ice, context.clock,
           parts.twilio == nullptr ? nullptr : &relays_.emplace(*parts.twilio, context.index, context.clock)),
      media_tokens_(token_services(parts), clock_),
      api_(parts.api,
           {parts.tokens, store_.accounts, clock_, context.random, parts.log, parts.keys, ensure_known(), &parts.reads,
            [this](account::UserId user, std::string_view device) { push_.devices().used(user, device); }},
           operations(parts, context.index)) {
  connect(parts, context.index);
  if (context.index == 0) tend_server(parts, context.index);
}

accounts::Accounts::Consequences ShardStack::consequences(const net::ShardContext& context, const SharedParts& parts) {
  return {[this, &parts](account::LoginId login, account::UserId user, accounts::LoginEnd how) {
            const bool left = how == accounts::LoginEnd::left;
            const auto departure = left ? sessions::Departure::left : sessions::Departure::revoked;
            sessions_.end_login(login, user, departure);
            if (left) peers_.login_left(login);
            if (how == accounts::LoginEnd::revoked) peers_.end_login(login);
            // Who was refreshed elsewhere goes on with the next login.
            if (how != accounts::LoginEnd::elsewhere) calls_.login_ended(user, login, departure);
            if (calls_.is_in_a_call(user))
              accounts::if_no_login_is_left(store_.accounts, parts.revocations, clock_, user,
                                            [this, user] { calls_.login_ended(user, {}, sessions::Departure::revoked); });
          },
          [this, &parts](account::UserId user, account::UserStatus status) {
            parts.guests.forget_all();  // their status is part of what it remembers
            if (status == account::UserStatus::active) return;
            calls_.expel(user, call::EndReason::user_deactivated);
            sessions_.end_all(user);
            peers_.end_user(user);
          },
          [&parts, &mailboxes = context.mailboxes](const account::User& user) { parts.people_news.changed(mailboxes, user); }};
}

void ShardStack::connect(const SharedParts& parts, ShardIndex shard) {
  router_.serve({{"native", native_, {}, gateway::Native::kStartingEvents},
                 {"signaling", signaling_, gateway::Signaling::opening_events(), gateway::Signaling::kStartingEvents},
                 {"token", token_, gateway::TokenDialect::kOpeningEvents},
                 {gateway::ChatDialect::kName, chat_dialect_}});
  parts.chat_dialects.enter(shard, chat_dialect_);
  sessions_.add_listener(chat_sessions_);  // before the calls: they may ring the session at once
  sessions_.add_listener(returning_users_);
  sessions_.add_listener(calls_);
  sessions_.add_listener(push_);
  sessions_.add_listener(presence_);
  sessions_.add_listener(last_activity_);
  parts.shared_sockets.on_shards().enter(shard, sockets_);
  if (parts.role == ServerRole::all) {
    endpoint_.mount("/socket.io/", sockets_);
    // SPEC K51: a client puts its own path in front, and that is "/" or "/peerjs".
    endpoint_.mount("/peerjs", peer_sockets_);
    endpoint_.mount("/peerjs/peerjs", peer_sockets_);
    routes_.serve_peers(peer_routes_);
  }
  endpoint_.add_time_user({[this] { return sockets_.next_deadline(); }, [this](TimePoint now) { sockets_.on_time(now); }});
  add_domain_time_user(
      parts, shard,
      {[this] { return calls_.next_deadline().value_or(protocol::kNever); }, [this](TimePoint now) { calls_.on_time(now); }});
  add_domain_time_user(parts, shard, {[this] { return peers_.next_deadline(); }, [this](TimePoint now) { peers_.on_time(now); }});
  peers_.set_calls(virtual_peers_);
  // On virtual time too: a page's two connections take as long as ever.
  endpoint_.add_time_user(
      {[this] { return virtual_peers_.next_deadline(); }, [this](TimePoint now) { virtual_peers_.on_time(now); }});
  call_tokens_.set_listener(
      [this](const account::UserId& user, const call_tokens::MediaToken& token) { expiry_notices_.add(user, token); });
  add_domain_time_user(parts, shard,
                       {[this] { return expiry_notices_.next_deadline().value_or(protocol::kNever); },
                        [this](TimePoint now) { expiry_notices_.on_time(now); }});
  add_domain_time_user(
      parts, shard,
      {[this] { return chat_.next_deadline().value_or(protocol::kNever); }, [this](TimePoint now) { chat_.on_time(now); }});
  add_domain_time_user(parts, shard,
                       {[this] { return presence_.next_deadline().value_or(protocol::kNever); },
                        [this](TimePoint now) { presence_.on_time(now); }});
  // Real time: a change on virtual time is told without an advance.
  endpoint_.add_time_user(
      {[this] { return watches_.next_deadline().value_or(protocol::kNever); }, [this](TimePoint now) { watches_.on_time(now); }});
  endpoint_.add_time_user({[this] { return people_news_.next_deadline().value_or(protocol::kNever); },
                           [this](TimePoint now) { people_news_.on_time(now); }});
  add_domain_time_user(parts, shard,
                       {[this] { return signaling_.next_deadline(); }, [this](TimePoint now) { signaling_.on_time(now); }});
  add_domain_time_user(parts, shard,
                       {[this] { return chat_dialect_.next_deadline(); }, [this](TimePoint now) { chat_dialect_.on_time(now); }});
  // Real time: who comes on virtual time is shown to the others without an advance.
  endpoint_.add_time_user(
      {[this] { return online_lists_.next_deadline(); }, [this](TimePoint now) { online_lists_.on_time(now); }});
  endpoint_.add_time_user(
      {[this] { return held_timeouts_.next_deadline(); }, [this](TimePoint now) { held_timeouts_.on_time(now); }});
}

void ShardStack::tend_server(const SharedParts& parts, ShardIndex shard) {
  if (parts.role == ServerRole::all) calls_.sweep_from_now_on();
  housekeeping_.emplace(
      Housekeeping::Parts{store_, parts.revocations, consequences_, clock_, parts.last_change, parts.retention});
  endpoint_.add_time_user(
      {[this] { return housekeeping_->next_deadline(); }, [this](TimePoint now) { housekeeping_->on_time(now); }});
  unheard_ends_.emplace(store_.outbox, parts.outbox_read, [&parts](const store::OutboxEntry& entry) {
    parts.calls.unheard().remember(entry);
    parts.notify_end(entry);
  });
  node_keeper_.emplace(NodeKeeper::Parts{store_.nodes, *unheard_ends_, clock_,
                                         parts.role == ServerRole::all ? parts.backend.sharing() : Backend::Sharing::alone,
                                         parts.adopt});
  endpoint_.add_time_user(
      {[this] { return node_keeper_->next_deadline(); }, [this](TimePoint now) { node_keeper_->on_time(now); }});
  unused_files_.emplace(
      shard, parts.file_storage.unused_kept(),
      files::UnusedFiles::Ports{store_.files, parts.file_storage.blob_store(), parts.file_storage.workers(), clock_});
  add_domain_time_user(
      parts, shard, {[this] { return unused_files_->next_deadline(); }, [this](TimePoint now) { unused_files_->on_time(now); }});
  outbox_worker_.emplace(store_.due_entries, clock_, parts.log);
  if (parts.role == ServerRole::all)
    push_.serve(*outbox_worker_, call_store_, parts.log, parts.wake_outbox,
                [this](const call::CallId& call, const account::UserId& user) { calls_.ring_pushed(call, user); });
  add_domain_time_user(parts, shard,
                       {[this] { return outbox_worker_->next_deadline().value_or(protocol::kNever); },
                        [this](TimePoint now) { outbox_worker_->on_time(now); }});
}

gateway::Operations ShardStack::operations(const SharedParts& parts, ShardIndex shard) {
  gateway::Operations all = common_operations(parts);
  const auto add = [&](gateway::Operations more) { all.insert(all.end(), more.begin(), more.end()); };
  if (parts.role == ServerRole::all) add(call_operations(parts));
  if (parts.trial) {
    const auto& [clock, time_machine, faults] = *parts.trial;
    trial_.emplace(ShardTrial::Parts{shard, clock, time_machine, faults, store_.calls, store_.nodes, parts.forget});
    add(trial_operations(*trial_));
  }
  return all;
}

gateway::TokenServices ShardStack::token_services(const SharedParts& parts) {
  return {call_tokens_, conversations_, ice_, parts.token_limits, parts.token_counters, parts.log};
}

gateway::Operations ShardStack::common_operations(const SharedParts& parts) {
  const gateway::AccountServices people{accounts_, store_.accounts, parts.online,       parts.login_limits,
                                        files_,    parts.cookie,    parts.min_password, parts.seed_004_min_password};
  const gateway::TokenServices tokens = token_services(parts);
  gateway::Operations all;
  const auto add = [&](gateway::Operations more) { all.insert(all.end(), more.begin(), more.end()); };
  add(auth_operations(people));
  add(login_operations(people));
  add(profile_operations(people));
  add(people_operations(people, conversations_));
  add(gateway::seed_004_user_operations(people, conversations_));
  add(seed_001_account_operations(people));
  add(avatar_operations(people));
  add(token_operations(tokens));
  add(seed_000_token_operations(tokens));
  add(seed_002_token_operations(tokens));
  add(gateway::ice_operations(ice_));
  for (gateway::Operation& each :
       gateway::admin_operations({calls_, shown_calls_, shown_archive_, accounts_, parts.calls.sessions(), parts.show_config,
                                  parts.show_lint, parts.drain}))
    if (parts.role == ServerRole::all || !each.path.starts_with("/api/admin/calls")) all.push_back(std::move(each));
  return all;
}

gateway::Operations ShardStack::call_operations(const SharedParts& parts) {
  const gateway::CallServices calls{calls_, shown_calls_, shown_archive_, parts.busy_status, &parts.signals, &parts.reports};
  gateway::Operations all;
  const auto add = [&](gateway::Operations more) { all.insert(all.end(), more.begin(), more.end()); };
  add(gateway::call_operations(calls));
  add(call_reading_operations(calls));
  add(seed_001_call_operations(calls));
  add(gateway::presence_operations(store_.accounts, parts.online));
  add(gateway::conversation_operations(conversations_));
  add(gateway::block_operations(conversations_));
  const gateway::MessageServices messages{chat_, &parts.signals};
  add(gateway::message_operations(messages));
  add(gateway::seed_004_message_operations({store_.accounts, conversations_, messages, direct_messages_}));
  add(gateway::file_operations({files_, parts.file_storage.max_bytes()}));
  add(gateway::device_operations({push_.devices(), store_.devices, parts.push_policy.vapid_public_key}));
  return all;
}

void ShardStack::add_domain_time_user(const SharedParts& parts, ShardIndex shard, protocol::TimeUser user) {
  if (parts.trial) return parts.trial->time_machine.add(shard, std::move(user));
  endpoint_.add_time_user(std::move(user));
}

void ShardStack::on_open(protocol::ConnectionId connection, const protocol::ConnectionFacts& facts) {
  endpoint_.on_open(connection, facts);
}

std::size_t ShardStack::on_bytes(protocol::ConnectionId connection, MutableBytes input) {
  const std::size_t used = endpoint_.on_bytes(connection, input);
  publish_counts();
  return used;
}

void ShardStack::on_closed(protocol::ConnectionId connection) {
  endpoint_.on_closed(connection);
  publish_counts();
}

TimePoint ShardStack::next_deadline() const { return endpoint_.next_deadline(); }

void ShardStack::on_time(TimePoint now) {
  endpoint_.on_time(now);
  publish_counts();
}

void ShardStack::announce_drain() {
  calls_.drain();
  native_.drain();
}

void ShardStack::run_outbox() {
  if (!outbox_worker_) return;
  outbox_worker_->wake();
  outbox_worker_->on_time(clock_.now());
}

void ShardStack::on_drain() {
  calls_.freeze();  // before closing the sockets
  endpoint_.on_drain();
}

void ShardStack::publish_counts() {
  counters_.engine_sessions.set(endpoint_.engine().count());
  counters_.sockets.set(sockets_.count());
  counters_.recovered.set(sockets_.recovered_count());
  counters_.events.set(router_.counts().events);
  counters_.refused_events.set(signaling_.counts().refused);
  counters_.relayed_candidates.set(signaling_.counts().relayed_candidates);
}

}  // namespace belfry

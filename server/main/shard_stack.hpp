// ShardStack: everything that one shard thread owns, wired together: routes, Engine.IO, Socket.IO, the dialects and the calls.
// Built and destroyed on its shard's thread; net/ drives it as a protocol::Handler.
#pragma once

#include <optional>

#include "app/accounts/accounts.hpp"
#include "app/accounts/external_users.hpp"
#include "app/call_tokens/call_tokens.hpp"
#include "app/call_tokens/expiry_notices.hpp"
#include "app/calls/calls.hpp"
#include "app/calls/shared_calls.hpp"
#include "app/chat/chat.hpp"
#include "app/conversations/conversations.hpp"
#include "app/direct_messages/direct_conversations.hpp"
#include "app/direct_messages/direct_messages.hpp"
#include "app/files/files.hpp"
#include "app/files/unused_files.hpp"
#include "app/ice/ice_servers.hpp"
#include "app/outbox/end_follower.hpp"
#include "app/outbox/worker.hpp"
#include "app/peers/peers.hpp"
#include "app/presence/watches.hpp"
#include "app/sessions/last_activity.hpp"
#include "app/sessions/presence.hpp"
#include "app/virtual_peers/chat_sessions.hpp"
#include "app/virtual_peers/virtual_peers.hpp"
#include "gateway/api/account_routes.hpp"
#include "gateway/api/call_routes.hpp"
#include "gateway/api/conversation_routes.hpp"
#include "gateway/api/device_routes.hpp"
#include "gateway/api/file_routes.hpp"
#include "gateway/api/login_limits.hpp"
#include "gateway/api/message_routes.hpp"
#include "gateway/api/router.hpp"
#include "gateway/api/token_routes.hpp"
#include "gateway/chat/chat_dialect.hpp"
#include "gateway/dialects/shard_ports.hpp"
#include "gateway/dialects/socket_router.hpp"
#include "gateway/http_routes.hpp"
#include "gateway/json/session_failures.hpp"
#include "gateway/native/native.hpp"
#include "gateway/native/people_news.hpp"
#include "gateway/peerjs/peer_routes.hpp"
#include "gateway/peerjs/peer_sockets.hpp"
#include "gateway/signaling/signaling.hpp"
#include "gateway/token/issued_media_tokens.hpp"
#include "gateway/token/token_dialect.hpp"
#include "main/file_storage.hpp"
#include "main/guests.hpp"
#include "main/housekeeping.hpp"
#include "main/node_keeper.hpp"
#include "main/peers_of_users.hpp"
#include "main/returning_users.hpp"
#include "main/shard_hasher.hpp"
#include "main/shard_push.hpp"
#include "main/shard_relays.hpp"
#include "main/stores/backend.hpp"
#include "main/trial/faults.hpp"
#include "main/trial/shard_trial.hpp"
#include "main/trial/time_machine.hpp"
#include "net/counters.hpp"
#include "net/server.hpp"
#include "protocol/endpoint.hpp"
#include "protocol/sockets.hpp"

namespace belfry {

/// What only a server on virtual time has (--virtual-time).
struct TrialParts {
  const Clock& clock;
  TimeMachine& time_machine;
  Faults& faults;
};

/// token: only accounts, media tokens and the routes for operators; no sockets and no calls (R-002-17).
enum class ServerRole : std::uint8_t { all, token };

/// What all shards share: immutable, or guarded inside. Product owns all of it, and makes this when the last part is there, right
/// before the first shard.
struct SharedParts {
  protocol::EngineSettings engine;
  protocol::SocketSettings sockets;
  protocol::HttpSettings http;
  gateway::SocketRouterSettings router;
  gateway::HttpRoutes::Options routes;
  const gateway::ServerView& view;
  const gateway::StaticFiles& files;
  const gateway::StaticFiles& site;
  gateway::HttpCounters& http_counters;
  gateway::ApiSettings api;
  gateway::NativeSettings native;
  gateway::PeerJsSettings peerjs;
  gateway::CookieSafety cookie;
  std::int64_t min_password;
  std::int64_t seed_004_min_password;
  int busy_status;
  sessions::Deliveries& deliveries;
  calls::SharedCalls& calls;
  sessions::OnlineUsers& online;
  Duration presence_grace;
  presence::AllWatches& watches;
  gateway::chat_clients::SharedOnline& online_lists;
  gateway::native::AllPeopleNews& people_news;
  gateway::ChatSettings chat;
  OnShards<gateway::ChatDialect>& chat_dialects;
  peers::SharedPeers& peers;
  virtual_peers::AllVirtualPeers& virtual_peers;
  accounts::RevocationCache& revocations;
  gateway::KeysInUse& keys;
  conversations::RefusedStrangers& strangers;
  chat::Chats& chats;
  chat::SendLimit& messages;
  files::UploadLimit& uploads;
  gateway::LoginLimits& login_limits;
  gateway::LimitByLogin& signals;
  gateway::LimitByLogin& reports;
  limits::ReadsInFlight& reads;
  ServerRole role;
  call_tokens::TokenRules token_rules;
  gateway::TokenLimits& token_limits;
  gateway::TokenCounters& token_counters;
  const call_tokens::TokenMint& mint;
  call_tokens::IssuedTokens& issued_tokens;
  const ice::IceSettings& ice;
  twilio::TwilioRelays* twilio;  // null: not configured
  FileStorage& file_storage;
  protocol::SharedSockets& shared_sockets;
  NameCache& guests;
  const accounts::Tokens& tokens;
  passwords::PasswordPool& passwords;
  push::PushService& push;
  push::PushCounters& push_counters;
  PushPolicy push_policy;
  Backend& backend;
  std::optional<TrialParts> trial;
  Log& log;
  /// Where the database was when this server last read it.
  std::uint64_t last_change;
  std::uint64_t outbox_read;
  Duration retention;
  /// For administrators: the settings in force, secrets masked.
  std::function<std::string()> show_config;
  /// For administrators: settings that work and are dangerous.
  std::function<std::string()> show_lint;
  /// For administrators: starts a drain, like SIGTERM.
  std::function<void()> drain;
  /// Clears what the process keeps in memory outside the store (POST /test/reset). Any shard.
  std::function<void()> forget;
  /// Takes over calls whose server is gone. Any shard.
  std::function<void(store::TakenOver)> adopt;
  /// Sends a connected user the end that another server added to the outbox. Any shard.
  std::function<void(const store::OutboxEntry&)> notify_end;
  /// See calls::Ports. Any shard.
  std::function<void(const store::CallRow*, const store::CallRow*)> row_changed;
  /// There are entries in the outbox that are due now. Any shard.
  std::function<void()> wake_outbox;
};

/// The shard writes them; /metrics reads them.
struct StackCounters {
  net::Counter engine_sessions;
  net::Counter sockets;
  net::Counter recovered;
  net::Counter events;
  net::Counter refused_events;
  net::Counter relayed_candidates;
};

class ShardStack : public protocol::Handler {
 public:
  ShardStack(const net::ShardContext& context, const SharedParts& parts, StackCounters& counters);
  void on_open(protocol::ConnectionId connection, const protocol::ConnectionFacts& facts) override;
  std::size_t on_bytes(protocol::ConnectionId connection, MutableBytes input) override;
  [[nodiscard]] bool owes_answer(protocol::ConnectionId connection) override { return endpoint_.owes_answer(connection); }
  void on_closed(protocol::ConnectionId connection) override;
  [[nodiscard]] TimePoint next_deadline() const override;
  void on_time(TimePoint now) override;
  void on_drain() override;
  void announce_drain();
  /// Sends what is due. Only the shard that tends the server does anything.
  void run_outbox();

 private:
  /// Registers a user of the domain's time: on the shard's clock, or on the virtual one.
  void add_domain_time_user(const SharedParts& parts, ShardIndex shard, protocol::TimeUser user);
  /// Starts the tasks that one shard does for the whole server.
  void tend_server(const SharedParts& parts, ShardIndex shard);
  [[nodiscard]] gateway::Operations operations(const SharedParts& parts, ShardIndex shard);
  /// Those that a server of any role has.
  [[nodiscard]] gateway::Operations common_operations(const SharedParts& parts);
  [[nodiscard]] gateway::Operations call_operations(const SharedParts& parts);
  [[nodiscard]] gateway::TokenServices token_services(const SharedParts& parts);
  [[nodiscard]] accounts::EnsureKnown ensure_known();
  /// J-8.1: of the user's newest media token for the conversation.
  [[nodiscard]] std::optional<call::Provider> newest_token(const account::UserId& user,
                                                           const conversation::ConversationId& conversation) const;
  [[nodiscard]] accounts::Accounts::Consequences consequences(const net::ShardContext& context, const SharedParts& parts);
  // shard_ports.cpp
  [[nodiscard]] calls::Ports call_ports(const net::ShardContext& context, const SharedParts& parts);
  [[nodiscard]] gateway::PeerSockets::Ports peer_socket_ports(const SharedParts& parts);
  [[nodiscard]] peers::Peers::Ports peer_ports(const net::ShardContext& context);
  [[nodiscard]] virtual_peers::VirtualPeers::Ports virtual_peer_ports(const net::ShardContext& context, const SharedParts& parts);
  [[nodiscard]] gateway::TokenDialect::Ports token_ports();
  [[nodiscard]] gateway::ChatDialect::Ports chat_dialect_ports();
  [[nodiscard]] conversations::Conversations::Ports conversation_ports(const net::ShardContext& context,
                                                                       const SharedParts& parts);
  [[nodiscard]] chat::Chat::Ports chat_ports(const net::ShardContext& context, const SharedParts& parts);
  /// Introduces to each other what could not name each other when it was built.
  void connect(const SharedParts& parts, ShardIndex shard);
  void publish_counts();

  StackCounters& counters_;
  const Clock& clock_;
  Random& random_;
  StorePorts store_;
  std::optional<FaultyCallStore> faulty_;  // with --virtual-time only
  store::CallStore& call_store_;
  calls::CallsWithMedia shown_calls_;
  calls::ArchiveWithMedia shown_archive_;
  std::optional<FaultyMessageStore> faulty_messages_;  // with --virtual-time only
  store::MessageStore& message_store_;
  gateway::HttpRoutes routes_;
  gateway::SessionFailures failures_;
  gateway::SocketRouter router_;
  virtual_peers::ChatSessions chat_sessions_;
  sessions::Delivery delivery_;
  sessions::ShardSessions sessions_;
  sessions::ShardPresence presence_;
  sessions::LastActivity last_activity_;
  calls::Calls calls_;
  protocol::Endpoint endpoint_;
  protocol::Sockets sockets_;
  gateway::PeerSockets peer_sockets_;
  peers::Peers peers_;
  virtual_peers::VirtualPeers virtual_peers_;
  PeersOfUsers peers_of_users_;
  ReturningUsers returning_users_;
  gateway::PeerRoutes peer_routes_;
  accounts::ExternalUsers external_users_;
  Guests guests_;
  gateway::ShardCalls dialect_calls_;
  gateway::SocketIoOut socket_out_;
  gateway::Signaling signaling_;
  gateway::Native native_;
  gateway::native::PeopleNews people_news_;
  presence::Watches watches_;
  gateway::TokenDialect token_;
  gateway::chat_clients::OnlineLists online_lists_;
  gateway::chat_clients::HeldTimeouts held_timeouts_;
  gateway::ChatDialect chat_dialect_;
  accounts::Accounts::Consequences consequences_;
  ShardHasher hasher_;
  accounts::Accounts accounts_;
  conversations::Conversations conversations_;
  chat::Chat chat_;
  files::Files files_;
  direct_messages::DirectConversations direct_conversations_;
  direct_messages::DirectMessages direct_messages_;
  ShardPush push_;
  call_tokens::CallTokens call_tokens_;
  call_tokens::ExpiryNotices expiry_notices_;
  std::optional<ShardRelays> relays_;
  ice::IceServers ice_;
  gateway::token::IssuedMediaTokens media_tokens_;
  std::optional<ShardTrial> trial_;
  gateway::ApiRouter api_;
  // on one shard only
  std::optional<Housekeeping> housekeeping_;
  std::optional<outbox::EndFollower> unheard_ends_;
  std::optional<outbox::Worker> outbox_worker_;
  std::optional<NodeKeeper> node_keeper_;
  std::optional<files::UnusedFiles> unused_files_;
};

}  // namespace belfry

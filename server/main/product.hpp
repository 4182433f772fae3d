// Product: the composition root, and the owner of all that shards share. start() makes those parts of a Config, in order, and
// runs net/ with one ShardStack per shard. It answers what the routes and the `stats` log line ask of the whole server. Not here:
// what each part is configured with (settings.hpp), and what one shard owns (shard_stack.hpp).
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/jwks/jwks_source.hpp"
#include "adapters/passwords/password_pool.hpp"
#include "adapters/push/push_service.hpp"
#include "adapters/redis/publisher.hpp"
#include "app/accounts/revocation_cache.hpp"
#include "app/accounts/tokens.hpp"
#include "app/calls/shared_calls.hpp"
#include "app/chat/chat.hpp"
#include "app/conversations/refused_strangers.hpp"
#include "app/peers/shared_peers.hpp"
#include "app/sessions/presence.hpp"
#include "app/virtual_peers/virtual_peers.hpp"
#include "base/on_shards.hpp"
#include "gateway/native/people_news.hpp"
#include "gateway/server_view.hpp"
#include "main/config/config.hpp"
#include "main/file_storage.hpp"
#include "main/guests.hpp"
#include "main/shard_stack.hpp"
#include "main/stores/backend.hpp"
#include "main/stores/database_lock.hpp"
#include "main/trial/faults.hpp"
#include "main/trial/time_machine.hpp"
#include "main/trial/virtual_clock.hpp"
#include "net/server.hpp"

namespace belfry {

class Product : public gateway::ServerView {
 public:
  /// `web_folder` contains app/, public/ and socket.io/. Nothing listens before start().
  Product(const config::Config& config, const std::string& web_folder, Log& log);
  ~Product() override;

  /// The error says what the operator can do.
  [[nodiscard]] Expected<void, std::string> start();
  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  /// From now on REST and sockets refuse starts of calls, and native sessions get server.draining.
  void announce_drain();
  /// Accepts no more connections, lets the open ones finish, and stops.
  void drain();
  /// Stops without waiting for anybody, also not for Redis.
  void stop_now();
  void join();
  /// One `stats` record: users, calls, connections (R-003-39, R-003-54).
  void log_stats();

  [[nodiscard]] std::size_t connected_users() const override;
  [[nodiscard]] std::size_t active_calls() const override;
  [[nodiscard]] std::vector<std::string> user_names(std::size_t limit) const override;
  [[nodiscard]] WallTime wall() const override;
  [[nodiscard]] TimePoint stopwatch() const override;
  [[nodiscard]] bool ready() const override { return !draining_; }
  [[nodiscard]] gateway::ServerNumbers numbers() const override;

 private:
  // The steps of start(), in this order.
  [[nodiscard]] Expected<void, std::string> load_site();
  [[nodiscard]] Expected<void, std::string> make_tokens();
  [[nodiscard]] Expected<void, std::string> read_push_settings();
  [[nodiscard]] Expected<void, std::string> make_parts(Mailboxes& mailboxes, const Remembered& remembered);
  [[nodiscard]] std::unique_ptr<ShardStack> make_stack(const net::ShardContext& context);

  [[nodiscard]] SharedParts shared_parts(const Remembered& remembered);
  [[nodiscard]] gateway::HttpRoutes::Options routes();
  [[nodiscard]] std::optional<TrialParts> trial_parts();
  void forget_all();
  /// Gives calls whose server is gone, including our own of the last run, to the shards that host them (X-21...X-24).
  void adopt(store::TakenOver taken);
  void notify_end(const store::OutboxEntry& entry);
  void wake_outbox();
  /// With --redis, from the first shard on.
  void publish_to_redis(const Uuid& server);
  void publish_ring(const store::CallRow* before, const store::CallRow* now);
  void add_pushes(gateway::ServerNumbers& numbers) const;
  void end_calls_of_inactive(calls::Calls& there, ShardIndex shard, const std::vector<store::Orphan>& kept);

  const config::Config& config_;
  Log& log_;
  const Uuid node_;
  DatabaseLock database_lock_;
  memory::Tables tables_;  // of `memory:`
  sessions::Sessions sessions_;
  sessions::OnlineUsers online_{sessions_};
  presence::AllWatches watches_;
  gateway::chat_clients::SharedOnline online_lists_;
  gateway::native::AllPeopleNews people_news_;
  OnShards<gateway::ChatDialect> chat_dialects_;
  sessions::Deliveries deliveries_;
  mutable calls::SharedCalls calls_;
  peers::SharedPeers peers_;
  virtual_peers::AllVirtualPeers virtual_peers_;
  protocol::SharedSockets shared_sockets_;
  gateway::StaticFiles files_;
  gateway::StaticFiles site_;  // of --static
  gateway::HttpCounters http_counters_;
  NameCache guests_;
  Faults faults_;
  accounts::RevocationCache revocations_;
  gateway::KeysInUse keys_;
  conversations::RefusedStrangers strangers_;
  chat::Chats chats_;
  chat::SendLimit messages_;
  files::UploadLimit uploads_;
  gateway::LoginLimits login_limits_;
  gateway::LimitByLogin signals_;  // signals by REST (SPEC C-02)
  gateway::LimitByLogin reports_;  // quality reports by REST
  limits::ReadsInFlight reads_;
  gateway::TokenLimits token_limits_;
  gateway::TokenCounters token_counters_;
  call_tokens::IssuedTokens issued_tokens_;
  const ice::IceSettings ice_;
  std::unique_ptr<jwks::JwksSource> issuer_keys_;
  std::optional<accounts::Tokens> tokens_;
  push::PushSettings push_settings_;
  push::PushCounters push_counters_;
  std::optional<call_tokens::TokenMint> mint_;
  std::optional<VirtualClock> virtual_clock_;
  std::optional<SharedParts> parts_;  // from make_parts() on, and as long as the shards
  std::vector<StackCounters> counters_;
  OnShards<ShardStack> stacks_;
  std::unique_ptr<redis::Publisher> redis_;  // null: no --redis. The shards call it
  std::unique_ptr<net::Server> server_;
  // Their threads post to the server's mailboxes, so they must end before the server is destroyed, and after its shards.
  std::unique_ptr<passwords::PasswordPool> passwords_;
  std::unique_ptr<push::PushService> push_;
  std::unique_ptr<twilio::TwilioRelays> twilio_;
  std::unique_ptr<FileStorage> file_storage_;
  std::unique_ptr<Backend> backend_;
  std::unique_ptr<TimeMachine> time_machine_;
  std::atomic<bool> draining_{false};
};

}  // namespace belfry

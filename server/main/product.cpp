#include "main/product.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "adapters/redis/hiredis_connection.hpp"
#include "base/check.hpp"
#include "gateway/identity/credential.hpp"
#include "gateway/json/pending_call.hpp"
#include "main/config/site_folder.hpp"
#include "main/new_id.hpp"
#include "main/push_settings.hpp"
#include "main/secret_file.hpp"
#include "main/settings.hpp"
#include "net/kernel_random.hpp"
#include "net/steady_clock.hpp"
#include "store/pending_call.hpp"

namespace belfry {

Product::Product(const config::Config& config, const std::string& web_folder, Log& log)
    : config_(config),
      log_(log),
      node_(new_id(net::SteadyClock().wall())),
      watches_(static_cast<ShardIndex>(config.threads), config.presence.coalesce),
      online_lists_(static_cast<ShardIndex>(config.threads), online_, config.presence.coalesce),
      people_news_(static_cast<ShardIndex>(config.threads)),
      chat_dialects_(static_cast<ShardIndex>(config.threads)),
      deliveries_(static_cast<ShardIndex>(config.threads)),
      calls_(static_cast<ShardIndex>(config.threads), sessions_, call_settings(config)),
      peers_(static_cast<ShardIndex>(config.threads), peer_settings(config)),
      virtual_peers_(static_cast<ShardIndex>(config.threads)),
      shared_sockets_(static_cast<ShardIndex>(config.threads)),
      files_(gateway::StaticFiles::load(web_folder)),
      chats_(static_cast<ShardIndex>(config.threads)),
      messages_(message_limit(config)),
      uploads_(upload_limit(config)),
      login_limits_(login_limits(config)),
      signals_(signal_limit(config)),
      reports_(report_limit(config)),
      reads_(static_cast<std::uint32_t>(config.rate_limit.reads)),
      token_limits_(token_limits(config)),
      ice_(ice_settings(config)),
      counters_(config.threads),
      stacks_(static_cast<ShardIndex>(config.threads)) {
  if (files_.find("socket.io/socket.io.js") == nullptr)
    log_.warn("no client library to serve: /socket.io/socket.io.js answers 404; name its folder with --web",
              {{"folder", web_folder + "/socket.io"}});
}

Product::~Product() = default;

Expected<void, std::string> Product::start() {
  if (auto site = load_site(); !site) return site;
  if (auto tokens = make_tokens(); !tokens) return tokens;
  if (auto push = read_push_settings(); !push) return push;
  auto lock = DatabaseLock::take(config_.database);
  if (!lock) return unexpected(lock.error());
  database_lock_ = std::move(*lock);
  auto remembered = recall(config_.database, tables_, node_, net::SteadyClock().wall(),
                           config_.role == "token" ? OrphanedCalls::left_alone : OrphanedCalls::taken_over, log_);
  if (!remembered) return unexpected(remembered.error());
  // Virtual time continues where the last run left it: it may be ahead of real time, and time never goes back.
  if (config_.virtual_time)
    virtual_clock_.emplace(std::max(net::SteadyClock().wall(), remembered->taken_over.last_heartbeat.value_or(WallTime{})));
  revocations_.fill(remembered->revocations);
  for (const auto& entry : remembered->outbox) calls_.unheard().remember(entry);
  auto opened = net::Server::open(
      server_config(config_), [this](const net::ShardContext& context) { return make_stack(context); }, log_,
      [&](Mailboxes& mailboxes) { return make_parts(mailboxes, *remembered); });
  if (!opened) return unexpected(opened.error());
  // The first request may be for /metrics, which needs server_, or about a call of the last run.
  server_ = std::move(*opened);
  adopt(std::move(remembered->taken_over));
  server_->go();
  return {};
}

Expected<void, std::string> Product::load_site() {
  const std::string& folder = config_.static_dir;
  if (folder.empty() && files_.find("app/index.html") == nullptr)
    log_.warn("no web client to serve: browsers get the status at /; scripts/build builds it, and --web names its folder", {});
  if (folder.empty()) return {};
  if (auto checked = config::check_site_folder(config_); !checked) return checked;
  site_ = gateway::StaticFiles::load(folder, site_limits(config_));
  if (site_.find("index.html") == nullptr) return unexpected("--static " + folder + " has no index.html");
  for (const auto& [path, why] : site_.left_out()) {
    // Folders of every tool have such names: nobody expects them to be served.
    const LogLevel level = why == gateway::LeftOut::hidden ? LogLevel::info : LogLevel::warn;
    if (log_.enabled(level))
      log_.write(level, "a file of the web application is not served", {{"file", path}, {"why", gateway::explain(why)}});
  }
  return {};
}

Expected<void, std::string> Product::make_tokens() {
  std::string secret = config_.auth.secret;
  if (secret.empty()) {
    auto kept = session_secret(config_.data);
    if (!kept) return unexpected(kept.error());
    secret = std::move(*kept);
  }
  accounts::Tokens::KeySource source;
  if (!config_.auth.jwks_url.empty()) {
    issuer_keys_ = std::make_unique<jwks::JwksSource>(jwks::Settings{.url = config_.auth.jwks_url}, log_);
    source = {[this] { return issuer_keys_->keys(); }, [this](const std::string& key) { issuer_keys_->want(key); }};
  }
  mint_.emplace(mint_settings(config_, secret));
  tokens_.emplace(token_settings(config_, std::move(secret)), std::move(source), revocations_);
  return {};
}

Expected<void, std::string> Product::read_push_settings() {
  auto settings = push_settings(config_);
  if (!settings) return unexpected(settings.error());
  push_settings_ = *std::move(settings);
  return {};
}

Expected<void, std::string> Product::make_parts(Mailboxes& mailboxes, const Remembered& remembered) {
  passwords_ = std::make_unique<passwords::PasswordPool>(mailboxes, password_settings(config_));
  push_ = std::make_unique<push::PushService>(
      std::move(push_settings_), mailboxes, [] { return net::SteadyClock().wall(); }, std::make_unique<net::KernelRandom>());
  if (auto settings = twilio_settings(config_))
    twilio_ = std::make_unique<twilio::TwilioRelays>(*std::move(settings), mailboxes, log_);
  auto file_storage = FileStorage::open(config_, mailboxes, log_);
  if (!file_storage) return unexpected(file_storage.error());
  file_storage_ = std::move(*file_storage);
  auto backend = open_backend(config_.database, tables_, node_, mailboxes, net::SteadyClock().wall(), log_);
  if (!backend) return unexpected(backend.error());
  backend_ = std::move(*backend);
  if (virtual_clock_) time_machine_ = std::make_unique<TimeMachine>(*virtual_clock_, mailboxes, calls_);
  if (!config_.redis.empty() && config_.role != "token") publish_to_redis(node_);
  online_.set_listener([this, &mailboxes](const account::UserId& user) {
    if (redis_) redis_->user_changed(user);
    watches_.changed(mailboxes, user);
    online_lists_.changed(mailboxes);
  });
  parts_.emplace(shared_parts(remembered));
  return {};
}

void Product::publish_to_redis(const Uuid& server) {
  const auto address = redis::parse_address(config_.redis);
  CHECK(address.has_value(), "the configuration was checked");
  // A Redis nearby answers within milliseconds; one that forks or runs others' scripts may take a second. A drain waits so long.
  static constexpr Duration kPatience = std::chrono::seconds{2};
  redis_ = std::make_unique<redis::Publisher>(
      redis::Settings{.server = server}, [at = *address] { return redis::connect(at, kPatience); },
      redis::OnlineHere{[this](const account::UserId& user) { return online_.is_online(user); },
                        [this] { return online_.all(); }},
      [] { return net::SteadyClock::read(); }, log_);
}

/// R-000-10, R-000-13: the key is there exactly while the view of administrators shows the call.
void Product::publish_ring(const store::CallRow* before, const store::CallRow* now) {
  const auto rung_in = [](const store::CallRow* row) -> const store::ConversationId* {
    return row != nullptr && row->conversation && store::is_pending(*row) ? &*row->conversation : nullptr;
  };
  const auto ring_time = [](const store::CallRow& row) { return std::chrono::seconds{row.ring_seconds}; };
  if (const auto* conversation = rung_in(now))
    redis_->ring_began(*conversation, gateway::pending_call_json(*now), ring_time(*now));
  else if (const auto* ended_in = rung_in(before))
    redis_->ring_ended(*ended_in, gateway::pending_call_json(*before), ring_time(*before));
}

SharedParts Product::shared_parts(const Remembered& remembered) {
  CHECK(tokens_.has_value() && mint_.has_value(), "the parts are made after the tokens");
  return {.engine = engine_settings(config_),
          .sockets = socket_settings(config_),
          .http = http_settings(config_),
          .router = router_settings(config_),
          .routes = routes(),
          .view = *this,
          .files = files_,
          .site = site_,
          .http_counters = http_counters_,
          .api = api_settings(config_),
          .native = native_settings(config_),
          .peerjs = peerjs_settings(config_),
          .cookie = cookie_safety(config_),
          .min_password = static_cast<std::int64_t>(config_.auth.password_min),
          .seed_004_min_password = static_cast<std::int64_t>(config_.auth.seed_004_password_min),
          .busy_status = static_cast<int>(config_.call.busy_status),
          .deliveries = deliveries_,
          .calls = calls_,
          .online = online_,
          .presence_grace = config_.presence.grace,
          .watches = watches_,
          .online_lists = online_lists_,
          .people_news = people_news_,
          .chat = chat_settings(config_),
          .chat_dialects = chat_dialects_,
          .peers = peers_,
          .virtual_peers = virtual_peers_,
          .revocations = revocations_,
          .keys = keys_,
          .strangers = strangers_,
          .chats = chats_,
          .messages = messages_,
          .uploads = uploads_,
          .login_limits = login_limits_,
          .signals = signals_,
          .reports = reports_,
          .reads = reads_,
          .role = config_.role == "token" ? ServerRole::token : ServerRole::all,
          .token_rules = token_rules(config_),
          .token_limits = token_limits_,
          .token_counters = token_counters_,
          .mint = *mint_,
          .issued_tokens = issued_tokens_,
          .ice = ice_,
          .twilio = twilio_.get(),
          .file_storage = *file_storage_,
          .shared_sockets = shared_sockets_,
          .guests = guests_,
          .tokens = *tokens_,
          .passwords = *passwords_,
          .push = *push_,
          .push_counters = push_counters_,
          .push_policy = push_policy(config_),
          .backend = *backend_,
          .trial = trial_parts(),
          .log = log_,
          .last_change = remembered.revocations.seq,
          .outbox_read = remembered.outbox.empty() ? 0 : remembered.outbox.back().seq,
          .retention = config_.retention,
          .show_config = [shown = config_json(config_)] { return shown; },
          .show_lint = [shown = lint_json(config_)] { return shown; },
          .drain = [] { ::kill(::getpid(), SIGTERM); },
          .forget = [this] { forget_all(); },
          .adopt = [this](store::TakenOver taken) { adopt(std::move(taken)); },
          .notify_end = [this](const store::OutboxEntry& entry) { notify_end(entry); },
          .row_changed =
              [this](const auto* before, const auto* now) {
                if (redis_) publish_ring(before, now);
                presence::note_slots(watches_, server_->mailboxes(), before, now);
              },
          .wake_outbox = [this] { wake_outbox(); }};
}

gateway::HttpRoutes::Options Product::routes() {
  gateway::HttpRoutes::Options options = route_options(config_);
  options.has_session = [this](const http::Request& request) {
    const auto token = gateway::presented_credential(request).token;
    return tokens_->verify(token, wall()).has_value();
  };
  return options;
}

std::optional<TrialParts> Product::trial_parts() {
  if (!virtual_clock_ || !time_machine_) return std::nullopt;
  return TrialParts{*virtual_clock_, *time_machine_, faults_};
}

std::unique_ptr<ShardStack> Product::make_stack(const net::ShardContext& context) {
  CHECK(parts_.has_value(), "the shards start after the parts are made");
  auto stack = std::make_unique<ShardStack>(context, *parts_, counters_[context.index]);
  stacks_.enter(context.index, *stack);
  return stack;
}

void Product::notify_end(const store::OutboxEntry& entry) {
  if (!sessions_.is_live(entry.to)) return;  // they get the end when they connect
  const ShardIndex host = calls_.host_of(entry.call);
  calls_.on_shards().post(server_->mailboxes(), host, [call = entry.call](calls::Calls& there) { there.catch_up(call); });
}

void Product::wake_outbox() {
  stacks_.post(server_->mailboxes(), 0, [](ShardStack& stack) { stack.run_outbox(); });
}

void Product::adopt(store::TakenOver taken) {
  if (taken.was_taken_for_gone) {
    log_.warn("this server was silent for too long: others may have taken its calls over");
    for (ShardIndex shard = 0; shard < calls_.shards(); ++shard)
      calls_.on_shards().post(server_->mailboxes(), shard, [](calls::Calls& there) { there.catch_up_all(); });
  }
  if (taken.released > 0) wake_outbox();
  if (taken.calls.empty()) return;
  log_.info("calls outlived their server", {{"count", static_cast<std::int64_t>(taken.calls.size())}});
  const auto kept = std::make_shared<const std::vector<store::Orphan>>(std::move(taken.calls));
  for (ShardIndex shard = 0; shard < calls_.shards(); ++shard)
    calls_.on_shards().post(server_->mailboxes(), shard, [this, shard, kept](calls::Calls& there) {
      there.restore(*kept);
      end_calls_of_inactive(there, shard, *kept);
    });
}

/// a user was deactivated while no server ran, or just before the last one stopped.
void Product::end_calls_of_inactive(calls::Calls& there, ShardIndex shard, const std::vector<store::Orphan>& kept) {
  for (const auto& [call, last_alive] : kept)
    if (calls_.host_of(call.row.id) == shard && !std::all_of(call.row.legs.begin(), call.row.legs.end(),
                                                             [&](const auto& leg) { return revocations_.is_active(leg.user); }))
      there.force_end(call.row.id, call::EndReason::user_deactivated, {});
}

void Product::forget_all() {
  guests_.forget_all();
  revocations_.forget_all();
  messages_.forget_all();
  uploads_.forget_all();
  login_limits_.forget_all();
  signals_.forget_all();
  reports_.forget_all();
  token_limits_.forget_all();
  issued_tokens_.forget_all();
  keys_.forget_all();
  strangers_.forget_all();
  calls_.starts().forget_all();
  calls_.unheard().forget_all();
  for (ShardIndex shard = 0; shard < calls_.shards(); ++shard)
    calls_.on_shards().post(server_->mailboxes(), shard, [](calls::Calls& there) { there.forget_all(); });
}

/// First stops the shards, then the threads that answer them.
void Product::join() {
  server_->join();
  // Everybody was notified of all that was committed, so the next start need not look for ends that are due. It must look after
  // SIGINT, when the drain's deadline cut commands off, when the store could not say what became of a step, and when it did not
  // take the end of a call for somebody who was away.
  if (draining_ && calls_.all_announced()) {
    backend_->ports(0).nodes.stopped(wall());
    backend_->wait_for_all();
  }
  time_machine_.reset();
  redis_.reset();
  passwords_.reset();
  push_.reset();
  twilio_.reset();
  file_storage_.reset();
  backend_.reset();
}

void Product::announce_drain() {
  draining_ = true;
  log_.info("draining", {{"activeCalls", static_cast<std::int64_t>(active_calls())}});
  for (ShardIndex shard = 0; shard < stacks_.size(); ++shard)
    stacks_.post(server_->mailboxes(), shard, [](ShardStack& stack) { stack.announce_drain(); });
}

void Product::drain() { server_->begin_drain(); }

void Product::stop_now() {
  if (redis_) redis_->abandon();
  server_->stop_now();
}

void Product::log_stats() {
  const net::NetStats net = server_->stats();
  log_.info("stats", {{"connectedUsers", static_cast<std::int64_t>(connected_users())},
                      {"activeCalls", static_cast<std::int64_t>(active_calls())},
                      {"connections", static_cast<std::int64_t>(net.open)},
                      {"accepted", static_cast<std::int64_t>(net.accepted)},
                      {"slowReadersClosed", static_cast<std::int64_t>(net.slow_readers_closed)}});
}

std::size_t Product::connected_users() const { return sessions_.count(); }
std::size_t Product::active_calls() const { return static_cast<std::size_t>(std::max<std::int64_t>(calls_.stats().active, 0)); }
std::vector<std::string> Product::user_names(std::size_t limit) const { return sessions_.names(limit); }
WallTime Product::wall() const { return virtual_clock_ ? virtual_clock_->wall() : net::SteadyClock().wall(); }
TimePoint Product::stopwatch() const { return net::SteadyClock::read(); }

}  // namespace belfry

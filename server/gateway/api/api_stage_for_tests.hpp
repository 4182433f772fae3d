// For tests of the API: one shard with the real parts behind the routes (accounts, calls, the memory store), and users who send
// requests. Only password hashing is fake, and time stands still until the test moves it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/memory/stores.hpp"
#include "app/accounts/tokens.hpp"
#include "app/calls/shared_calls.hpp"
#include "app/conversations/conversations.hpp"
#include "base/silent_log_for_tests.hpp"
#include "gateway/api/account_routes.hpp"
#include "gateway/api/admin_routes.hpp"
#include "gateway/api/call_routes.hpp"
#include "gateway/api/conversation_routes.hpp"
#include "gateway/api/device_routes.hpp"
#include "gateway/api/login_limits.hpp"
#include "gateway/api/openapi.hpp"
#include "gateway/api/router.hpp"
#include "gateway/api/token_routes.hpp"
#include "gateway/json/entities.hpp"
#include "gateway/json/iso_time.hpp"
#include "store/forwarding_call_store.hpp"

namespace belfry::gateway::testing {

class StageClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return TimePoint{} + passed; }
  [[nodiscard]] WallTime wall() const override {
    return {1'795'262'400'000 + std::chrono::duration_cast<std::chrono::milliseconds>(passed).count()};
  }
  Duration passed{};
};
class CountingRandom final : public Random {
 public:
  void fill(MutableBytes out) override {
    for (auto& byte : out) {
      next_ = next_ * 1'103'515'245 + 12'345;
      byte = static_cast<std::byte>(next_ >> 16U);
    }
  }

 private:
  std::uint32_t next_ = 1;
};
class OneMailbox final : public Mailboxes {
 public:
  void post(ShardIndex, std::function<void()> task) override { tasks.push_back(std::move(task)); }
  [[nodiscard]] ShardIndex shard_count() const override { return 1; }
  std::deque<std::function<void()>> tasks;
};
class DeafSessions final : public sessions::SessionPort {
 public:
  void notify(SessionAddress, const Notice& notice) override {
    ++notices;
    if (const auto* expiring = std::get_if<calls::TokenExpiring>(&notice)) expiries.push_back(expiring->expires);
  }
  void pass_signal(SessionAddress, const calls::SignalArrived&) override { ++notices; }
  int notices = 0;
  std::vector<WallTime> expiries;  // of calls::TokenExpiring
};
class PlainHasher final : public accounts::PasswordHasher {
 public:
  void hash(const std::string&, std::string password, std::function<void(std::optional<std::string>)> done) override {
    done("#" + password);
  }
  void verify(const std::string&, std::string stored, std::string password,
              std::function<void(std::optional<bool>)> done) override {
    done(stored == "#" + password);
  }
  [[nodiscard]] const std::string& decoy() const override { return decoy_; }

 private:
  std::string decoy_ = "#";
};

/// Keeps each record as `message name=value …`.
class KeptLog final : public Log {
 public:
  [[nodiscard]] bool enabled(LogLevel) const override { return true; }
  void write(LogLevel, std::string_view message, std::initializer_list<LogField> fields) override {
    std::string line(message);
    for (const LogField& field : fields) {
      line.append(" ").append(field.name).append("=");
      if (const auto* text = std::get_if<std::string_view>(&field.value)) line.append(*text);
      if (const auto* number = std::get_if<std::int64_t>(&field.value)) line += std::to_string(*number);
    }
    lines.push_back(std::move(line));
  }
  std::vector<std::string> lines;
};

/// Counts what is asked of it; fails all of it while it is down, and keeps it waiting while it holds.
class WatchedCallStore final : public store::ForwardingCallStore {
 public:
  using ForwardingCallStore::ForwardingCallStore;
  void commit(store::Transition transition, store::Done<const store::CommitResult&> done) override {
    ++asked;
    if (transition.claim) claimed = transition.claim;
    if (const auto before = std::exchange(before_commit, nullptr)) before();
    if (holds) return held.emplace_back([this, transition, done] { ForwardingCallStore::commit(transition, done); }), void();
    down ? done(store::Unavailable{}) : ForwardingCallStore::commit(std::move(transition), std::move(done));
  }
  void load(const store::CallId& id, store::Done<Expected<std::optional<store::StoredCall>, store::Unavailable>> done) override {
    ++asked;
    down ? done(unexpected(store::Unavailable{})) : ForwardingCallStore::load(id, std::move(done));
  }
  void load_active(std::size_t limit, store::Done<Expected<std::vector<store::StoredCall>, store::Unavailable>> done) override {
    down ? done(unexpected(store::Unavailable{})) : ForwardingCallStore::load_active(limit, std::move(done));
  }

  int asked = 0;
  bool down = false;
  bool holds = false;  // each commit, until its function in `held` is called
  std::vector<std::function<void()>> held{};
  std::optional<store::IdempotencyClaim> claimed{};  // the latest
  std::function<void()> before_commit{};             // what another server does meanwhile, once
};

struct Asking {
  std::string method = "GET";
  std::string path;
  std::string body = {};
  std::string token = {};                 // sent as Bearer
  std::vector<std::string> headers = {};  // "Name: value"
};

class ApiStage : public ::testing::Test {
 public:
  struct Person {
    account::UserId id;
    std::string token;
    [[nodiscard]] std::string text() const { return to_text(id.value()); }
  };

  ApiStage() {
    Operations all = call_operations(call_services_);
    for (auto&& more :
         {call_reading_operations(call_services_), seed_001_call_operations(call_services_), auth_operations(account_services_),
          login_operations(account_services_), profile_operations(account_services_), people_operations(account_services_),
          seed_004_operations(account_services_), seed_001_account_operations(account_services_),
          avatar_operations(account_services_), admin_operations(admin_services_), conversation_operations(conversations_),
          block_operations(conversations_), device_operations(device_services_), token_operations(token_services_),
          seed_000_token_operations(token_services_), seed_002_token_operations(token_services_), ice_operations(ice_)})

      all.insert(all.end(), more.begin(), more.end());
    router_.emplace(
        settings_,
        ApiRouter::Ports{tokens_,
                         stores_.accounts(),
                         clock_,
                         random_,
                         log_,
                         keys_,
                         {},
                         &reads_,
                         [this](const account::UserId& user, std::string_view device) { devices_.used(user, device); }},
        std::move(all));
  }

  /// The answer, or status 0 if there is none yet.
  protocol::HttpAnswer ask(const Asking& asking) {
    std::string head = asking.method + " " + asking.path + " HTTP/1.1\r\nHost: call.example\r\n";
    if (!asking.token.empty()) head += "Authorization: Bearer " + asking.token + "\r\n";
    bool typed = asking.body.empty();
    for (const auto& header : asking.headers) {
      typed = typed || header.starts_with("Content-Type");
      head += header + "\r\n";
    }
    head += typed ? "\r\n" : "Content-Type: application/json\r\n\r\n";
    http::Request request;
    const auto read = http::read_head(as_bytes(head), {}, request);
    EXPECT_TRUE(read && *read) << head;
    auto answer = std::make_shared<protocol::HttpAnswer>(protocol::HttpAnswer{.status = 0});
    router_->serve(request, as_bytes(asking.body), {}, [answer](std::size_t, protocol::HttpAnswer given) {
      EXPECT_EQ(answer->status, 0) << "answered twice";
      *answer = std::move(given);
    });
    while (!mailbox_.tasks.empty()) {
      const auto task = std::move(mailbox_.tasks.front());
      mailbox_.tasks.pop_front();
      task();
    }
    return *answer;
  }
  protocol::HttpAnswer get(const Person& who, std::string path) { return ask({.path = std::move(path), .token = who.token}); }
  protocol::HttpAnswer post(const Person& who, std::string path, std::string body = {}, std::vector<std::string> headers = {}) {
    return ask({"POST", std::move(path), std::move(body), who.token, std::move(headers)});
  }
  void pass(Duration time) {
    clock_.passed += time;
    calls_.on_time(clock_.now());
  }

  Person person(const std::string& name, account::Role role = account::Role::user) {
    std::array<std::byte, kUuidRandomBytes> chance{};
    random_.fill(chance);
    const account::UserId id(make_uuid_v7(clock_.wall(), chance));
    stores_.accounts().create({.id = id, .username = name, .role = role, .password_hash = "#password", .at = clock_.wall()},
                              [](const auto& made) { EXPECT_TRUE(made.has_value()); });
    random_.fill(chance);
    const account::LoginId login(make_uuid_v7(clock_.wall(), chance));
    account::User user;
    user.id = id;
    user.username = name;
    user.role = role;
    const auto issued = tokens_.issue(user, login, clock_.wall());
    stores_.accounts().add_login({.id = login, .user = id, .created = clock_.wall(), .expires = issued.expires},
                                 [](const auto&) {});
    return {id, issued.token};
  }
  std::string call_body(const Person& callee) { return R"({"recipientId":")" + callee.text() + R"(","callType":"video"})"; }
  /// Starts a call and returns its id.
  std::string call(const Person& caller, const Person& callee) { return id_in(post(caller, "/api/calls", call_body(callee))); }
  std::string id_in(const protocol::HttpAnswer& answer) { return text_in(answer, {"data", "id"}); }
  /// A member of the body as JSON; a text without its quotes.
  std::string text_in(const protocol::HttpAnswer& answer, std::initializer_list<std::string_view> path) {
    auto at = reader_.validate(answer.body);
    EXPECT_TRUE(at.has_value()) << answer.body;
    if (!at) return {};
    json::Slice found = *at;
    for (const auto name : path) {
      if (found.kind != json::Kind::object) return "<none>";  // as `error` of seed 000's token route, which is a list
      const auto next = json::member(found, name);
      if (!next) return "<none>";
      found = *next;
    }
    return json::string_value(found).value_or(std::string(found.raw));
  }
  std::string code_in(const protocol::HttpAnswer& answer) { return text_in(answer, {"error", "code"}); }
  static std::string header(const protocol::HttpAnswer& answer, std::string_view name) {
    for (const auto& [key, value] : answer.headers)
      if (key == name) return value;
    return {};
  }

  static calls::CallSettings call_settings() {
    calls::CallSettings settings = calls::default_settings();
    settings.starts.max = 5;
    return settings;
  }

  StageClock clock_;
  CountingRandom random_;
  SilentLog log_;
  KeptLog token_log_;
  OneMailbox mailbox_;
  DeafSessions deaf_;
  PlainHasher hasher_;
  memory::Tables tables_;
  memory::Stores stores_{tables_};
  WatchedCallStore call_store_{stores_.calls()};
  accounts::RevocationCache revocations_;
  accounts::Tokens tokens_{{.secret = "a secret of thirty-two bytes or so", .lifetime = std::chrono::hours{1}}, {}, revocations_};
  accounts::Accounts::Consequences consequences_{[](auto, auto, auto) {}, [](auto, auto) {}};
  accounts::Accounts accounts_{{stores_.accounts(), hasher_, tokens_, revocations_, consequences_, clock_, random_}};
  conversations::RefusedStrangers strangers_;
  conversations::Conversations conversations_{{stores_.conversations(), clock_, random_, strangers_}};
  sessions::Sessions sessions_;
  sessions::Deliveries deliveries_{1};
  sessions::Delivery delivery_{0, deliveries_, mailbox_, deaf_};
  sessions::ShardSessions shard_sessions_{sessions_, delivery_};
  calls::SharedCalls shared_{1, sessions_, call_settings()};
  calls::Calls calls_{
      0, shared_, {mailbox_, clock_, random_, log_, delivery_, call_store_, stores_.outbox(), stores_.conversations()}};
  call_tokens::TokenMint mint_{
      {.secret = "a secret of thirty-two bytes or so",
       .agora = {.app_id = "970CA35de60c44645bbae8a215061b33", .certificate = "5CFd2fd1755d40ecb72977518be15d3b"}}};
  call_tokens::IssuedTokens issued_;
  call_tokens::CallTokens call_tokens_{
      {}, {stores_.conversations(), call_store_, stores_.accounts(), clock_, random_, mint_, issued_}};
  ice::IceSettings ice_settings_;
  ice::IceServers ice_{ice_settings_, clock_, nullptr};
  TokenLimits token_limits_{{.max = 3}, {.max = 10}, {.max = 10}};
  TokenCounters token_counters_;
  TokenServices token_services_{call_tokens_, conversations_, ice_, token_limits_, token_counters_, token_log_};
  LoginLimits login_limits_{.accounts = LoginLimits::Limiter({.max = 10}),
                            .spellings = LoginLimits::Limiter({.max = 10}),
                            .addresses = LoginLimits::Limiter({.max = 30}),
                            .sign_ups = LoginLimits::Limiter({.max = 20})};
  KeysInUse keys_;
  limits::ReadsInFlight reads_{3};
  ApiSettings settings_;
  bool draining_ = false;
  LimitByLogin signals_{{.max = 20, .window = std::chrono::seconds{10}}};
  LimitByLogin reports_{{.max = 20, .window = std::chrono::seconds{10}}};
  CallServices call_services_{calls_, call_store_, stores_.archive(), 400, &signals_, &reports_};
  AccountServices account_services_{accounts_, stores_.accounts(), sessions_, login_limits_};
  AdminServices admin_services_{.calls = calls_,
                                .store = call_store_,
                                .archive = stores_.archive(),
                                .accounts = accounts_,
                                .sessions = sessions_,
                                .config = [] { return std::string(R"({"port":3000})"); },
                                .lint = [] { return std::string(R"({"findings":[]})"); },
                                .drain = [this] { draining_ = true; }};
  push::Devices devices_{{stores_.devices(), clock_, random_}};
  DeviceServices device_services_{devices_, stores_.devices(), "vapid-key"};
  std::optional<ApiRouter> router_;
  json::Reader reader_;
};

}  // namespace belfry::gateway::testing

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

#include "adapters/memory/blobs.hpp"
#include "adapters/memory/stores.hpp"
#include "app/accounts/tokens.hpp"
#include "app/calls/shared_calls.hpp"
#include "app/conversations/conversations.hpp"
#include "app/sessions/last_activity.hpp"
#include "base/silent_log_for_tests.hpp"
#include "gateway/api/account_routes.hpp"
#include "gateway/api/admin_routes.hpp"
#include "gateway/api/call_routes.hpp"
#include "gateway/api/conversation_routes.hpp"
#include "gateway/api/device_routes.hpp"
#include "gateway/api/file_routes.hpp"
#include "gateway/api/login_limits.hpp"
#include "gateway/api/message_routes.hpp"
#include "gateway/api/openapi.hpp"
#include "gateway/api/presence_routes.hpp"
#include "gateway/api/router.hpp"
#include "gateway/api/seed_004_routes.hpp"
#include "gateway/api/token_routes.hpp"
#include "gateway/json/entities.hpp"
#include "gateway/json/iso_time.hpp"
#include "gateway/json/messages.hpp"
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
  void fill(MutableBytes out) override;

 private:
  std::uint32_t next_ = 1;
};
class OneMailbox final : public Mailboxes {
 public:
  void post(ShardIndex, std::function<void()> task) override;
  [[nodiscard]] ShardIndex shard_count() const override;
  std::deque<std::function<void()>> tasks;
};
class DeafSessions final : public sessions::SessionPort {
 public:
  void notify(SessionAddress, const Notice& notice) override;
  void pass_signal(SessionAddress, const calls::SignalArrived&) override;
  int notices = 0;
  std::vector<WallTime> expiries;  // of calls::TokenExpiring
};
class PlainHasher final : public accounts::PasswordHasher {
 public:
  void hash(const std::string&, std::string password, std::function<void(std::optional<std::string>)> done) override;
  void verify(const std::string&, std::string stored, std::string password,
              std::function<void(std::optional<bool>)> done) override;
  [[nodiscard]] const std::string& decoy() const override;

 private:
  std::string decoy_ = "#";
};

/// Makes "small <n>" of a picture of n bytes.
class PlainCodec final : public store::ImageCodec {
 public:
  Expected<store::SmallPicture, store::ImageFault> fit(std::string_view bytes, std::uint32_t side) override;
};

/// Keeps each record as `message name=value …`.
class KeptLog final : public Log {
 public:
  [[nodiscard]] bool enabled(LogLevel) const override;
  void write(LogLevel, std::string_view message, std::initializer_list<LogField> fields) override;
  std::vector<std::string> lines;
};

/// Counts what is asked of it; fails all of it while it is down, and keeps it waiting while it holds.
class WatchedCallStore final : public store::ForwardingCallStore {
 public:
  using ForwardingCallStore::ForwardingCallStore;
  void commit(store::Transition transition, store::Done<const store::CommitResult&> done) override;
  void load(const store::CallId& id, store::Done<Expected<std::optional<store::StoredCall>, store::Unavailable>> done) override;
  void load_active(std::size_t limit, store::Done<Expected<std::vector<store::StoredCall>, store::Unavailable>> done) override;

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

/// A body with one file, of the type kFormType.
inline const std::string kFormType = "Content-Type: multipart/form-data; boundary=----X";
inline std::string form_with_file(const std::string& field, const std::string& name, const std::string& bytes) {
  return "------X\r\nContent-Disposition: form-data; name=\"" + field + "\"; filename=\"" + name + "\"\r\n\r\n" + bytes +
         "\r\n------X--\r\n";
}
/// The head of a PNG of this size, which is all that is read of it here.
inline std::string png(char width, char height) {
  return std::string("\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0", 19) + width + std::string(3, '\0') + height +
         std::string("\x08\x06\0\0\0", 5);
}

class ApiStage : public ::testing::Test {
 public:
  struct Person {
    account::UserId id;
    std::string token;
    [[nodiscard]] std::string text() const { return to_text(id.value()); }
  };

  ApiStage();
  ~ApiStage() override;

  /// The answer, or status 0 if there is none yet.
  protocol::HttpAnswer ask(const Asking& asking);
  protocol::HttpAnswer get(const Person& who, std::string path);
  protocol::HttpAnswer post(const Person& who, std::string path, std::string body = {}, std::vector<std::string> headers = {});
  void pass(Duration time);

  Person person(const std::string& name, account::Role role = account::Role::user);
  std::string call_body(const Person& callee);
  /// Starts a call and returns its id.
  std::string call(const Person& caller, const Person& callee);
  std::string id_in(const protocol::HttpAnswer& answer);
  /// A member of the body as JSON; a text without its quotes.
  std::string text_in(const protocol::HttpAnswer& answer, std::initializer_list<std::string_view> path);
  std::string code_in(const protocol::HttpAnswer& answer);
  static std::string header(const protocol::HttpAnswer& answer, std::string_view name);

  static calls::CallSettings call_settings();

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
  sessions::OnlineUsers online_{sessions_};
  sessions::ShardPresence presence_{online_, clock_};
  sessions::LastActivity last_activity_{sessions_, stores_.accounts(), clock_};
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
  chat::Chats chats_{1};
  chat::SendLimit message_limit_{{.max = 5}};
  chat::Chat chat_{0,
                   chats_,
                   {stores_.messages(), sessions_, delivery_, mailbox_, clock_, random_, message_limit_, message_json,
                    [this](const chat::Asker& asker, const conversation::ConversationId& conversation) {
                      conversations_.note_refused({asker.user, asker.operation}, conversation);
                    }}};
  MessageServices message_services_{chat_, &signals_};
  memory::Blobs blobs_;
  PlainCodec images_;
  files::FileWorkers file_workers_{mailbox_, {.threads = 0, .max_bytes = 900}};
  files::UploadLimit upload_limit_{{.max = 20}};
  files::Files files_{0, {.max_bytes = 1000}, {stores_.files(), blobs_, images_, file_workers_, clock_, random_, &upload_limit_}};
  direct_messages::DirectConversations direct_conversations_{conversations_, stores_.conversations()};
  direct_messages::DirectMessages direct_messages_{{chat_, direct_conversations_, files_}};
  AccountServices account_services_{accounts_, stores_.accounts(), online_, login_limits_, files_};
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

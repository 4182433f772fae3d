#include "gateway/api/api_stage_for_tests.hpp"

#include <array>
#include <memory>
#include <utility>
#include <variant>

namespace belfry::gateway::testing {

void CountingRandom::fill(MutableBytes out) {
  for (auto& byte : out) {
    next_ = next_ * 1'103'515'245 + 12'345;
    byte = static_cast<std::byte>(next_ >> 16U);
  }
}

void OneMailbox::post(ShardIndex, std::function<void()> task) { tasks.push_back(std::move(task)); }

ShardIndex OneMailbox::shard_count() const { return 1; }

void DeafSessions::notify(SessionAddress, const Notice& notice) {
  ++notices;
  if (const auto* expiring = std::get_if<calls::TokenExpiring>(&notice)) expiries.push_back(expiring->expires);
}

void DeafSessions::pass_signal(SessionAddress, const calls::SignalArrived&) { ++notices; }

void PlainHasher::hash(const std::string&, std::string password, std::function<void(std::optional<std::string>)> done) {
  done("#" + password);
}

void PlainHasher::verify(const std::string&, std::string stored, std::string password,
                         std::function<void(std::optional<bool>)> done) {
  done(stored == "#" + password);
}

const std::string& PlainHasher::decoy() const { return decoy_; }

Expected<store::SmallPicture, store::ImageFault> PlainCodec::fit(std::string_view bytes, std::uint32_t side) {
  if (bytes.ends_with("broken")) return unexpected(store::ImageFault::undecodable);
  return store::SmallPicture{
      .bytes = "small " + std::to_string(bytes.size()), .mime = "image/webp", .width = side, .height = side};
}

bool KeptLog::enabled(LogLevel) const { return true; }

void KeptLog::write(LogLevel, std::string_view message, std::initializer_list<LogField> fields) {
  std::string line(message);
  for (const LogField& field : fields) {
    line.append(" ").append(field.name).append("=");
    if (const auto* text = std::get_if<std::string_view>(&field.value)) line.append(*text);
    if (const auto* number = std::get_if<std::int64_t>(&field.value)) line += std::to_string(*number);
  }
  lines.push_back(std::move(line));
}

void WatchedCallStore::commit(store::Transition transition, store::Done<const store::CommitResult&> done) {
  ++asked;
  if (transition.claim) claimed = transition.claim;
  if (const auto before = std::exchange(before_commit, nullptr)) before();
  if (holds) {
    held.emplace_back([this, transition, done] { ForwardingCallStore::commit(transition, done); });
    return;
  }
  down ? done(store::Unavailable{}) : ForwardingCallStore::commit(std::move(transition), std::move(done));
}

void WatchedCallStore::load(const store::CallId& id,
                            store::Done<Expected<std::optional<store::StoredCall>, store::Unavailable>> done) {
  ++asked;
  down ? done(unexpected(store::Unavailable{})) : ForwardingCallStore::load(id, std::move(done));
}

void WatchedCallStore::load_active(std::size_t limit,
                                   store::Done<Expected<std::vector<store::StoredCall>, store::Unavailable>> done) {
  down ? done(unexpected(store::Unavailable{})) : ForwardingCallStore::load_active(limit, std::move(done));
}

ApiStage::ApiStage() {
  shard_sessions_.add_listener(presence_);
  shard_sessions_.add_listener(last_activity_);
  Operations all = call_operations(call_services_);
  for (auto&& more : {call_reading_operations(call_services_),
                      seed_001_call_operations(call_services_),
                      auth_operations(account_services_),
                      login_operations(account_services_),
                      profile_operations(account_services_),
                      people_operations(account_services_, conversations_),
                      presence_operations(stores_.accounts(), online_),
                      seed_004_user_operations(account_services_, conversations_),
                      seed_004_message_operations({stores_.accounts(), conversations_, message_services_, direct_messages_}),
                      seed_001_account_operations(account_services_),
                      avatar_operations(account_services_),
                      admin_operations(admin_services_),
                      conversation_operations(conversations_),
                      block_operations(conversations_),
                      message_operations(message_services_),
                      device_operations(device_services_),
                      file_operations({files_, 1000}),
                      token_operations(token_services_),
                      seed_000_token_operations(token_services_),
                      seed_002_token_operations(token_services_),
                      ice_operations(ice_)})
    all.insert(all.end(), more.begin(), more.end());
  router_.emplace(settings_,
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

ApiStage::~ApiStage() = default;

protocol::HttpAnswer ApiStage::ask(const Asking& asking) {
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

protocol::HttpAnswer ApiStage::get(const Person& who, std::string path) {
  return ask({.path = std::move(path), .token = who.token});
}

protocol::HttpAnswer ApiStage::post(const Person& who, std::string path, std::string body, std::vector<std::string> headers) {
  return ask({"POST", std::move(path), std::move(body), who.token, std::move(headers)});
}

void ApiStage::pass(Duration time) {
  clock_.passed += time;
  calls_.on_time(clock_.now());
  presence_.on_time(clock_.now());
}

ApiStage::Person ApiStage::person(const std::string& name, account::Role role) {
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

std::string ApiStage::call_body(const Person& callee) {
  return R"({"recipientId":")" + callee.text() + R"(","callType":"video"})";
}

std::string ApiStage::call(const Person& caller, const Person& callee) {
  return id_in(post(caller, "/api/calls", call_body(callee)));
}

std::string ApiStage::id_in(const protocol::HttpAnswer& answer) { return text_in(answer, {"data", "id"}); }

std::string ApiStage::text_in(const protocol::HttpAnswer& answer, std::initializer_list<std::string_view> path) {
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

std::string ApiStage::code_in(const protocol::HttpAnswer& answer) { return text_in(answer, {"error", "code"}); }

std::string ApiStage::header(const protocol::HttpAnswer& answer, std::string_view name) {
  for (const auto& [key, value] : answer.headers)
    if (key == name) return value;
  return {};
}

calls::CallSettings ApiStage::call_settings() {
  calls::CallSettings settings = calls::default_settings();
  settings.starts.max = 5;
  return settings;
}

}  // namespace belfry::gateway::testing

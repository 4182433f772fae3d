// For tests of the chat dialect: a shard whose ports record every call, over stores in memory, so that a test reads as a script.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/memory/stores.hpp"
#include "gateway/chat/chat_dialect.hpp"
#include "gateway/dialects/ports_for_tests.hpp"
#include "wire/json/json.hpp"

namespace belfry::gateway::testing {

/// Runs each task at once.
class PromptMailboxes final : public Mailboxes {
 public:
  void post(ShardIndex, std::function<void()> task) override { task(); }
  [[nodiscard]] ShardIndex shard_count() const override { return 1; }
};

class FewPeers final : public PeersOf {
 public:
  bool open = false;
  int rings = 0;
  bool one_page = false;
  [[nodiscard]] bool has_open_peer(const account::UserId&) const override { return open; }
  [[nodiscard]] bool has_one_page(const account::UserId&) const override { return one_page; }
  void rung(SessionAddress, const calls::CallView&) override { ++rings; }
};

/// As memory::ConversationStore, but it may be away, or slow: then it keeps back the answers about blocks.
class FlakyConversations final : public store::ConversationStore {
 public:
  explicit FlakyConversations(store::ConversationStore& next) : next_(next) {}
  bool away = false, slow = false;
  std::vector<std::function<void()>> late;
  void blocks_of(store::UserId user, store::Done<Expected<std::vector<store::UserId>, store::Unavailable>> done) override {
    if (away) return done(unexpected(store::Unavailable{}));
    if (!slow) return next_.blocks_of(user, std::move(done));
    next_.blocks_of(user, [this, done](const auto& found) { late.push_back([done, found] { done(found); }); });
  }
  void blocked_among(store::UserId user, std::vector<store::UserId> others,
                     store::Done<Expected<std::vector<store::UserId>, store::Unavailable>> done) override {
    next_.blocked_among(user, std::move(others), std::move(done));
  }
  void blocked_by(store::UserId, std::vector<store::UserId>,
                  store::Done<Expected<std::vector<store::UserId>, store::Unavailable>>) override {}
  void open(conversation::NewConversation request, std::optional<store::OpeningClaim> claim,
            Answer<store::OpenedConversation> done) override {
    next_.open(std::move(request), std::move(claim), std::move(done));
  }
  void find(store::ConversationId id, store::UserId reader,
            store::Done<Expected<std::optional<store::StoredConversation>, store::Unavailable>> done) override {
    next_.find(id, reader, std::move(done));
  }
  void find_direct(store::UserId one, store::UserId other,
                   store::Done<Expected<std::optional<store::ConversationId>, store::Unavailable>> done) override {
    next_.find_direct(one, other, std::move(done));
  }
  void read_directs(store::UserId, std::vector<store::UserId>,
                    store::Done<Expected<std::vector<store::StoredConversation>, store::Unavailable>>) override {}
  void list(store::ConversationQuery, store::Done<Expected<store::ConversationPage, store::Unavailable>>) override {}
  void change(store::ConversationChange, Answer<store::ChangedConversation>) override {}
  void block(store::UserId user, store::UserId blocked, WallTime now,
             store::Done<Expected<bool, store::Unavailable>> done) override {
    next_.block(user, blocked, now, std::move(done));
  }
  void unblock(store::UserId user, store::UserId blocked, store::Done<Expected<void, store::Unavailable>> done) override {
    next_.unblock(user, blocked, std::move(done));
  }
  void record_refused(store::RefusedStranger) override {}

 private:
  store::ConversationStore& next_;
};

/// Ann (01, "Ann Lee") on her page; Ben is 02, Cid 03. The call between Ann and Ben is 07.
class ChatStage : public ::testing::Test {
 protected:
  StageClock clock;
  ScriptedCalls core;
  ScriptedIn in;
  ScriptedOut out;
  memory::Tables tables;
  memory::Stores stores{tables};
  FlakyConversations conversations{stores.conversations()};
  PromptMailboxes mailboxes;
  sessions::Sessions sessions;
  sessions::OnlineUsers online{sessions};
  chat_clients::SharedOnline shared{1, online, chat_clients::kPresenceCoalesce};
  chat_clients::OnlineLists lists{0, {shared, mailboxes, out, clock}};
  FewPeers peers;
  ChatSettings settings{.events = {.max = 20, .window = std::chrono::seconds{10}}};
  ChatDialect dialect{settings,
                      {.calls = core,
                       .in = in,
                       .out = out,
                       .accounts = stores.accounts(),
                       .blocks = conversations,
                       .clock = clock,
                       .online = lists,
                       .peers = &peers}};
  SocketContext context;
  json::Reader reader;

  static account::UserId user(std::uint8_t number) { return account::UserId(uuid(number)); }
  void SetUp() override {
    make_user(1, "ann", "Ann Lee");
    make_user(2, "ben", "Ben");
    make_user(3, "cid", "");
    become(1, "ann");
  }
  void make_user(std::uint8_t number, const std::string& name, const std::string& display_name) {
    stores.accounts().create({.id = user(number), .username = name, .display_name = display_name},
                             [](const auto& made) { ASSERT_TRUE(made.has_value()); });
  }
  void become(std::uint8_t number, const std::string& name) {
    context.at = {.shard = 0, .node = 0, .slot = 4, .generation = 1};
    context.session = store::SessionId(uuid(0x51));
    context.device = RareText("page");
    context.identity = std::make_unique<accounts::Identity>();
    context.identity->user = user(number);
    context.identity->username = name;
    context.identity->expires = clock.wall() + std::chrono::hours{1};
  }
  /// Connects, and discards what was recorded.
  void connect() {
    core.here = {{"ann", user(1)}, {"ben", user(2)}};
    dialect.on_hello(context, {});
    take();
    core.asked.clear();
  }
  void in_call_with_ben() { core.under_way = {{"ben", calls::CallId(uuid(7))}, {"ann", calls::CallId(uuid(7))}}; }
  void say(std::string_view event, const std::string& payload, std::optional<std::uint64_t> ack = {}) {
    const auto argument = payload.empty() ? json::Slice{} : reader.validate(payload).value();
    const std::span<const json::Slice> arguments(&argument, payload.empty() ? 0 : 1);
    dialect.on_event(context, {.name = event, .arguments = arguments, .ack_id = ack, .attachments = {}});
  }
  std::vector<std::string> take() { return std::exchange(out.said, {}); }
  std::vector<std::string> sent_for(const Notice& notice) {
    dialect.notify(context, notice);
    return take();
  }

  static store::StoredCall stored(call::Status status = call::Status::calling) {
    store::StoredCall call;
    call.row.id = calls::CallId(uuid(7));
    call.row.version = 1;
    call.row.conversation = store::ConversationId(uuid(0x0C));
    set_people(call.row, user(1), user(2));
    call.people = {{.id = user(1), .username = "ann", .avatar = "/a.png"}, {.id = user(2), .username = "ben", .avatar = {}}};
    call.row.media = call::CallType::video;
    call.row.status = status;
    call.row.created = call.row.updated = {1'700'000'000'000};
    call.row.ring_expires = {1'700'000'015'000};
    if (status == call::Status::connected || status == call::Status::ended) call.row.started = {1'700'000'004'000};
    if (status == call::Status::ended) call.row.ended = {1'700'000'016'500};
    return call;
  }
  static calls::CallView view(const store::StoredCall& call) { return std::make_shared<const store::StoredCall>(call); }
  static calls::CallView over(call::Status status, call::EndReason reason) {
    store::StoredCall call = stored(status);
    call.row.end_reason = reason;
    return view(call);
  }
  static calls::CallResult answered(const store::StoredCall& call) { return {.call = view(call)}; }
  static calls::Result refused(calls::Refusal why) { return unexpected(calls::Refused{.why = why}); }
  static std::string to(std::uint8_t number, const std::string& more = {}) {
    return R"({"to":")" + id_text(number) + '"' + more + '}';
  }
  /// The two events of an end.
  static std::vector<std::string> pair_of(std::uint8_t from, const std::string& reason, const std::string& duration = "null") {
    const std::string payload = R"({"from":")" + id_text(from) + R"(","callId":")" + id_text(7) + R"(","reason":")" + reason +
                                R"(","duration":)" + duration + "}";
    return {"call-ended " + payload, "end-call " + payload};
  }
};

}  // namespace belfry::gateway::testing

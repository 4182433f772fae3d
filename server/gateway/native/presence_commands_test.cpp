// The events about presence (SPEC K46, S7): what a client says, and what it hears.
#include "adapters/memory/stores.hpp"
#include "gateway/json/presence.hpp"
#include "gateway/native/native_stage_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class NoMailboxes final : public Mailboxes {
 public:
  void post(ShardIndex, std::function<void()> task) override { task(); }
  [[nodiscard]] ShardIndex shard_count() const override { return 1; }
};

/// Ann (01) is connected; Ben (02) comes and goes.
class NativePresence : public NativeStage {
 protected:
  void SetUp() override {
    NativeStage::SetUp();
    for (const std::uint8_t number : {std::uint8_t{1}, std::uint8_t{2}})
      stores.accounts().create({.id = account::UserId(uuid(number)), .username = "user" + std::to_string(number)},
                               [](const auto& made) { ASSERT_TRUE(made.has_value()); });
    watching.on_socket(context);
    take();
  }
  void say_to(std::string_view event, const std::string& payload) {
    const auto argument = reader.validate(payload).value();
    watching.on_event(context, {.name = event, .arguments = {&argument, 1}, .ack_id = 1, .attachments = {}});
  }
  void ben_comes() {
    sessions.enter(account::UserId(uuid(2)), "ben", {.at = kBen});
    change();
  }
  void ben_leaves() {
    EXPECT_TRUE(sessions.leave(account::UserId(uuid(2)), kBen).has_value());
    change();
  }
  void change() {
    all.changed(mailboxes, account::UserId(uuid(2)));
    clock.passed += presence::AllWatches::kCoalesce;
    watches.on_time(clock.now());
  }
  static std::string whom(const std::string& ids) { return R"({"userIds":[)" + ids + "]}"; }
  static std::string quoted(std::uint8_t number) { return "\"" + id_text(number) + "\""; }
  static std::string update(int version, const std::string& state) {
    return R"(,"version":)" + std::to_string(version) + R"(,"userId":)" + quoted(2) + R"(,"state":")" + state +
           R"(","lastSeenAt":null})";
  }

  static constexpr SessionAddress kBen{.shard = 0, .node = 0, .slot = 20, .generation = 1};
  memory::Tables tables;
  memory::Stores stores{tables};
  NoMailboxes mailboxes;
  sessions::Sessions sessions;
  sessions::OnlineUsers online{sessions};
  presence::AllWatches all{1};
  Native watching{settings, {core, in, out, kept, kept, clock, {}, &reads, &tokens, nullptr, &watches}};
  presence::Watches watches{0, all, {stores.accounts(), sessions, online, mailboxes, clock, watching, seen_members}};
};

// K46
TEST_F(NativePresence, SubscriptionIsAcknowledgedWithWhoIsOnlineAndChangesFollow) {
  ben_comes();
  say_to("presence.subscribe", whom(quoted(2) + "," + quoted(9)));
  EXPECT_THAT(take(), ElementsAre(R"(ack 1 {"success":true,"data":{"version":0,"online":[)" + quoted(2) + "]}}"));
  ben_leaves();
  ben_comes();
  const auto heard = take();
  ASSERT_EQ(heard.size(), 2U);
  EXPECT_THAT(heard[0], StartsWith(R"(presence.update {"v":1,"seq":2,)"));
  EXPECT_TRUE(heard[0].ends_with(update(1, "offline"))) << heard[0];
  EXPECT_TRUE(heard[1].ends_with(update(2, "online"))) << heard[1];
  say_to("presence.subscribe", whom(""));
  EXPECT_THAT(take(), ElementsAre(HasSubstr(R"("data":{"version":2,"online":[]})")));
  ben_leaves();
  EXPECT_THAT(take(), IsEmpty());
}

// K46
TEST_F(NativePresence, ListIsCheckedWhole) {
  const auto refusal = [&](const std::string& payload) {
    say_to("presence.subscribe", payload);
    return take().at(0);
  };
  EXPECT_THAT(refusal("{}"), HasSubstr(R"({"field":"userIds","issue":"required"})"));
  EXPECT_THAT(refusal(R"({"userIds":"x"})"), HasSubstr(R"({"field":"userIds","issue":"invalid"})"));
  EXPECT_THAT(refusal(whom("1")), HasSubstr(R"({"field":"userIds","issue":"invalid"})"));
  EXPECT_THAT(refusal(whom(quoted(2) + R"(,"x")")), HasSubstr(R"({"field":"userIds","issue":"invalid"})"));
  std::string many = quoted(2);
  for (int i = 1; i < 1'000; ++i) many += "," + quoted(2);
  EXPECT_THAT(refusal(whom(many)), HasSubstr(R"("success":true)"));
  EXPECT_THAT(refusal(whom(many + "," + quoted(2))), HasSubstr(R"({"field":"userIds","issue":"too_many"})"));
}

// S7
TEST_F(NativePresence, ClientSaysThatItsUserIsAwayAndNothingElse) {
  sessions.enter(context.identity->user, "ann", {.at = context.at});
  say_to("presence.set", R"({"state":"away"})");
  EXPECT_THAT(take(), ElementsAre(R"(ack 1 {"success":true,"data":{"state":"away"}})"));
  EXPECT_TRUE(online.is_away(context.identity->user));
  say_to("presence.set", R"({"state":"online"})");
  EXPECT_FALSE(online.is_away(context.identity->user));
  take();
  for (const auto* bad : {R"({"state":"busy"})", R"({"state":"offline"})", R"({"state":1})"}) {
    say_to("presence.set", bad);
    EXPECT_THAT(take(), ElementsAre(HasSubstr(R"({"field":"state","issue":"invalid"})"))) << bad;
  }
  say_to("presence.set", "{}");
  EXPECT_THAT(take(), ElementsAre(HasSubstr(R"({"field":"state","issue":"required"})")));
}

// K46
TEST_F(NativePresence, SessionThatComesBackGetsASnapshotAndGoesOnCounting) {
  say_to("presence.subscribe", whom(quoted(2)));
  ben_comes();
  watching.on_suspended(context);
  const std::string state = watching.on_detached(context, 0);
  ben_leaves();
  take();
  const SessionAddress before = std::exchange(context.at, {.shard = 0, .node = 0, .slot = 9, .generation = 1});
  watching.on_recovered(context, before, state);
  EXPECT_THAT(take(), ElementsAre(HasSubstr(R"(,"version":1,"online":[]})")));
  ben_comes();
  EXPECT_TRUE(take().at(0).ends_with(update(2, "online")));
  watching.on_gone(context, sessions::Departure::left);
  ben_leaves();
  EXPECT_THAT(take(), IsEmpty());
}

// K46
TEST_F(NativePresence, SessionThatResumesAnEarlierOneTakesOverWhatItWatched) {
  say_to("presence.subscribe", whom(quoted(2)));
  ben_comes();
  take();
  SocketContext later;
  later.at = {.shard = 0, .node = 0, .slot = 8, .generation = 1};
  later.session = store::SessionId(uuid(0x52));
  later.identity = std::make_unique<accounts::Identity>(*context.identity);
  sessions.enter(account::UserId(uuid(1)), "ann", {.id = later.session, .at = later.at});
  watching.on_socket(later);
  take();
  const std::string payload = R"({"sessionId":")" + id_text(0x51) + R"(","lastSeq":2})";
  const auto argument = reader.validate(payload).value();
  watching.on_event(later, {.name = "session.resume", .arguments = {&argument, 1}, .ack_id = 1, .attachments = {}});
  EXPECT_THAT(take(),
              ::testing::Contains(AllOf(StartsWith("presence.snapshot"), HasSubstr(R"("version":1,"online":[)" + quoted(2)))));
  watching.on_gone(context, sessions::Departure::left);
  ben_leaves();
  EXPECT_TRUE(take().at(0).ends_with(update(2, "offline")));
}

}  // namespace
}  // namespace belfry::gateway::testing

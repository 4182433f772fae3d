// Who is new, as the sessions that ask for it hear.
#include "gateway/native/people_news.hpp"

#include "adapters/memory/stores.hpp"
#include "base/cost_for_tests.hpp"
#include "gateway/json/presence.hpp"
#include "gateway/native/native_stage_for_tests.hpp"

namespace belfry::gateway::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class NoMailboxes final : public Mailboxes {
 public:
  void post(ShardIndex, std::function<void()> task) override { task(); }
  [[nodiscard]] ShardIndex shard_count() const override { return 1; }
};

account::User a_user(std::uint8_t number, const std::string& name) {
  account::User user{.id = account::UserId(uuid(number)),
                     .username = "user" + std::to_string(number),
                     .email = {},
                     .display_name = name,
                     .avatar = {}};
  user.email = "x@mail.example";
  return user;
}

class NativePeople : public NativeStage {
 protected:
  void pass(Duration time) {
    clock.passed += time;
    if (news.next_deadline() && *news.next_deadline() <= clock.now()) news.on_time(clock.now());
  }
  /// How many people the lists of that text name.
  static int count_in(const std::string& text) {
    int count = 0;
    for (std::size_t at = text.find("\"username\""); at != std::string::npos; at = text.find("\"username\"", at + 1)) ++count;
    return count;
  }

  void ask_for_news() {
    hearing.on_socket(context);
    hearing.on_event(context, {.name = "users.subscribe", .arguments = {}, .ack_id = 1, .attachments = {}});
    take();
  }

  NoMailboxes mailboxes;
  memory::Tables tables;
  memory::Stores stores{tables};
  sessions::Sessions sessions;
  sessions::OnlineUsers online{sessions};
  presence::AllWatches all_watches{1};
  Native hearing{settings, {core, in, out, kept, kept, clock, {}, &reads, &tokens, nullptr, &watches}};
  presence::Watches watches{0, all_watches, {stores.accounts(), sessions, online, mailboxes, clock, hearing, seen_members}};
  native::AllPeopleNews all{1};
  native::PeopleNews news{0, all, {mailboxes, clock, [this](std::string_view members) { hearing.tell_of_people(members); }}};
};

TEST_F(NativePeople, AreToldToASessionThatAsks) {
  hearing.on_socket(context);
  take();
  all.changed(mailboxes, a_user(2, "Ben"));
  pass({});
  EXPECT_THAT(take(), IsEmpty());
  hearing.on_event(context, {.name = "users.subscribe", .arguments = {}, .ack_id = 1, .attachments = {}});
  EXPECT_THAT(take(), ElementsAre(R"(ack 1 {"success":true,"data":{}})"));
  all.changed(mailboxes, a_user(3, "Cid"));
  pass(native::PeopleNews::kEvery);
  const auto heard = take();
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_THAT(heard[0], HasSubstr(R"(users.changed {"v":1,"seq":2,)"));
  EXPECT_THAT(heard[0], HasSubstr(R"("users":[{"id":")" + id_text(3) +
                                  R"(","username":"user3","displayName":"Cid","name":"Cid","avatar":)"));
  EXPECT_EQ(heard[0].find("mail.example"), std::string::npos);
}

TEST_F(NativePeople, WhoComeInAStormAreToldOnceASecondAndAHundredAtOnce) {
  ask_for_news();
  all.changed(mailboxes, a_user(1, "First"));
  pass({});
  EXPECT_EQ(take().size(), 1U) << "the first comes at once";
  for (int i = 0; i < 150; ++i) all.changed(mailboxes, a_user(static_cast<std::uint8_t>(i), "Somebody"));
  all.changed(mailboxes, a_user(7, "Renamed"));
  pass({});
  EXPECT_THAT(take(), IsEmpty());
  pass(native::PeopleNews::kEvery);
  const auto first = take();
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(count_in(first[0]), 100);
  EXPECT_THAT(first[0], HasSubstr("Renamed"));
  pass(native::PeopleNews::kEvery);
  const auto second = take();
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(count_in(second[0]), 50);
  pass(native::PeopleNews::kEvery);
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_EQ(news.next_deadline(), std::nullopt);
}

account::User numbered(std::uint32_t number) {
  account::User user = a_user(9, "Somebody");
  Uuid id = uuid(9);
  for (int byte = 0; byte < 4; ++byte) id[static_cast<std::size_t>(byte)] = static_cast<std::uint8_t>(number >> (8 * byte));
  user.id = account::UserId(id);
  return user;
}

TEST_F(NativePeople, WhoChangesInAStormIsToldAsTheyAreNow) {
  ask_for_news();
  for (std::uint32_t number = 0; number < native::PeopleNews::kMaxWaiting + 50; ++number)
    all.changed(mailboxes, numbered(number));
  auto renamed = numbered(60);
  renamed.display_name = "Renamed";
  all.changed(mailboxes, renamed);
  pass({});
  const auto heard = take();
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_EQ(count_in(heard[0]), 100);
  const auto at = [&](std::uint32_t number) { return heard[0].find(to_text(numbered(number).id.value())); };
  EXPECT_EQ(at(49), std::string::npos) << "the oldest are not told";
  EXPECT_LT(at(50), at(60));
  EXPECT_LT(at(60), heard[0].find("Renamed"));
  EXPECT_LT(heard[0].find("Renamed"), at(61));
}

/// Keeps them.
class KeptTasks final : public Mailboxes {
 public:
  void post(ShardIndex, std::function<void()> task) override { tasks.push_back(std::move(task)); }
  [[nodiscard]] ShardIndex shard_count() const override { return 1; }
  std::vector<std::function<void()>> tasks;
};

// Found in review.
TEST_F(NativePeople, StormOfSignUpsCostsInProportionToIt) {
  const auto make = [&](std::size_t count) {
    KeptTasks storm;
    for (std::uint32_t number = 0; number < count; ++number) all.changed(storm, numbered(number));
    return std::move(storm.tasks);
  };
  const auto hear = [](const std::vector<std::function<void()>>& tasks) {
    for (const auto& task : tasks) task();
  };
  EXPECT_LT(belfry::testing::growth(1'200, make, hear), belfry::testing::kStillLinear);
}

TEST_F(NativePeople, WhoMayNotLogInAreNotTold) {
  ask_for_news();
  auto pending = a_user(2, "Ben");
  pending.status = account::UserStatus::pending;
  all.changed(mailboxes, pending);
  pass(native::PeopleNews::kEvery);
  EXPECT_THAT(take(), IsEmpty());
}

}  // namespace
}  // namespace belfry::gateway::testing

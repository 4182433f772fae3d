// I-2. Random worlds: calls of two and group calls of up to eight, in conversations and without, people with several devices and
// without, two servers on one store, losses, returns, expulsions, removals from conversations, blocks, store failures, a store
// whose connection is lost and comes back, pushes that providers accept, and jumps of time. Whatever happens, the invariants of
// SPEC 2.6 hold, and in the end time frees everybody. BELFRY_SOAK_WORLDS makes a soak of it.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <iterator>

#include "app/calls/invariants_for_tests.hpp"
#include "app/calls/world_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

class Play {
 public:
  explicit Play(std::uint64_t seed)
      : seed_(seed),
        world_({.shards = static_cast<ShardIndex>(1 + seed % 3),
                .seed = seed,
                .nodes = 1 + static_cast<int>(seed % 2),
                .settings = settings_of(seed)}) {
    for (int user = 1; user <= people(); ++user) phones_.push_back(new_phone(user));
    for (int user = 3; user <= 4; ++user) phones_.push_back(new_phone(user));
    phones_.push_back(world_.rest(1));
    phones_.push_back(world_.rest(5));
    world_.store.later = true;
    open_groups();
  }

  void act() {
    Phone& phone = phones_[roll(phones_.size())];
    const auto number = roll(20);
    if (store_is_lost() && roll(4) == 0) world_.store.lost = Lost::nothing;
    if (number < 3) return start(phone);
    if (number < 10) return command(phone, number);
    if (number < 13) return change_session(phone, number);
    if (number < 14) return fail_commits();
    if (number < 15) return end_by_force(phone);
    if (number < 16) return lose_store();
    if (number < 17) return change_members();
    if (number < 18) return take_part_otherwise(phone);
    if (number < 19) return accept_push();
    let_time_pass();
  }

  std::string run() {
    for (int i = 0; i < 60; ++i) {
      act();
      for (auto steps = roll(5); steps > 0; --steps) world_.step();
    }
    world_.store.fail = 0;
    world_.store.lost = Lost::nothing;
    world_.pass(1s);
    if (auto broken = broken_invariant(world_); !broken.empty()) return broken;
    for (const Phone& phone : phones_)
      if (phone.me.at) world_.disconnect(phone, Departure::lost);
    world_.pass(200s);
    if (auto broken = broken_invariant(world_); !broken.empty()) return broken;
    for (const auto& [id, stored] : world_.store.calls)
      if (stored.row.status == call::Status::calling) return "time did not end a ring";
    for (const auto& answers : world_.answers)
      if (answers.empty()) return "a command that was never answered";
    return {};
  }

 private:
  using Lost = StoreState::Lost;
  /// Every third world pushes nobody.
  static CallSettings settings_of(std::uint64_t seed) {
    CallSettings settings = test_settings();
    settings.push = seed % 3 == 0 ? PushTo::nobody : PushTo::absent;
    return settings;
  }
  /// Whichever server sent it, and for whomever.
  void accept_push() {
    if (world_.store.calls.empty()) return;
    const auto call = std::next(world_.store.calls.begin(), static_cast<std::ptrdiff_t>(roll(world_.store.calls.size())));
    const auto& calls = world_.nodes[roll(world_.nodes.size())]->calls;
    calls[roll(calls.size())]->ring_pushed(call->first, user_numbered(1 + static_cast<int>(roll(World::kUsers))));
  }
  std::uint64_t roll(std::uint64_t sides) { return world_.chance() % sides; }
  /// Every fourth world is one of eight people who have group calls, the others of few who collide often.
  [[nodiscard]] int people() const { return static_cast<int>(seed_ % 4 == 0 ? World::kUsers : 4); }
  ConversationId group(std::uint64_t number) {
    Uuid id{};
    id[0] = 9;
    id[15] = static_cast<std::uint8_t>(number);
    return ConversationId(id);
  }
  void open_groups() {
    for (std::uint64_t number = 0; number < 2; ++number) {
      conversation::NewConversation request{.id = group(number), .creator = user_numbered(1 + static_cast<int>(number))};
      for (int user = 1; user <= people() + 1; ++user)
        if (user_numbered(user) != request.creator && roll(4) != 0) request.others.push_back(user_numbered(user));
      if (request.others.empty()) request.others.push_back(user_numbered(3));
      auto& made = world_.store.conversations[request.id] = begin(request);
      for (auto& member : made.members)
        if (roll(6) == 0) member.ring_mode = conversation::RingMode::none;
    }
  }
  /// A removal or a return of a member, or a block between two.
  void change_members() {
    auto& conversation = world_.store.conversations[group(roll(2))];
    const UserId user = user_numbered(static_cast<int>(1 + roll(static_cast<std::uint64_t>(people()))));
    if (roll(3) == 0) {
      const std::pair between{user, user_numbered(static_cast<int>(1 + roll(4)))};
      if (world_.store.blocks.erase(between) == 0) world_.store.blocks.insert(between);
    } else if (find_member(conversation, user) == nullptr) {
      conversation.members.push_back({.user = user});
    } else {
      std::erase_if(conversation.members, [&](const auto& member) { return member.user == user; });
      world_.calls(phones_[roll(phones_.size())]).left_conversation(conversation.id, {user});
    }
  }
  void take_part_otherwise(const Phone& phone) {
    if (calls_.empty()) return;
    roll(2) == 0 ? world_.leave(phone, recent_call()) : world_.ready(phone, recent_call());
  }
  Phone new_phone(int user) {
    const auto dialect = roll(3) == 0 ? call::Dialect::signaling : call::Dialect::native;
    return world_.phone(user, dialect, roll(world_.nodes.size()));
  }
  /// Of two, or now and then of several people or in a conversation.
  void start(const Phone& caller) {
    const auto among = static_cast<std::uint64_t>(people() + 1);
    const int callee = static_cast<int>(1 + roll(among));
    const auto kind = roll(4);
    calls_.push_back(world_.start(caller, callee, [&](StartCall& request) {
      if (roll(3) != 0) request.ring = call::RingPolicy::immediate;
      if (kind == 0) return add_more(request, among);
      if (kind != 1) return;
      request.callee = {};
      request.place = Place{group(roll(2)), Place::Named::as_group};
    }));
  }
  void add_more(StartCall& request, std::uint64_t among) {
    for (auto several = roll(among); several > 0; --several) {
      const UserId user = user_numbered(static_cast<int>(1 + roll(among)));
      const bool known = user == request.callee || std::count(request.more.begin(), request.more.end(), user) != 0;
      if (!known) request.more.push_back(user);
    }
  }
  std::optional<UserId> anybody() {
    if (roll(2) == 0) return std::nullopt;
    return user_numbered(static_cast<int>(1 + roll(5)));
  }
  CallId recent_call() { return calls_[calls_.size() - 1 - roll(std::min<std::uint64_t>(calls_.size(), 4))]; }
  void command(const Phone& phone, std::uint64_t number) {
    if (calls_.empty()) return;
    const CallId call = recent_call();
    switch (number) {
      case 3:
      case 4:
        return world_.accept(phone, call);
      case 5:
        return world_.reject(phone, call);
      case 6:
        return world_.cancel(phone, call);
      case 7:
      case 8:
        return world_.end(phone, call);
      default:
        return world_.signal(phone, call, "s", 0, anybody());
    }
  }
  /// What is committed from now on happens, or not, but nobody hears of it until the store is back.
  void lose_store() { world_.store.lost = roll(2) == 0 ? Lost::answers : Lost::commits; }
  [[nodiscard]] bool store_is_lost() const { return world_.store.lost != Lost::nothing; }
  void fail_commits() { world_.store.fail = static_cast<int>(roll(3)); }
  void end_by_force(const Phone& phone) {
    if (!calls_.empty()) world_.calls(phone).force_end(recent_call(), call::EndReason::admin, world_.reply());
  }
  void let_time_pass() {
    world_.clock.pass(std::chrono::milliseconds(roll(20'000)));
    world_.tick();
  }
  void change_session(Phone& phone, std::uint64_t number) {
    if (!phone.me.at) return;
    if (number == 10) return world_.suspend(phone);
    if (number == 11) return world_.recover(phone);
    world_.disconnect(phone, roll(2) == 0 ? Departure::left : Departure::lost);
    phone = new_phone(static_cast<int>(phone.me.user.value()[15]));
  }

  std::uint64_t seed_;
  World world_;
  std::vector<Phone> phones_;
  std::vector<CallId> calls_;
};

TEST(Scenario, InvariantsHoldInRandomWorlds) {
  const char* soak = std::getenv("BELFRY_SOAK_WORLDS");
  const std::uint64_t wanted = soak == nullptr ? 4000 : std::strtoull(soak, nullptr, 10);
  std::uint64_t runs = 0;
  for (std::uint64_t seed = 1; seed <= wanted; ++seed, ++runs) {
    const std::string broken = Play(seed).run();
    ASSERT_EQ(broken, "") << "seed " << seed;
  }
  GTEST_LOG_(INFO) << "random worlds: " << runs;
}

}  // namespace
}  // namespace belfry::calls::testing

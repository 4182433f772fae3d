// R-001-67, X-25, T-06, X-28, X-29. Whole calls, in each of which one step goes wrong: its commit fails, the answer to its commit
// is lost (with and without the commit), or its command comes twice. Each step and each fault has its turn. The user repeats a
// command that was refused, as a client would, and then everybody must have got the same call as without the fault.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "app/calls/invariants_for_tests.hpp"
#include "app/calls/world_for_tests.hpp"

namespace belfry::calls::testing {
namespace {

enum class Fault : std::uint8_t { none, commit_fails, answer_is_lost, commit_is_lost, comes_twice, comes_twice_at_once };
constexpr Fault kFaults[] = {Fault::commit_fails, Fault::answer_is_lost, Fault::commit_is_lost, Fault::comes_twice,
                             Fault::comes_twice_at_once};
std::string name_of(Fault fault) {
  constexpr const char* kNames[] = {"none",           "commit fails", "answer is lost",
                                    "commit is lost", "comes twice",  "comes twice at once"};
  return kNames[static_cast<std::size_t>(fault)];
}
bool is_twice(Fault fault) { return fault == Fault::comes_twice || fault == Fault::comes_twice_at_once; }

/// What everybody was notified of in their last call, how it stands in the store, and how the call that it replaced does.
struct Outcome {
  std::string status, reason, replaced;
  std::size_t alice_ends = 0, bob_ends = 0, carol_ends = 0, alice_answers = 0;
  bool operator==(const Outcome&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const Outcome& of) {
    return out << of.status << " " << of.reason << (of.replaced.empty() ? "" : ", replaces: ") << of.replaced << ", ends: alice "
               << of.alice_ends << ", bob " << of.bob_ends << ", carol " << of.carol_ends << ", answers: " << of.alice_answers;
  }
};

ConversationId the_group() {
  Uuid id{};
  id[0] = 9;
  return ConversationId(id);
}

struct Stage {
  Stage() {
    world.store.conversations[the_group()] = begin(conversation::NewConversation{.id = the_group(),
                                                                                 .kind = conversation::Kind::group,
                                                                                 .creator = alice.me.user,
                                                                                 .others = {bob.me.user, carol.me.user},
                                                                                 .at = world.clock.wall()});
  }
  World world{{.shards = 2}};
  Phone alice = world.phone(1), bob = world.phone(2), carol = world.phone(3);
  CallId call{};
  std::optional<CallId> replaced{};

  [[nodiscard]] bool refused() const {
    return !world.answers.empty() && !world.answers.back().empty() && !world.answers.back().front().has_value();
  }
  Outcome outcome() {
    const store::CallRow& row = world.row(call);
    return {.status = std::string(to_text(row.status)),
            .reason = reason_of(row),
            .replaced = replaced ? reason_of(world.row(*replaced)) : "",
            .alice_ends = ends_received(alice, call),
            .bob_ends = ends_received(bob, call),
            .carol_ends = ends_received(carol, call),
            .alice_answers = alice.received("accepted")};
  }
  static std::string reason_of(const store::CallRow& row) { return row.end_reason ? std::string(to_text(*row.end_reason)) : ""; }
};

/// A start that comes twice is a repeat or a new call by its dialect's rule (2.8.1), which other tests hold. A step of the server
/// is answered to nobody, and the server repeats it.
enum class By : std::uint8_t { user, start, server, time };
bool may_come_twice(By by) { return by == By::user || by == By::server; }
bool is_answered(By by) { return by == By::user || by == By::start; }

struct Step {
  const char* name;
  void (*run)(Stage&);
  By by = By::user;
};

constexpr Step kStart{"start", [](Stage& on) { on.call = on.world.start(on.alice, 2); }, By::start};
constexpr Step kStartWithTwo{"start with two",
                             [](Stage& on) {
                               const auto carol_too = [](StartCall& call) {
                                 call.more = {user_numbered(3)};
                                 call.ring = call::RingPolicy::immediate;
                               };
                               on.call = on.world.start(on.alice, 2, carol_too);
                             },
                             By::start};
constexpr Step kStartInGroup{"start in a group",
                             [](Stage& on) {
                               const auto in_group = [](StartCall& call) {
                                 call.callee = {};
                                 call.place = Place{the_group(), Place::Named::as_group};
                                 call.ring = call::RingPolicy::immediate;
                               };
                               on.call = on.world.start(on.alice, 0, in_group);
                             },
                             By::start};
constexpr Step kStartQuietly{"start that rings later",
                             [](Stage& on) {
                               const auto later = [](StartCall& call) { call.ring = call::RingPolicy::on_caller_ready; };
                               on.call = on.world.start(on.alice, 2, later);
                             },
                             By::start};
constexpr Step kCallerIsReady{"caller is ready", [](Stage& on) { on.world.ready(on.alice, on.call); }};
constexpr Step kCalleeRings{"callee's device rings",
                            [](Stage& on) { on.world.calls(on.bob).ringing(on.bob.me, on.call, on.world.reply()); }};
constexpr Step kCalleeDialsBack{
    "callee dials the caller",
    [](Stage& on) { on.world.start(on.bob, 1, [](StartCall& call) { call.glare = OnGlare::connect; }); }, By::start};
constexpr Step kDialsAgain{"caller dials the lost callee again",
                           [](Stage& on) {
                             if (!on.replaced) on.replaced = on.call;
                             on.call = on.world.start(on.alice, 2);
                           },
                           By::start};
constexpr Step kAccept{"accept", [](Stage& on) { on.world.accept(on.bob, on.call); }};
constexpr Step kDecline{"decline", [](Stage& on) { on.world.reject(on.bob, on.call); }};
constexpr Step kCancel{"cancel", [](Stage& on) { on.world.cancel(on.alice, on.call); }};
constexpr Step kCallerEnds{"caller ends", [](Stage& on) { on.world.end(on.alice, on.call); }};
constexpr Step kCalleeEnds{"callee ends", [](Stage& on) { on.world.end(on.bob, on.call); }};
constexpr Step kCarolAccepts{"third accepts", [](Stage& on) { on.world.accept(on.carol, on.call); }};
constexpr Step kCarolDeclines{"third declines", [](Stage& on) { on.world.reject(on.carol, on.call); }};
constexpr Step kAdministratorEnds{"administrator ends", [](Stage& on) {
                                    on.world.calls(on.alice).force_end(on.call, call::EndReason::admin, on.world.reply());
                                  }};
constexpr Step kHostLeaves{"host leaves", [](Stage& on) { on.world.leave(on.alice, on.call); }};
constexpr Step kThirdIsRemoved{"third is removed from the group",
                               [](Stage& on) {
                                 const UserId third = on.carol.me.user;
                                 std::erase_if(on.world.store.conversations[the_group()].members,
                                               [&](const auto& member) { return member.user == third; });
                                 on.world.calls(on.alice).left_conversation(the_group(), {third});
                               },
                               By::server};
/// X-28, but that her sessions stay, and so can be notified.
constexpr Step kThirdIsDeactivated{
    "third is deactivated",
    [](Stage& on) { on.world.calls(on.alice).expel(on.carol.me.user, call::EndReason::user_deactivated); }, By::server};
constexpr Step kCalleeGoes{"callee goes", [](Stage& on) { on.world.disconnect(on.bob, Departure::lost); }, By::time};
constexpr Step kRingTimePasses{"ring time passes", [](Stage& on) { on.world.pass(31s); }, By::time};
constexpr Step kCalleeIsLost{"callee is lost",
                             [](Stage& on) {
                               on.world.suspend(on.bob);
                               on.world.pass(60s);
                             },
                             By::time};

struct Story {
  const char* name;
  std::vector<Step> steps;
};

const std::vector<Story>& stories() {
  static const std::vector<Story> all = {
      {"answered, ended by the caller", {kStart, kAccept, kCallerEnds}},
      {"answered, ended by the callee", {kStart, kAccept, kCalleeEnds}},
      {"declined", {kStart, kDecline}},
      {"cancelled", {kStart, kCancel}},
      {"not answered", {kStart, kRingTimePasses}},
      {"answered, callee lost", {kStart, kAccept, kCalleeIsLost}},
      {"glare: answered by the callee's own start", {kStart, kCalleeDialsBack, kCallerEnds}},
      {"superseded by the next call", {kStart, kAccept, kCalleeGoes, kDialsAgain, kCancel}},
      {"put out by an administrator", {kStart, kAccept, kAdministratorEnds}},
      {"of three, who leave one by one", {kStartWithTwo, kAccept, kCarolAccepts, kCalleeEnds, kCallerEnds}},
      {"of three, one of whom declines", {kStartWithTwo, kAccept, kCarolDeclines, kCallerEnds}},
      {"of three, put out by an administrator", {kStartWithTwo, kAccept, kCarolAccepts, kAdministratorEnds}},
      {"rung when the caller is ready", {kStartQuietly, kCallerIsReady, kCalleeRings, kAccept, kCallerEnds}},
      {"of three, left by its host, ended by the next", {kStartWithTwo, kAccept, kCarolAccepts, kHostLeaves, kCalleeEnds}},
      {"of a group, one of whom is removed", {kStartInGroup, kAccept, kCarolAccepts, kThirdIsRemoved, kCallerEnds}},
      {"of a group, one of whom is deactivated", {kStartInGroup, kAccept, kCarolAccepts, kThirdIsDeactivated, kCallerEnds}},
  };
  return all;
}

void run_without_store(Stage& on, const Step& step, StoreState::Lost what) {
  on.world.store.lost = what;
  step.run(on);
  on.world.pass(5s);  // a user is answered by then, and gives up waiting
  on.world.store.lost = StoreState::Lost::nothing;
  on.world.pass(1s);
}

void run_with(Fault fault, Stage& on, const Step& step) {
  switch (fault) {
    case Fault::none:
      step.run(on);
      break;
    case Fault::commit_fails:
      on.world.store.fail = 1;
      step.run(on);
      break;
    case Fault::answer_is_lost:
      run_without_store(on, step, StoreState::Lost::answers);
      break;
    case Fault::commit_is_lost:
      run_without_store(on, step, StoreState::Lost::commits);
      break;
    case Fault::comes_twice:
      step.run(on);
      on.world.settle();
      step.run(on);
      break;
    case Fault::comes_twice_at_once:
      step.run(on);
      step.run(on);
      break;
  }
  on.world.settle();
  on.world.store.fail = 0;
}

/// Every call that was begun is over in the end; what is compared is the last one.
Outcome play(const Story& story, std::size_t faulty, Fault fault) {
  Stage on;
  on.world.store.later = true;
  for (std::size_t i = 0; i < story.steps.size(); ++i) {
    const Step& step = story.steps[i];
    const bool applies = i == faulty && (may_come_twice(step.by) || !is_twice(fault));
    run_with(applies ? fault : Fault::none, on, step);
    const bool stays_refused = applies && !is_twice(fault) && is_answered(step.by) && on.refused();
    if (stays_refused) run_with(Fault::none, on, step);
    if (applies && !is_answered(step.by)) on.world.pass(2s);
  }
  EXPECT_EQ(broken_invariant(on.world), "");
  for (const auto& [id, stored] : on.world.store.calls) EXPECT_TRUE(call::is_final(stored.row.status));
  for (const auto& answers : on.world.answers) EXPECT_EQ(answers.size(), 1U) << "a command is answered once";
  return on.outcome();
}

TEST(EveryStep, MayFailOrComeTwiceAndTheCallIsTheSame) {
  for (const Story& story : stories()) {
    const Outcome undisturbed = play(story, 0, Fault::none);
    for (std::size_t faulty = 0; faulty < story.steps.size(); ++faulty)
      for (const Fault fault : kFaults) {
        SCOPED_TRACE(std::string(story.name) + ": " + story.steps[faulty].name + ", fault: " + name_of(fault));
        EXPECT_EQ(play(story, faulty, fault), undisturbed);
      }
  }
}

TEST(EveryStep, EndsEachStoryAsItsNameSays) {
  std::vector<std::string> ends;
  for (const Story& story : stories()) {
    const Outcome outcome = play(story, 0, Fault::none);
    ends.push_back(outcome.status + " " + outcome.reason);
  }
  EXPECT_THAT(ends, ::testing::ElementsAre("ended hangup", "ended hangup", "rejected declined", "missed cancelled",
                                           "missed timeout", "ended connection_lost", "ended hangup", "missed cancelled",
                                           "ended admin", "ended hangup", "ended hangup", "ended admin", "ended hangup",
                                           "ended hangup", "ended hangup", "ended hangup"));
}

}  // namespace
}  // namespace belfry::calls::testing

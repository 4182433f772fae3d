// Prints the whole machine to docs/call-states.md and compares: the picture cannot go stale.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "domain/call/a_call.hpp"

namespace belfry::call {
namespace {

using namespace testing;

constexpr auto kGolden = "docs/call-states.md";

std::string name_of(const State& state) {
  if (std::holds_alternative<Calling>(state)) return "Calling";
  return std::holds_alternative<Connected>(state) ? "Connected" : "Ended";
}
std::string name_of(Rejection why) {
  if (why == Rejection::not_ringing) return "not_ringing";
  return why == Rejection::not_active ? "not_active" : "not_started";
}

std::string describe(const State& from, const Decision& decision) {
  if (!decision) return "rejected: " + name_of(decision.error());
  std::string text = decision->next == from ? "unchanged" : name_of(decision->next);
  if (const auto* ended = std::get_if<Ended>(&decision->next); ended != nullptr && decision->next != from)
    text += " " + std::string(to_text(ended->reason));
  if (!decision->effects.empty()) text += "; " + text_of(decision->effects);
  return text;
}

struct Row {
  std::string name;
  Event event;
  TimePoint at;
};
struct Column {
  std::string name;
  State state;
};
using Users = std::vector<UserId>;

std::vector<Row> rows(const Users& callees) {
  const TimePoint soon = kStart + 10s;
  const TimePoint late = kStart + 30s;
  std::vector<Row> all;
  const auto add = [&](const std::string& name, UserId who, const Event& event, TimePoint at) {
    all.push_back({name + "(" + testing::name_of(who) + ")", event, at});
  };
  for (const UserId by : callees) {
    add("Answered", by, answers(by), soon);
    add("Answered, from another device", by, answers(by, kTablet), soon);
    add("Answered, past the deadline", by, answers(by), late + 1ms);
    add("Declined", by, Declined{by, kPhone}, soon);
    add("DeviceRang", by, DeviceRang{by}, soon);
  }
  all.push_back({"CallerReady", CallerReady{}, soon});
  all.push_back({"RingDeadlinePassed", RingDeadlinePassed{}, late});
  all.push_back({"MediaTimedOut", MediaTimedOut{}, late + 10s});
  all.push_back({"MaxDurationReached", MaxDurationReached{}, late + 1h});
  all.push_back({"Forced", Forced{EndReason::admin}, soon});
  all.push_back({"ServerRestarted", ServerRestarted{kStart + 9s, 30s}, soon});
  Users everybody = callees;
  everybody.insert(everybody.begin(), kAlice);
  for (const UserId by : everybody) {
    add("HungUp", by, HungUp{by, by == kAlice ? kDesk : kPhone}, soon);
    add("Lost", by, Lost{by}, soon);
    add("Left", by, Left{by}, soon);
    add("Returned", by, returns(by, by == kAlice ? kDesk : kPhone), soon);
    add("GraceEnded", by, GraceEnded{by}, soon + 10s);
    add("MediaReported", by, MediaReported{by, true}, soon);
    add("StartedAnew", by, StartedAnew{by}, soon);
    add("Kicked", by, Kicked{by}, soon);
  }
  return all;
}

std::vector<Column> columns_of_two() {
  const auto alice_away = a_call().without(kAlice, kStart + 8s, 5s);
  const auto bob_away = a_call().without(kBob, kStart + 8s, 5s);
  const auto both_away = alice_away.without(kBob, kStart + 9s, 5s);
  return {{"Calling, quiet until the caller is ready", a_call().quiet()},
          {"Calling", a_call().calling()},
          {"Calling, alice away", alice_away.calling()},
          {"Calling, bob away", bob_away.calling()},
          {"Connected", a_call().connected()},
          {"Connected, alice away", alice_away.connected()},
          {"Connected, bob away", bob_away.connected()},
          {"Connected, both away", both_away.connected()},
          {"Ended, declined", a_call().ended(EndReason::declined, kBob)},
          {"Ended, cancelled by the caller", a_call().ended(EndReason::cancelled, kAlice)},
          {"Ended, by time", a_call().ended(EndReason::timeout, std::nullopt)}};
}

std::vector<Column> columns_of_three() {
  const auto all = a_call_of_three().with(kCarol);
  return {{"Calling", a_call_of_three().calling()},
          {"Calling, declined by bob", a_call_of_three().declined_by(kBob).calling()},
          {"Connected, carol's phone rings", a_call_of_three().connected()},
          {"Connected", all.connected()},
          {"Connected, bob away", all.without(kBob, kStart + 8s, 5s).connected()},
          {"Connected, bob and carol away", all.without(kBob, kStart + 8s, 5s).without(kCarol, kStart + 9s, 5s).connected()}};
}

std::string matrix(const std::vector<Column>& columns, const std::vector<Row>& rows) {
  std::string text;
  for (const auto& [column, state] : columns) {
    text += "\n### " + column + "\n\n| Event | Result |\n|---|---|\n";
    for (const auto& [row, event, at] : rows) text += "| " + row + " | " + describe(state, advance(state, event, at)) + " |\n";
  }
  return text;
}

std::string diagram(const std::vector<Column>& columns, const std::vector<Row>& rows) {
  std::map<std::pair<std::string, std::string>, std::set<std::string>> edges;
  for (const auto& [column, state] : columns)
    for (const auto& [row, event, at] : rows) {
      const auto decision = advance(state, event, at);
      if (!decision || decision->next == state) continue;
      edges[{name_of(state), name_of(decision->next)}].insert(row.substr(0, row.find_first_of("(,")));
    }
  std::string text = "```mermaid\nstateDiagram-v2\n  [*] --> Calling: start\n";
  for (const auto& [ends, names] : edges) {
    text += "  " + ends.first + " --> " + ends.second + ": ";
    std::string separator;
    for (const auto& name : names) text += std::exchange(separator, ", ") + name;
    text += "\n";
  }
  return text + "  Ended --> [*]\n```\n";
}

std::string legs() {
  std::string text = "| |";
  constexpr auto kSteps = static_cast<int>(LegStep::kicked) + 1;
  for (int step = 0; step < kSteps; ++step) text += " " + std::string(to_text(static_cast<LegStep>(step))) + " |";
  text += "\n|---|---|---|---|---|---|---|---|---|\n";
  for (int state = 0; state <= static_cast<int>(LegState::kicked); ++state) {
    const auto from = static_cast<LegState>(state);
    text += "| **" + std::string(to_text(from)) + "** |";
    for (int step = 0; step < kSteps; ++step) {
      const LegState next = after(from, static_cast<LegStep>(step));
      text += next == from ? " |" : " " + std::string(to_text(next)) + " |";
    }
    text += "\n";
  }
  return text;
}

std::string whole_machine() {
  const auto two = rows({kBob}), three = rows({kBob, kCarol});
  return "# The states of a call\n\nPrinted by `server/domain/call/matrix_test.cpp` from the machine itself; "
         "`UPDATE_GOLDEN=1 domain_call_test` writes it anew. Alice calls; behind each name stands what that person is told.\n\n" +
         diagram(columns_of_two(), two) + "\n## The legs\n\nOne person's part in it; an empty cell changes nothing.\n\n" +
         legs() + "\n## A call of two\n" + matrix(columns_of_two(), two) + "\n## A call of three\n" +
         matrix(columns_of_three(), three);
}

// T-05 to T-22, T-25, T-26
TEST(CallStates, AreWhatTheGoldenPageShows) {
  const std::string now = whole_machine();
  if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(kGolden) << now;
  std::ostringstream golden;
  golden << std::ifstream(kGolden).rdbuf();
  EXPECT_EQ(golden.str(), now) << "run UPDATE_GOLDEN=1 domain_call_test in the repository's root and read the difference";
}

}  // namespace
}  // namespace belfry::call

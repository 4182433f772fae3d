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

std::string name_of(Party party) { return party == Party::caller ? "caller" : "callee"; }
std::string name_of(const State& state) {
  if (std::holds_alternative<Ringing>(state)) return "Ringing";
  if (std::holds_alternative<Active>(state)) return "Active";
  return "Ended";
}

struct EffectName {
  std::string operator()(const RingCallee&) const { return "RingCallee"; }
  std::string operator()(const TellRinging&) const { return "TellRinging"; }
  std::string operator()(const TellAccepted&) const { return "TellAccepted"; }
  std::string operator()(const TellAnswerLate&) const { return "TellAnswerLate"; }
  std::string operator()(const TellRejected&) const { return "TellRejected"; }
  std::string operator()(const TellCancelled& told) const { return "TellCancelled(" + name_of(told.party) + ")"; }
  std::string operator()(const TellMissed& told) const { return "TellMissed(" + name_of(told.party) + ")"; }
  std::string operator()(const TellEnded& told) const { return "TellEnded(" + name_of(told.party) + ")"; }
  std::string operator()(const TellReconnecting& told) const { return "TellReconnecting(" + name_of(told.absent) + ")"; }
  std::string operator()(const TellReconnected& told) const { return "TellReconnected(" + name_of(told.back) + ")"; }
};

std::string name_of(Rejection why) {
  if (why == Rejection::not_ringing) return "not_ringing";
  return why == Rejection::not_active ? "not_active" : "not_started";
}

std::string describe(const State& from, const Decision& outcome) {
  if (!outcome) return "rejected: " + name_of(outcome.error());
  std::string text = outcome->next == from ? "unchanged" : name_of(outcome->next);
  if (const auto* ended = std::get_if<Ended>(&outcome->next); ended != nullptr && outcome->next != from)
    text += " " + std::string(to_text(ended->reason));
  std::string separator = "; ";
  for (const auto& effect : outcome->effects) text += std::exchange(separator, ", ") + std::visit(EffectName{}, effect);
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

std::vector<Row> rows() {
  const TimePoint soon = kStart + 10s;
  const TimePoint late = kStart + 30s;
  std::vector<Row> all{{"CalleeAnswered", CalleeAnswered{kPhone}, soon},
                       {"CalleeAnswered, from another device", CalleeAnswered{kTablet}, soon},
                       {"CalleeAnswered, past the deadline", CalleeAnswered{kPhone}, late + 1ms},
                       {"CalleeDeclined", CalleeDeclined{kPhone}, soon},
                       {"DeviceRang", DeviceRang{}, soon},
                       {"CallerReady", CallerReady{}, soon},
                       {"RingDeadlinePassed", RingDeadlinePassed{}, late},
                       {"MediaTimedOut", MediaTimedOut{}, late + 10s},
                       {"MaxDurationReached", MaxDurationReached{}, late + 1h},
                       {"Forced", Forced{EndReason::admin}, soon},
                       {"ServerRestarted", ServerRestarted{kStart + 9s, 30s}, soon}};
  for (const Party by : {Party::caller, Party::callee}) {
    const std::string who = "(" + name_of(by) + ")";
    all.push_back({"HangUp" + who, HangUp{by, kPhone}, soon});
    all.push_back({"PartyLost" + who, PartyLost{by}, soon});
    all.push_back({"PartyLeft" + who, PartyLeft{by}, soon});
    all.push_back({"PartyReturned" + who, PartyReturned{by}, soon});
    all.push_back({"GraceEnded" + who, GraceEnded{by}, soon + 10s});
    all.push_back({"MediaReported" + who, MediaReported{by, true}, soon});
    all.push_back({"StartedAnew" + who, StartedAnew{by}, soon});
  }
  return all;
}

std::vector<Column> columns() {
  const auto caller_away = a_call().without(Party::caller, kStart + 8s, 5s);
  const auto callee_away = a_call().without(Party::callee, kStart + 8s, 5s);
  const auto both_away = caller_away.without(Party::callee, kStart + 9s, 5s);
  return {{"Ringing, quiet until the caller is ready", a_call().quiet()},
          {"Ringing", a_call().ringing()},
          {"Ringing, caller away", caller_away.ringing()},
          {"Ringing, callee away", callee_away.ringing()},
          {"Active", a_call().active()},
          {"Active, caller away", caller_away.active()},
          {"Active, callee away", callee_away.active()},
          {"Active, both away", both_away.active()},
          {"Ended, declined", a_call().ended(EndReason::declined, Party::callee)},
          {"Ended, cancelled by the caller", a_call().ended(EndReason::cancelled, Party::caller)},
          {"Ended, by time", a_call().ended(EndReason::timeout, std::nullopt)}};
}

std::string diagram() {
  std::map<std::pair<std::string, std::string>, std::set<std::string>> edges;
  for (const auto& [column, state] : columns())
    for (const auto& [row, event, at] : rows()) {
      const auto outcome = advance(state, event, at);
      if (!outcome || outcome->next == state) continue;
      edges[{name_of(state), name_of(outcome->next)}].insert(row.substr(0, row.find_first_of("(,")));
    }
  std::string text = "```mermaid\nstateDiagram-v2\n  [*] --> Ringing: start\n";
  for (const auto& [ends, names] : edges) {
    text += "  " + ends.first + " --> " + ends.second + ": ";
    std::string separator;
    for (const auto& name : names) text += std::exchange(separator, ", ") + name;
    text += "\n";
  }
  return text + "  Ended --> [*]\n```\n";
}

std::string whole_machine() {
  std::string text =
      "# The states of a call\n\nPrinted by `server/domain/call/matrix_test.cpp` from the machine itself; "
      "`UPDATE_GOLDEN=1 domain_call_test` writes it anew.\n\n";
  text += diagram();
  for (const auto& [column, state] : columns()) {
    text += "\n## " + column + "\n\n| Event | Result |\n|---|---|\n";
    for (const auto& [row, event, at] : rows()) text += "| " + row + " | " + describe(state, advance(state, event, at)) + " |\n";
  }
  return text;
}

// T-05 to T-08, T-10 to T-16, T-18 to T-22, T-25, T-26
TEST(CallStates, AreWhatTheGoldenPageShows) {
  const std::string now = whole_machine();
  if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(kGolden) << now;
  std::ostringstream golden;
  golden << std::ifstream(kGolden).rdbuf();
  EXPECT_EQ(golden.str(), now) << "run UPDATE_GOLDEN=1 domain_call_test in the repository's root and read the difference";
}

}  // namespace
}  // namespace belfry::call

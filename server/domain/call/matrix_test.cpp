// Prints the whole machine to docs/call-states.md and compares: the page cannot go stale.
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>

#include "base/enumerators_for_tests.hpp"
#include "base/golden_page_for_tests.hpp"
#include "domain/call/cases_for_tests.hpp"

namespace belfry::call {
namespace {

using namespace testing;
using Words = std::vector<std::string>;

std::string kind_of(const Calling&) { return "Calling"; }
std::string kind_of(const Connected&) { return "Connected"; }
std::string kind_of(const Ended&) { return "Ended"; }
std::string kind_of(const State& state) {
  return std::visit([](const auto& each) { return kind_of(each); }, state);
}
std::string text_of(Rejection why) {
  switch (why) {
    case Rejection::not_ringing:
      return "rejected: not_ringing";
    case Rejection::not_active:
      return "rejected: not_active";
    case Rejection::not_started:
      return "rejected: not_started";
    case Rejection::full:
      return "rejected: full";
  }
  return "";
}
std::string text_of(Negotiation negotiation) {
  switch (negotiation) {
    case Negotiation::open:
      return "nothing due";
    case Negotiation::offered:
      return "offered";
    case Negotiation::answer_due:
      return "description due";
  }
  return "";
}
std::string text_of(AnswerNotice notice) {
  switch (notice) {
    case AnswerNotice::sent:
      return "caller notified";
    case AnswerNotice::pending:
      return "caller not yet notified";
  }
  return "";
}
std::string text_of(TimePoint at) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(at - kStart).count()) + " s";
}

/// The next state, with what of it changed that its name does not say.
std::string outcome(const State& from, const Decision& decision) {
  if (!decision) return text_of(decision.error());
  if (decision->next == from) return "unchanged";
  std::string text = kind_of(decision->next);
  if (const auto* over = std::get_if<Ended>(&decision->next)) return text + " " + std::string(to_text(over->reason));
  if (const auto* next = std::get_if<Connected>(&decision->next)) {
    const auto* const before = std::get_if<Connected>(&from);
    const AnswerNotice after = answer_notice_of(next->legs);
    const AnswerNotice notice = before != nullptr ? answer_notice_of(before->legs) : AnswerNotice::sent;
    if (after != notice) text += ", " + text_of(after);
    const Negotiation negotiation = before != nullptr ? before->negotiation : Negotiation::open;
    if (next->negotiation != negotiation) text += ", " + text_of(next->negotiation);
  }
  return text;
}

/// The outcome, whom it notifies, and the alarm that it moves while the kind of the state stays.
std::string describe(const State& from, const Decision& decision) {
  std::string text = outcome(from, decision);
  if (!decision) return text;
  if (!decision->effects.empty()) text += "; " + testing::text_of(decision->effects);
  const auto before = next_alarm(from), after = next_alarm(decision->next);
  if (from.index() == decision->next.index() && after && before->at != after->at) text += "; alarm at " + text_of(after->at);
  return text;
}

/// Anything that is done to a call: an event, or a note of app/.
struct Row {
  std::string name;
  std::function<Decision(const State&)> apply;
};
using Rows = std::vector<Row>;

template <class SomeEvent>
Rows rows_of(const People& people) {
  Rows rows;
  for (const Case<SomeEvent>& each : cases(Of<SomeEvent>{}, people))
    rows.push_back(
        {each.name, [event = Event(each.event), at = each.at](const State& from) { return advance(from, event, at); }});
  return rows;
}

template <class Note>
Row note_row(std::string name, const Note& note) {
  return {std::move(name), [note](State state) {
            note(state);
            return Decision(Step{std::move(state), {}});
          }};
}

Rows notes() {
  return {note_row("*noted:* notified(bob)", [](State& state) { note_notified(state, kBob); }),
          note_row("*noted:* described(bob)", [](State& state) { note_described(state, kBob); }),
          note_row("*noted:* end announced", [](State& state) { note_end_announced(state, kSoon); })};
}

/// Calls `each` with every alternative of `Variant` in turn.
template <class... Alternatives, class Each>
void for_each_alternative(Of<std::variant<Alternatives...>>, const Each& each) {
  (each(Of<Alternatives>{}), ...);
}

Rows all_events(const People& people) {
  Rows rows;
  for_each_alternative(Of<Event>{}, [&]<class SomeEvent>(Of<SomeEvent>) {
    for (Row& row : rows_of<SomeEvent>(people)) rows.push_back(std::move(row));
  });
  return rows;
}

const People kTwo{{kBob}, {kAlice, kBob}}, kThree{{kBob, kCarol}, {kAlice, kBob, kCarol}};

std::string table_line(const Words& cells) {
  std::string text = "|";
  for (const auto& cell : cells) text += " " + cell + " |";
  return text + "\n";
}
std::string table_head(const Words& cells) {
  std::string text = table_line(cells) + "|";
  for (std::size_t i = 0; i < cells.size(); ++i) text += "---|";
  return text + "\n";
}
std::string joined(const std::set<std::string>& words, const std::string& separator) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : separator) + word;
  return text;
}

std::string event_in(const std::string& row) { return row.substr(0, row.find_first_of("(,")); }

/// Calls `each(state, row)` with every case of both calls in which the state is of this kind.
template <class SomeState, class Each>
void for_each_case(const Each& each) {
  const auto walk = [&](const Columns<SomeState>& columns, const Rows& rows) {
    for (const auto& [name, state] : columns)
      for (const Row& row : rows) each(State(state), row);
  };
  walk(columns_of_two(Of<SomeState>{}), all_events(kTwo));
  walk(columns_of_three(Of<SomeState>{}), all_events(kThree));
}

std::string diagram() {
  std::map<std::pair<std::string, std::string>, std::set<std::string>> edges;
  for_each_alternative(Of<State>{}, [&]<class SomeState>(Of<SomeState>) {
    for_each_case<SomeState>([&](const State& from, const Row& row) {
      const auto decision = row.apply(from);
      if (decision && decision->next != from) edges[{kind_of(from), kind_of(decision->next)}].insert(event_in(row.name));
    });
  });
  std::string text = "```mermaid\nstateDiagram-v2\n  [*] --> Calling: start\n";
  for (const auto& [ends, events] : edges) text += "  " + ends.first + " --> " + ends.second + ": " + joined(events, ", ") + "\n";
  return text + "  Ended --> [*]\n```\n";
}

/// Event by state: every outcome that a case below has.
std::string machine() {
  std::map<std::string, std::map<std::string, std::set<std::string>>> outcomes;
  Words kinds;
  for_each_alternative(Of<State>{}, [&]<class SomeState>(Of<SomeState>) {
    for_each_case<SomeState>([&](const State& from, const Row& row) {
      outcomes[event_in(row.name)][kind_of(from)].insert(outcome(from, row.apply(from)));
    });
    kinds.push_back(kind_of(columns_of_two(Of<SomeState>{}).front().state));
  });
  Words head = kinds;
  head.insert(head.begin(), "Event");
  std::string text = table_head(head);
  for_each_alternative(Of<Event>{}, [&]<class SomeEvent>(Of<SomeEvent>) {
    const std::string event = event_in(cases(Of<SomeEvent>{}, kTwo).front().name);
    Words line{"**" + event + "**"};
    for (const auto& kind : kinds) line.push_back(joined(outcomes[event][kind], " / "));
    text += table_line(line);
  });
  return text;
}

/// One state's table: a cell that is as in the first column shows "=".
template <class SomeState>
std::string table(const Columns<SomeState>& columns, const Rows& rows) {
  Words head{"Event"};
  for (const auto& column : columns) head.push_back(column.name);
  std::string text = "\n### " + kind_of(columns.front().state) + "\n\n" + table_head(head);
  for (const Row& row : rows) {
    Words line{row.name};
    for (const auto& [name, state] : columns) {
      const std::string cell = describe(state, row.apply(state));
      line.push_back(line.size() > 1 && cell == line[1] ? "=" : cell);
    }
    text += table_line(line);
  }
  return text;
}

std::string call_of_two() {
  Rows rows = all_events(kTwo);
  for (Row& note : notes()) rows.push_back(std::move(note));
  std::string text;
  for_each_alternative(Of<State>{}, [&](auto kind) { text += table(columns_of_two(kind), rows); });
  return text;
}

std::string call_of_three() {
  const Rows rows = all_events(kThree);
  std::string text;
  for_each_alternative(Of<State>{}, [&](auto kind) { text += table(columns_of_three(kind), rows); });
  return text;
}

std::string legs() {
  Words head{""};
  for (const LegStep step : kLegSteps) head.emplace_back(to_text(step));
  std::string text = table_head(head);
  for (const LegState from : belfry::testing::enumerators<LegState>()) {
    Words line{"**" + std::string(to_text(from)) + "**"};
    for (const LegStep step : kLegSteps) {
      const LegState next = after(from, step);
      line.push_back(next == from ? "" : std::string(to_text(next)));
    }
    text += table_line(line);
  }
  return text;
}

std::string whole_page() {
  return "# The states of a call\n\nPrinted by `server/domain/call/matrix_test.cpp` from the machine itself; "
         "`UPDATE_GOLDEN=1 domain_call_test` writes it anew.\n\n" +
         diagram() + "\n## The machine\n\nWhat each event may come to in each state, over all cases of the tables below.\n\n" +
         machine() + "\n## The legs\n\nOne person's part in it; an empty cell changes nothing.\n\n" + legs() +
         "\n## A call of two\n\nAlice calls Bob. A table for each state, a column for each sub-state of it; `=`: as in the first "
         "column. Behind each name stands what that person is notified of, then to when the next alarm moves. The call starts at "
         "0 s, rings until 30 s, and was answered at 4 s; losses are from 8 s on. The last rows are notes of `app/`, which are "
         "no "
         "events.\n" +
         call_of_two() + "\n## A call of three\n\nAlice calls Bob and Carol.\n" + call_of_three();
}

// T-05 to T-22, T-25, T-26
TEST(CallStates, AreWhatTheGoldenPageShows) { belfry::testing::expect_page("docs/call-states.md", whole_page()); }

}  // namespace
}  // namespace belfry::call

// What a participant asks of a call: each command as an event of domain/call and as the right that it needs. One overload of both
// for each command: the host does not compile for a command without them (Runner in call_host.cpp).
#pragma once

#include "app/calls/command.hpp"
#include "app/calls/record.hpp"
#include "domain/call/events.hpp"
#include "domain/call/rights.hpp"

namespace belfry::calls::party {

using call::Action;

[[nodiscard]] constexpr Action action_of(const command::Accept&) { return Action::answer; }
[[nodiscard]] constexpr Action action_of(const command::Reject&) { return Action::decline; }
[[nodiscard]] constexpr Action action_of(const command::Cancel&) { return Action::hang_up; }
[[nodiscard]] constexpr Action action_of(const command::End&) { return Action::hang_up; }
[[nodiscard]] constexpr Action action_of(const command::Leave&) { return Action::hang_up; }
[[nodiscard]] constexpr Action action_of(const command::DeviceRang&) { return Action::report_ringing; }
[[nodiscard]] constexpr Action action_of(const command::CallerReady&) { return Action::report_ready; }
[[nodiscard]] constexpr Action action_of(const command::ReportMedia&) { return Action::report_media; }

[[nodiscard]] inline call::HungUp hang_up_by(const Actor& actor, call::HungUp::Verb verb) {
  return {actor.user, actor.session, verb, actor.at ? call::Via::socket : call::Via::request};
}

[[nodiscard]] inline call::Event event_of(const command::Accept& accept, const Actor& actor) {
  return call::Answered{actor.user, {actor.session, actor.device}, enclosed_in(accept.answer)};
}
[[nodiscard]] inline call::Event event_of(const command::Reject&, const Actor& actor) {
  return call::Declined{actor.user, actor.session};
}
[[nodiscard]] inline call::Event event_of(const command::Cancel&, const Actor& actor) {
  return hang_up_by(actor, call::HungUp::Verb::cancel);
}
[[nodiscard]] inline call::Event event_of(const command::End&, const Actor& actor) {
  return hang_up_by(actor, call::HungUp::Verb::end);
}
[[nodiscard]] inline call::Event event_of(const command::Leave&, const Actor& actor) {
  return hang_up_by(actor, call::HungUp::Verb::leave);
}
[[nodiscard]] inline call::Event event_of(const command::DeviceRang&, const Actor& actor) { return call::DeviceRang{actor.user}; }
[[nodiscard]] inline call::Event event_of(const command::CallerReady&, const Actor&) { return call::CallerReady{}; }
[[nodiscard]] inline call::Event event_of(const command::ReportMedia& report, const Actor& actor) {
  return call::MediaReported{actor.user, report.alive};
}

}  // namespace belfry::calls::party

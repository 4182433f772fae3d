// The cells of the table in advance.cpp: what each event does to a call in one state, by the file that holds it. Only advance.cpp
// uses it.
#pragma once

#include "domain/call/advance.hpp"

namespace belfry::call::rules {

// answers.cpp
Decision connect(const Calling& call, const Answered& answer, TimePoint now);
Decision join(const Connected& call, const Answered& answer, TimePoint now);
template <class Call>
Decision decline(const Call& call, const Declined& decline, TimePoint now);
Decision decline_again(const Ended& call, const Declined& decline, TimePoint now);

// hang_ups.cpp
Decision give_up(const Calling& call, const HungUp& hung_up, TimePoint now);
Decision hang_up(const Connected& call, const HungUp& hung_up, TimePoint now);
Decision hang_up_again(const Ended& call, const HungUp& hung_up, TimePoint now);
Decision leave(const Calling& call, const Left& left, TimePoint now);
Decision leave(const Connected& call, const Left& left, TimePoint now);
template <class Call>
Decision supersede(const Call& call, const StartedAnew& anew, TimePoint now);
template <class Call>
Decision kick(const Call& call, const Kicked& kicked, TimePoint now);
template <class Call>
Decision force(const Call& call, const Forced& forced, TimePoint now);

// rings.cpp
template <class Call>
Decision ring(const Call& call, const DeviceRang& rang, TimePoint now);
Decision ring_everybody(const Calling& call, const CallerReady& ready, TimePoint now);
Decision ring_out(const Calling& call, const RingDeadlinePassed& passed, TimePoint now);
Decision stop_ringing(const Connected& call, const RingDeadlinePassed& passed, TimePoint now);

// absences.cpp
template <class Call>
Decision lose_while_ringing(const Call& call, const Lost& lost, TimePoint now);
Decision lose(const Connected& call, const Lost& lost, TimePoint now);
template <class Call>
Decision return_while_ringing(const Call& call, const Returned& returned, TimePoint now);
Decision return_to(const Connected& call, const Returned& returned, TimePoint now);
template <class Call>
Decision stop_waiting_while_ringing(const Call& call, const GraceEnded& grace, TimePoint now);
Decision stop_waiting(const Connected& call, const GraceEnded& grace, TimePoint now);
Decision resume_ringing(const Calling& call, const ServerRestarted& restart, TimePoint now);
Decision resume_talking(const Connected& call, const ServerRestarted& restart, TimePoint now);

// media.cpp
Decision report_media(const Connected& call, const MediaReported& report, TimePoint now);
Decision fail_media(const Connected& call, const MediaTimedOut& timed_out, TimePoint now);
Decision reach_maximum(const Connected& call, const MaxDurationReached& reached, TimePoint now);

// shared by all events
template <class Call, class SomeEvent>
Decision unchanged(const Call& call, const SomeEvent&, TimePoint) {
  return Step{call, {}};
}
template <class Call, class SomeEvent>
Decision not_ringing(const Call&, const SomeEvent&, TimePoint) {
  return unexpected(Rejection::not_ringing);
}
template <class Call, class SomeEvent>
Decision not_active(const Call&, const SomeEvent&, TimePoint) {
  return unexpected(Rejection::not_active);
}

}  // namespace belfry::call::rules

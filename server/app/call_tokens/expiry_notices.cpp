#include "app/call_tokens/expiry_notices.hpp"

#include <algorithm>
#include <memory>

#include "domain/call/leg.hpp"

namespace belfry::call_tokens {

namespace {

using namespace std::chrono_literals;

// Somebody who still rings when the time comes may be in the call a moment later.
constexpr Duration kLookAgain = 1s;

}  // namespace

Duration notice_time(Duration life) { return std::max<Duration>(15s, std::min<Duration>(60s, life / 3)); }

void ExpiryNotices::add(const UserId& user, const MediaToken& token) {
  own_thread_.check();
  const Duration left = token.minted.expires - ports_.clock.wall();
  waits_.push_back({ports_.clock.now() + left - ahead_, user, token.channel, token.minted.expires});
}

std::optional<TimePoint> ExpiryNotices::next_deadline() const {
  return waits_.empty() ? std::nullopt : std::optional(waits_.front().at);
}

void ExpiryNotices::on_time(TimePoint now) {
  own_thread_.check();
  while (!waits_.empty() && waits_.front().at <= now) {
    const Wait wait = waits_.front();
    waits_.pop_front();
    if (is_newest(wait)) look(wait);
  }
}

bool ExpiryNotices::is_newest(const Wait& wait) const {
  const auto newest = ports_.issued.newest(wait.user, wait.channel, ports_.clock.wall());
  return newest && newest->expires == wait.expires;
}

/// The store is asked only for users who are in a call.
void ExpiryNotices::look(const Wait& wait) {
  for (const auto& mine : ports_.shared.calls_of(wait.user))
    ports_.calls.load(mine.id, [this, wait, in_flight = ports_.shared.in_flight()](const auto& found) {
      if (found && *found) consider(wait, **found);
    });
}

void ExpiryNotices::consider(const Wait& wait, const store::StoredCall& call) {
  const store::Leg* leg = find_leg(call.row, wait.user);
  if (leg == nullptr || channel_of(call.row).id != wait.channel.id || !is_newest(wait)) return;
  if (call::is_pending(leg->state)) {
    Wait again = wait;
    again.at = ports_.clock.now() + kLookAgain;
    waits_.push_front(again);  // sooner than all others, or a second late for those of the next second
    return;
  }
  if (!call::is_in(leg->state)) return;
  const auto view = std::make_shared<const store::StoredCall>(call);
  for (const auto& session : ports_.shared.sessions().of(wait.user))
    ports_.delivery.notify(session.at, calls::TokenExpiring{view, wait.expires});
}

}  // namespace belfry::call_tokens

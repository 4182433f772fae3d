#include "app/accounts/change_follower.hpp"

#include <algorithm>

namespace belfry::accounts {

void ChangeFollower::on_time(TimePoint now) {
  if (now < next_) return;
  next_ = now + kFollowEvery;
  if (asking_) return;
  asking_ = true;
  store_.changes_after(seq_, [this](const auto& changes) {
    asking_ = false;
    if (!changes) return;  // asked again at the next turn
    for (const auto& change : *changes) apply(change);
  });
}

/// What this server did itself comes by here too: the consequences of a repeat are none.
void ChangeFollower::apply(const store::Change& change) {
  seq_ = std::max(seq_, change.seq);
  switch (change.kind) {
    case store::Change::Kind::user_status:
      revocations_.note_status(change.user, change.status);
      if (change.status != account::UserStatus::active) consequences_.status_changed(change.user, change.status);
      for (const auto& login : revocations_.note_limit(change.user, change.limit)) consequences_.login_ended(login, change.user);
      return;
    case store::Change::Kind::login_revoked:
      if (revocations_.is_revoked(change.login)) return;
      revocations_.note_revoked(change.login, change.expires);
      // A login that was refreshed here ends its tokens, not its sockets. One refreshed elsewhere looks like any other that
      // ended: its sockets here come back with the new token.
      if (revocations_.is_refreshed(change.login)) return;
      for (const auto& login : revocations_.refresh_chain_of(change.login)) consequences_.login_ended(login, change.user);
      return;
    case store::Change::Kind::user_profile:
      return;
  }
}

}  // namespace belfry::accounts

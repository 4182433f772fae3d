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
    if (!changes) return;  // the next turn asks again
    for (const auto& change : *changes) apply(change);
  });
}

/// The feed includes this server's own changes. Applying one twice changes nothing.
void ChangeFollower::apply(const store::Change& change) {
  seq_ = std::max(seq_, change.seq);
  switch (change.kind) {
    case store::Change::Kind::user_status:
      revocations_.note_status(change.user, change.status);
      if (change.status != account::UserStatus::active) consequences_.status_changed(change.user, change.status);
      for (const auto& login : revocations_.note_limit(change.user, change.limit))
        consequences_.login_ended(login, change.user, LoginEnd::revoked);
      return;
    case store::Change::Kind::login_revoked:
      if (revocations_.is_revoked(change.login)) return;
      revocations_.note_revoked(change.login, change.expires);
      // A login that was refreshed here: its tokens are void, its sockets stay. A login refreshed on another server looks like
      // any ended login: its sockets here are closed and reconnect with the new token.
      if (revocations_.is_refreshed(change.login)) return;
      // The feed does not say whether it was a logout: for its sockets here it is a revoked token in any case.
      for (const auto& login : revocations_.refresh_chain_of(change.login))
        consequences_.login_ended(login, change.user, LoginEnd::elsewhere);
      return;
    case store::Change::Kind::user_profile:
      return;
  }
}

}  // namespace belfry::accounts

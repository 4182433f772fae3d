// Claim: the id that a PeerJS socket wants, and by what right. A stock client proves its right to an id by the random token that
// it made for it; one with a credential of ours proves it by being the user whose id it is (SPEC W-004-10).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "domain/account/user.hpp"

namespace belfry::peers {

/// A user's credential, already verified, and the id found to be theirs.
struct Proof {
  account::UserId user{};
  account::LoginId login{};
};

struct Claim {
  std::string id{};
  std::string token{};
  std::optional<Proof> proof{};  // none: only the token counts
};

/// May a socket with the claim `later` have the id that one with the claim `earlier` has? A user may always: a page that reloads
/// has another token, and must not meet its own id as taken. The rule of npm `peer` holds for the others.
[[nodiscard]] inline bool may_take_over(const Claim& later, const Claim& earlier) {
  return later.proof.has_value() || later.token == earlier.token;
}

/// Is the holder of `holder` the one who made `claim`? If not, `claim` is from before another took the id.
[[nodiscard]] inline bool same_owner(const Claim& claim, const Claim& holder) {
  if (claim.proof && holder.proof) return claim.proof->user == holder.proof->user;
  return claim.token == holder.token;
}

}  // namespace belfry::peers

// Registration: the id that a PeerJS socket wants, and by what right. A stock client proves its right to an id by the random
// token that it made for it; one with a credential of ours proves it by being the user whose id it is (SPEC W-004-10).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "base/uuid.hpp"
#include "domain/account/user.hpp"

namespace belfry::peers {

/// The user whose id this is, or begins with as `<id>-`; nullopt: it cannot be anybody's.
[[nodiscard]] inline std::optional<account::UserId> possible_owner(std::string_view id) {
  constexpr std::size_t kUuidText = 36;
  if (id.size() > kUuidText && id[kUuidText] != '-') return std::nullopt;
  const auto uuid = parse_uuid(id.substr(0, kUuidText));
  return uuid ? std::optional(account::UserId{*uuid}) : std::nullopt;
}

/// A user's credential, already verified, and the id found to be theirs.
struct Proof {
  account::UserId user{};
  account::LoginId login{};
};

/// Did this login begin after that moment? Ids of our logins tell (RFC 9562 5.7: they begin with milliseconds). Those of other
/// issuers do not, and count as later.
[[nodiscard]] inline bool began_after(const account::LoginId& login, WallTime moment) {
  constexpr std::size_t kVersionByte = 6, kTimeBytes = 6;
  constexpr unsigned kVersion7 = 0x70, kVersionBits = 0xf0;
  const Uuid& id = login.value();
  if ((id[kVersionByte] & kVersionBits) != kVersion7) return true;
  std::int64_t ms = 0;
  for (std::size_t i = 0; i < kTimeBytes; ++i) ms = ms << 8 | id[i];
  return ms >= moment.unix_ms;
}

struct Registration {
  std::string id{};
  std::string token{};
  std::optional<Proof> proof{};  // none: only the token counts
  /// Whose calls go through this peer (SPEC K58): the user of the proof; in a trial, the user whose id it is.
  std::optional<account::UserId> user{};
};

/// May a socket with the registration `later` have the id that one with the registration `earlier` has? A user may always: a page
/// that reloads has another token, and must not meet its own id as taken. The rule of npm `peer` holds for the others.
[[nodiscard]] inline bool may_take_over(const Registration& later, const Registration& earlier) {
  return later.proof.has_value() || later.token == earlier.token;
}

/// Is the holder of `holder` the one who made `registration`? If not, `registration` is from before another took the id.
[[nodiscard]] inline bool same_owner(const Registration& registration, const Registration& holder) {
  if (registration.proof && holder.proof) return registration.proof->user == holder.proof->user;
  return registration.token == holder.token;
}

}  // namespace belfry::peers

// RestCredential: a user name that says until when it is valid, and its password, which the TURN server can work out from the
// secret that it shares with us (draft-uberti-behave-turn-rest-00, 2.2). So the relay needs no account for each user, and a
// credential that leaks is worthless minutes later. Pure; the time is an argument.
#pragma once

#include <string>
#include <string_view>

#include "base/time.hpp"

namespace belfry::turn {

struct RestCredential {
  std::string username{};
  std::string password{};
  friend bool operator==(const RestCredential&, const RestCredential&) = default;
};

/// `user` stands in the relay's log; the relay does not judge it.
[[nodiscard]] RestCredential rest_credential(std::string_view secret, std::string_view user, WallTime expires);

}  // namespace belfry::turn

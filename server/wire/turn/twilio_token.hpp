// TwilioToken: the relays in the answer to a POST of Twilio's Tokens resource ("Network Traversal Service Tokens"). Strict about
// forms, since its texts go to browsers; members that we do not know are ignored.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace belfry::turn {

/// One address of a STUN or TURN server, and what it wants of the client; STUN wants nothing.
struct IceServer {
  std::string url{};
  std::string username{}, credential{};  // empty: none
  friend bool operator==(const IceServer&, const IceServer&) = default;
};

struct TwilioToken {
  std::vector<IceServer> servers{};
  Duration life{};  // of the credentials
};

/// Answers have about 1 KiB; more would only cost time to read.
constexpr std::size_t kMaxTwilioAnswer = 16 * 1024;
/// Twilio sends four; each goes to every browser.
constexpr std::size_t kMaxTwilioServers = 16;

/// nullopt: it is something else.
[[nodiscard]] std::optional<TwilioToken> parse_twilio_token(std::string_view answer);

}  // namespace belfry::turn

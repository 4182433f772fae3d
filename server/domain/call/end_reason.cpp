#include "domain/call/end_reason.hpp"

#include <algorithm>
#include <array>

namespace belfry::call {
namespace {

constexpr std::array<std::string_view, 16> kWords = {
    "hangup",           "declined",      "cancelled",      "timeout",        "unreachable", "caller_disconnected",
    "connection_lost",  "media_failed",  "max_duration",   "superseded",     "kicked",      "admin",
    "user_deactivated", "token_revoked", "server_restart", "server_shutdown"};
static_assert(kWords.size() == static_cast<std::size_t>(EndReason::server_shutdown) + 1);

}  // namespace

std::string_view to_text(EndReason reason) { return kWords[static_cast<std::size_t>(reason)]; }

std::optional<EndReason> parse_end_reason(std::string_view text) {
  const auto found = std::find(kWords.begin(), kWords.end(), text);
  if (found == kWords.end()) return std::nullopt;
  return static_cast<EndReason>(found - kWords.begin());
}

}  // namespace belfry::call

#include "domain/call/end_reason.hpp"

#include "base/check.hpp"

namespace belfry::call {
namespace {

// An enumerator without its word does not compile. A value of no enumerator has no word.
// clang-format off
std::string_view word_of(EndReason reason) {
  using enum EndReason;
  switch (reason) {
    case hangup:              return "hangup";
    case declined:            return "declined";
    case cancelled:           return "cancelled";
    case timeout:             return "timeout";
    case unreachable:         return "unreachable";
    case caller_disconnected: return "caller_disconnected";
    case connection_lost:     return "connection_lost";
    case media_failed:        return "media_failed";
    case max_duration:        return "max_duration";
    case superseded:          return "superseded";
    case kicked:              return "kicked";
    case admin:               return "admin";
    case user_deactivated:    return "user_deactivated";
    case token_revoked:       return "token_revoked";
    case server_restart:      return "server_restart";
    case server_shutdown:     return "server_shutdown";
  }
  return {};
}
// clang-format on

}  // namespace

std::string_view to_text(EndReason reason) {
  const std::string_view word = word_of(reason);
  CHECK(!word.empty(), "a value of no enumerator");
  return word;
}

std::optional<EndReason> parse_end_reason(std::string_view text) {
  for (int each = 0;; ++each) {  // until a value has no word
    const auto reason = static_cast<EndReason>(each);
    const std::string_view word = word_of(reason);
    if (word.empty()) return std::nullopt;
    if (word == text) return reason;
  }
}

}  // namespace belfry::call

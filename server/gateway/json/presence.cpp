#include "gateway/json/presence.hpp"

#include "gateway/json/iso_time.hpp"

namespace belfry::gateway {

void append_seen(json::Writer& json, const account::UserId& user, const presence::Seen& seen) {
  json.member("userId", to_text(user.value()))
      .member("state", to_text(seen.state))
      .member_or_null("lastSeenAt", iso_text(seen.last_seen));
}

std::string seen_members(const account::UserId& user, const presence::Seen& seen) {
  std::string text;
  json::Writer json(text);
  append_seen(json, user, seen);
  return text;
}

}  // namespace belfry::gateway

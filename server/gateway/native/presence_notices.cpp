#include "gateway/native/presence_notices.hpp"

#include <utility>

#include "base/uuid.hpp"

namespace belfry::gateway::native {

using presence::Snapshot;
using presence::Watches;

void append_online(json::Writer& json, const Snapshot& snapshot) {
  json.member("version", static_cast<std::int64_t>(snapshot.version)).key("online").open_array();
  for (const account::UserId& user : snapshot.online) json.text(to_text(user.value()));
  json.close_array();
}

Watches::Watcher watcher_of(const SocketContext& context) {
  return {.at = context.at, .session = context.session, .user = context.identity->user};
}

void PresenceNotices::tell(SessionAddress to, std::uint64_t version, std::string_view update) {
  NativeSession* const session = sessions_.find(to);
  if (session == nullptr) return;
  sessions_.emit(*session, "presence.update",
                 [&](json::Writer& json) { json.member("version", static_cast<std::int64_t>(version)).members(update); });
}

std::optional<Watches::Subscription> PresenceNotices::take(const SocketContext& context) {
  if (ports_.presence == nullptr) return std::nullopt;
  return ports_.presence->take(context.at);
}

void PresenceNotices::go_on(const SocketContext& context, Watches::Subscription subscription) {
  if (ports_.presence != nullptr) ports_.presence->go_on(watcher_of(context), std::move(subscription), send_snapshot(context.at));
}

void PresenceNotices::go_on_from(const store::SessionId& earlier, const SocketContext& context) {
  if (ports_.presence == nullptr) return;
  auto watcher = watcher_of(context);
  watcher.session = earlier;
  ports_.presence->go_on_from(earlier, watcher, send_snapshot(context.at));
}

void PresenceNotices::forget(SessionAddress at) {
  if (ports_.presence != nullptr) ports_.presence->forget(at);
}

Watches::Done PresenceNotices::send_snapshot(SessionAddress at) {
  return [this, at](const Expected<Snapshot, store::Unavailable>& snapshot) {
    NativeSession* const session = sessions_.find(at);
    if (session == nullptr || !snapshot) return;
    sessions_.emit(*session, "presence.snapshot", [&](json::Writer& json) { append_online(json, *snapshot); });
  };
}

}  // namespace belfry::gateway::native

#include "gateway/api/presence_routes.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/presence/seen.hpp"
#include "gateway/api/api_call.hpp"
#include "gateway/json/presence.hpp"
#include "wire/json/writer.hpp"

namespace belfry::gateway {
namespace {

using account::UserId;

/// SPEC K46.
constexpr std::size_t kMostAsked = 100;
// In characters: more than a hundred ids with their commas.
constexpr std::int64_t kMaxList = 4096;

/// nullopt: one of them is no id.
std::optional<std::vector<UserId>> ids_in(std::string_view list) {
  std::vector<UserId> ids;
  for (std::size_t from = 0; from <= list.size();) {
    const std::size_t comma = std::min(list.find(',', from), list.size());
    const auto id = parse_uuid(list.substr(from, comma - from));
    if (!id) return std::nullopt;
    ids.emplace_back(*id);
    from = comma + 1;
  }
  return ids;
}

/// `found` is sorted by id. Unknown users are offline (K46), and so are those whom a block hides (K45).
presence::Seen seen_of(const UserId& user, const std::vector<store::Presence>& found, const sessions::OnlineUsers& online) {
  const auto known = std::lower_bound(found.begin(), found.end(), user,
                                      [](const store::Presence& each, const UserId& id) { return each.user < id; });
  return presence::seen(online, known != found.end() && known->user == user ? &*known : nullptr);
}

void show(store::AccountStore& accounts, const sessions::OnlineUsers& online, const ApiCallPtr& call) {
  const auto asked = ids_in(call->required_text("ids"));
  if (!asked) return call->fail_field("ids", "invalid");
  if (asked->size() > kMostAsked) return call->fail_field("ids", "too_long");
  accounts.presence(*asked, call->who.user, [call, &online, users = *asked](const auto& found) {
    if (!found) return call->fail(store_unavailable());
    std::string text;
    json::Writer json(text);
    json.open_object().key("presence").open_array();
    for (const UserId& user : users) {
      append_seen(json.open_object(), user, seen_of(user, *found, online));
      json.close_object();
    }
    json.close_array().close_object();
    call->succeed(text);
  });
}

}  // namespace

Operations presence_operations(store::AccountStore& accounts, const sessions::OnlineUsers& online) {
  Operations all;
  all.push_back({.path = "/api/presence",
                 .id = "readPresence",
                 .summary = "Who of these users is online, and when the others were last",
                 .query = {{"ids", FieldKind::text, Need::required, "user ids, by commas: up to 100", {}, 1, kMaxList}},
                 .data = "Presences",
                 .act = [&accounts, &online](const ApiCallPtr& call) { show(accounts, online, call); }});
  return all;
}

}  // namespace belfry::gateway

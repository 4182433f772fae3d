#include "gateway/json/call_fields.hpp"

#include <algorithm>
#include <string>

#include "base/uuid.hpp"
#include "domain/conversation/conversation.hpp"

namespace belfry::gateway {

std::optional<calls::SignalKind> signal_kind_of(std::string_view text) {
  const auto kind = call::parse_signal_kind(text);
  return kind && !is_peer_event(*kind) ? kind : std::nullopt;
}

std::vector<std::string_view> signal_kind_words() {
  std::vector<std::string_view> words;
  for (auto kind = calls::SignalKind{}; !is_peer_event(kind); kind = static_cast<calls::SignalKind>(static_cast<int>(kind) + 1))
    words.push_back(to_text(kind));
  return words;
}

std::optional<calls::OnGlare> parse_glare(std::string_view text) {
  if (text == "fail") return calls::OnGlare::fail;
  if (text == "connect") return calls::OnGlare::connect;
  return std::nullopt;
}

Expected<std::vector<account::UserId>, std::string_view> recipients(json::Slice list) {
  std::vector<json::Slice> ids;
  if (list.kind != json::Kind::array) return unexpected(std::string_view("invalid"));
  if (!json::elements(list, ids, conversation::kMaxMembers - 1)) return unexpected(std::string_view("too_long"));
  std::vector<account::UserId> users;
  for (const json::Slice& each : ids) {
    const auto text = json::string_value(each);
    const auto id = text ? parse_uuid(*text) : std::nullopt;
    if (!id) return unexpected(std::string_view("invalid"));
    users.emplace_back(*id);
  }
  if (users.empty()) return unexpected(std::string_view("invalid"));
  std::sort(users.begin(), users.end());
  users.erase(std::unique(users.begin(), users.end()), users.end());
  return users;
}

void set_callees(calls::StartCall& start, std::vector<account::UserId> callees) {
  start.callee = callees.front();
  start.more.assign(callees.begin() + 1, callees.end());
}

}  // namespace belfry::gateway

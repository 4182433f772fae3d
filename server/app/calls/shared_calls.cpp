#include "app/calls/shared_calls.hpp"

#include <algorithm>
#include <utility>

namespace belfry::calls {

SharedCalls::SharedCalls(ShardIndex shards, sessions::Sessions& sessions, CallSettings settings)
    : sessions_(sessions),
      settings_(settings),
      starts_(settings.starts),
      redactor_(settings.redaction_salt),
      calls_(shards) {}

CallStats SharedCalls::stats() {
  return stats_.with([](const CallStats& stats) { return stats; });
}

void SharedCalls::count(std::int64_t CallStats::* which, std::int64_t change) {
  stats_.with([&](CallStats& stats) { stats.*which += change; });
}

ShardIndex SharedCalls::host_of(const CallId& call) const { return static_cast<ShardIndex>(UuidHash{}(call) % calls_.size()); }

void SharedCalls::index_call(UserId user, UserCall call) {
  stripe(user).with([&](UserCalls& users) {
    auto& calls = users[user];
    const auto known = std::find_if(calls.begin(), calls.end(), [&](const UserCall& each) { return each.id == call.id; });
    if (known == calls.end())
      calls.push_back(std::move(call));
    else
      *known = std::move(call);
  });
}

void SharedCalls::note_takes_part(UserId user, const CallId& call) {
  stripe(user).with([&](UserCalls& users) {
    const auto found = users.find(user);
    if (found == users.end()) return;
    for (UserCall& each : found->second)
      if (each.id == call) each.takes_part = true;
  });
}

void SharedCalls::unindex_call(UserId user, const CallId& call) {
  stripe(user).with([&](UserCalls& users) {
    const auto found = users.find(user);
    if (found == users.end()) return;
    std::erase_if(found->second, [&](const UserCall& each) { return each.id == call; });
    if (found->second.empty()) users.erase(found);
  });
}

std::vector<SharedCalls::UserCall> SharedCalls::calls_of(UserId user) {
  return stripe(user).with([&](const UserCalls& users) {
    const auto found = users.find(user);
    return found == users.end() ? std::vector<UserCall>{} : found->second;
  });
}

void SharedCalls::note_expelled(UserId user, call::EndReason reason, TimePoint now) {
  // Far longer than a start takes to reach its host.
  constexpr Duration kLongestWay = std::chrono::seconds{30};
  expelled_.with([&](auto& all) {
    while (!all.empty() && all.front().at + kLongestWay < now) all.pop_front();
    all.push_back({user, reason, now});
  });
  any_expelled_.store(true);
}

std::optional<call::EndReason> SharedCalls::expelled_since(UserId user, TimePoint received) {
  if (!any_expelled_.load()) return std::nullopt;  // the usual case
  return expelled_.with([&](const auto& all) -> std::optional<call::EndReason> {
    for (const Expelled& each : all)
      if (each.user == user && each.at >= received) return each.reason;
    return std::nullopt;
  });
}

}  // namespace belfry::calls

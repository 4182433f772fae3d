#include "app/exchange.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/check.hpp"

namespace belfry::app {

Exchange::Exchange(ShardIndex shards, Directory& directory, CallSettings settings)
    : directory_(directory),
      settings_(settings),
      starts_(settings.starts),
      redactor_(settings.redaction_salt),
      boards_(shards, nullptr) {}

CallStats Exchange::stats() {
  return stats_.with([](const CallStats& stats) { return stats; });
}

void Exchange::count(std::int64_t CallStats::* which, std::int64_t change) {
  stats_.with([&](CallStats& stats) { stats.*which += change; });
}

ShardIndex Exchange::home_of(std::string_view one, std::string_view other) const {
  const std::hash<std::string_view> hash;
  return static_cast<ShardIndex>((hash(std::min(one, other)) * 31 + hash(std::max(one, other))) % boards_.size());
}

void Exchange::enter(ShardIndex shard, Switchboard& board) {
  CHECK(shard < boards_.size(), "a switchboard of a shard which the exchange was not built for");
  boards_[shard] = &board;
}

Switchboard& Exchange::board(ShardIndex shard) {
  CHECK(shard < boards_.size() && boards_[shard] != nullptr, "a task for a shard without a switchboard");
  return *boards_[shard];
}

void Exchange::await_return(std::string_view name, std::string_view peer) {
  awaited_.with([&](auto& awaited) { awaited.insert_or_assign(std::string(name), std::string(peer)); });
}

std::optional<std::string> Exchange::take_awaited(std::string_view name) {
  return awaited_.with([&](auto& awaited) -> std::optional<std::string> {
    const auto found = awaited.find(name);
    if (found == awaited.end()) return std::nullopt;
    auto peer = std::move(found->second);
    awaited.erase(found);
    return peer;
  });
}

void Exchange::forget_awaited(std::string_view name, std::string_view peer) {
  awaited_.with([&](auto& awaited) {
    if (const auto found = awaited.find(name); found != awaited.end() && found->second == peer) awaited.erase(found);
  });
}

}  // namespace belfry::app

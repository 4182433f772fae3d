#include "app/calls/machine_for_tests.hpp"

#include <cstddef>
#include <utility>
#include <variant>

namespace belfry::calls::testing {

void SeededRandom::fill(MutableBytes out) {
  for (auto& byte : out) byte = static_cast<std::byte>(engine_());
}

TestLog::TestLog() = default;
TestLog::~TestLog() = default;
void TestLog::write(LogLevel, std::string_view message, std::initializer_list<LogField> given) {
  lines.emplace_back(message);
  auto& last = fields.emplace_back();
  for (const LogField& each : given)
    if (const auto* text = std::get_if<std::string_view>(&each.value)) last.emplace(each.name, *text);
}

QueuedMailboxes::QueuedMailboxes(ShardIndex shards) : boxes(shards) {}
QueuedMailboxes::~QueuedMailboxes() = default;
void QueuedMailboxes::post(ShardIndex shard, std::function<void()> task) { boxes[shard].push_back(std::move(task)); }

}  // namespace belfry::calls::testing

#include "protocol/recovery_log.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace belfry::protocol {

std::string_view RecoveryLog::event_at(const Block& block, std::size_t at) {
  std::uint32_t size = 0;
  std::memcpy(&size, block.events.data() + at, kSizeBytes);
  return std::string_view(block.events).substr(at + kSizeBytes, size);
}

/// Of the blocks that are not needed any more one becomes the new one. The new one may fill up before the next look: there is
/// room for that, or for the one event that is larger than a block.
void RecoveryLog::begin_block(std::size_t max_bytes, std::size_t needed) {
  const std::size_t block_bytes = max_bytes / kBlocks;
  const std::size_t growth = std::max(needed, block_bytes);
  Block fresh;
  while (!blocks_.empty() && bytes_ + growth > max_bytes + 2 * block_bytes) {
    std::string& oldest = blocks_.front().events;
    bytes_ -= oldest.size();
    if (oldest.capacity() <= 2 * block_bytes) fresh.events = std::move(oldest);
    blocks_.erase(blocks_.begin());
  }
  fresh.first = next_;
  fresh.events.clear();
  blocks_.push_back(std::move(fresh));
}

void RecoveryLog::append(std::string_view event, std::size_t max_bytes, TimePoint now) {
  const std::size_t needed = kSizeBytes + event.size();
  if (needed > max_bytes) {
    drop_all();
    ++next_;
    return;
  }
  if (blocks_.empty() || blocks_.back().events.size() + needed > max_bytes / kBlocks) begin_block(max_bytes, needed);
  const auto size = static_cast<std::uint32_t>(event.size());
  char prefix[kSizeBytes];
  std::memcpy(prefix, &size, kSizeBytes);
  blocks_.back().events.append(prefix, kSizeBytes).append(event);
  bytes_ += needed;
  ++next_;
  last_append_ = now;
}

void RecoveryLog::forget_if_older(TimePoint before) {
  if (blocks_.empty() || last_append_ > before) return;
  drop_all();
}

void RecoveryLog::drop_all() {
  blocks_ = {};
  bytes_ = 0;
}

}  // namespace belfry::protocol

#include "session/recovery_log.hpp"

#include <cstring>

namespace belfry::session {

std::string_view RecoveryLog::event_at(std::size_t at) const {
  std::uint32_t size = 0;
  std::memcpy(&size, bytes_.data() + at, kSizeBytes);
  return std::string_view(bytes_).substr(at + kSizeBytes, size);
}

void RecoveryLog::drop_oldest() {
  head_ += kSizeBytes + event_at(head_).size();
  ++first_;
}

void RecoveryLog::append(std::string_view event, std::size_t max_bytes, TimePoint now) {
  while (head_ < bytes_.size() && bytes_.size() - head_ + kSizeBytes + event.size() > max_bytes) drop_oldest();
  if (head_ > bytes_.size() / 2) {  // moves each byte at most once per its own length appended
    bytes_.erase(0, head_);
    head_ = 0;
  }
  const auto size = static_cast<std::uint32_t>(event.size());
  char prefix[kSizeBytes];
  std::memcpy(prefix, &size, kSizeBytes);
  bytes_.append(prefix, kSizeBytes);
  bytes_.append(event);
  ++next_;
  last_append_ = now;
}

void RecoveryLog::forget_if_older(TimePoint before) {
  if (bytes_.empty() || last_append_ > before) return;
  std::string().swap(bytes_);
  head_ = 0;
  first_ = next_;
}

}  // namespace belfry::session

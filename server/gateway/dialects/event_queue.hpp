// EventQueue: events of a socket that cannot be handled yet, because the store has not yet identified the client or its hang-up
// is not decided yet (SocketIn). Clients send a call and its candidates without waiting, so a few events are queued, as copies.
// The bytes are bounded too: one event may be a megabyte, and opening a socket costs an attacker nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "protocol/socket_handler.hpp"
#include "wire/json/json.hpp"

namespace belfry::gateway {

/// A copy of an event with its bytes. Events with attachments are never queued: the caller refuses them.
struct QueuedEvent {
  std::string name;
  std::vector<std::pair<json::Kind, std::string>> arguments;
  std::optional<std::uint64_t> ack_id;

  /// Views of this object.
  [[nodiscard]] std::vector<json::Slice> slices() const {
    std::vector<json::Slice> all;
    for (const auto& [kind, raw] : arguments) all.push_back({kind, raw});
    return all;
  }
};

class EventQueue {
 public:
  static constexpr std::size_t kMaxEvents = 64;  // an offer and its candidates; a client that waits for nothing sends no more
  static constexpr std::size_t kMaxBytes = 512 * 1024;  // the largest offer, and the same again

  [[nodiscard]] bool empty() const { return events_.empty(); }
  /// False: the queue is full.
  [[nodiscard]] bool enqueue(const protocol::IncomingEvent& event) {
    std::size_t size = event.name.size();
    for (const json::Slice& argument : event.arguments) size += argument.raw.size();
    if (events_.size() == kMaxEvents || size > kMaxBytes - bytes_) return false;
    bytes_ += size;
    QueuedEvent& queued = events_.emplace_back(QueuedEvent{std::string(event.name), {}, event.ack_id});
    for (const json::Slice& argument : event.arguments) queued.arguments.emplace_back(argument.kind, argument.raw);
    return true;
  }
  /// Removes and returns all events, in order.
  [[nodiscard]] std::vector<QueuedEvent> take() {
    bytes_ = 0;
    return std::exchange(events_, {});
  }

 private:
  std::vector<QueuedEvent> events_;
  std::size_t bytes_ = 0;
};

}  // namespace belfry::gateway

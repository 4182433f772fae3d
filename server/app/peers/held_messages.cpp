#include "app/peers/held_messages.hpp"

#include <algorithm>
#include <utility>

namespace belfry::peers {

HeldMessages::Held HeldMessages::hold(std::string_view src, std::string_view dst, std::string text, TimePoint now) {
  Message message{.src = std::string(src), .text = std::move(text)};
  const std::size_t cost = cost_of(message);
  const auto found = bytes_of_.find(message.src);
  const std::size_t of_sender = found == bytes_of_.end() ? 0 : found->second;
  if (of_sender + cost > bounds_.bytes_of_sender || bytes_ + cost > bounds_.bytes) return Held::no_room;
  Queue& queue = queues_[std::string(dst)];
  if (queue.serial == 0) queue.serial = ++last_serial_;
  if (std::find(queue.senders.begin(), queue.senders.end(), src) == queue.senders.end()) {
    queue.senders.emplace_back(src);
    waits_.push_back({now + hold_, queue.serial, std::string(src), std::string(dst)});
  }
  bytes_ += cost;
  bytes_of_[message.src] += cost;
  queue.messages.push_back(std::move(message));
  return Held::yes;
}

std::vector<std::string> HeldMessages::take(std::string_view dst) {
  const auto found = queues_.find(std::string(dst));
  if (found == queues_.end()) return {};
  const Queue queue = std::move(found->second);
  queues_.erase(found);
  std::vector<std::string> texts;
  texts.reserve(queue.messages.size());
  for (const Message& message : queue.messages) {
    release(message);
    texts.push_back(message.text);
  }
  return texts;
}

std::vector<HeldMessages::Expired> HeldMessages::expire(TimePoint now) {
  std::vector<Expired> expired;
  while (!waits_.empty() && waits_.front().at <= now) {
    const Wait wait = std::move(waits_.front());
    waits_.pop_front();
    const auto found = queues_.find(wait.dst);
    if (found == queues_.end() || found->second.serial != wait.serial) continue;
    Queue& queue = found->second;
    std::erase_if(queue.messages, [&](const Message& each) { return each.src == wait.src && (release(each), true); });
    std::erase(queue.senders, wait.src);
    if (queue.messages.empty()) queues_.erase(found);
    expired.push_back({wait.src, wait.dst});
  }
  return expired;
}

void HeldMessages::release(const Message& message) {
  bytes_ -= cost_of(message);
  const auto found = bytes_of_.find(message.src);
  found->second -= cost_of(message);
  if (found->second == 0) bytes_of_.erase(found);
}

}  // namespace belfry::peers

#include "app/peers/held_messages.hpp"

#include <algorithm>
#include <utility>

namespace belfry::peers {

HeldMessages::Held HeldMessages::hold(std::string_view src, std::string_view dst, std::string text, TimePoint now) {
  Message message{.src = std::string(src), .text = std::move(text)};
  const std::size_t cost = cost_of(message);
  if (!has_room(message.src, std::string(dst), cost)) return Held::no_room;
  Queue& queue = queues_[std::string(dst)];
  if (queue.serial == 0) queue.serial = ++last_serial_;
  if (std::find(queue.senders.begin(), queue.senders.end(), src) == queue.senders.end()) {
    queue.senders.emplace_back(src);
    waits_.push_back({now + hold_, queue.serial, std::string(src), std::string(dst)});
  }
  bytes_ += cost;
  queue.bytes += cost;
  bytes_of_[message.src] += cost;
  queue.messages.push_back(std::move(message));
  return Held::yes;
}

bool HeldMessages::has_room(const std::string& src, const std::string& dst, std::size_t cost) const {
  const auto sender = bytes_of_.find(src);
  const auto queue = queues_.find(dst);
  const std::size_t of_sender = sender == bytes_of_.end() ? 0 : sender->second;
  const std::size_t of_receiver = queue == queues_.end() ? 0 : queue->second.bytes;
  return of_sender + cost <= bounds_.bytes_of_sender && of_receiver + cost <= bounds_.bytes_of_receiver &&
         bytes_ + cost <= bounds_.bytes;
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
    drop(queue, wait.src);
    if (queue.messages.empty()) queues_.erase(found);
    expired.push_back({wait.src, wait.dst});
  }
  return expired;
}

void HeldMessages::drop(Queue& queue, const std::string& src) {
  const auto rest =
      std::stable_partition(queue.messages.begin(), queue.messages.end(), [&](const Message& each) { return each.src != src; });
  for (auto each = rest; each != queue.messages.end(); ++each) {
    queue.bytes -= cost_of(*each);
    release(*each);
  }
  queue.messages.erase(rest, queue.messages.end());
  std::erase(queue.senders, src);
}

void HeldMessages::release(const Message& message) {
  bytes_ -= cost_of(message);
  const auto found = bytes_of_.find(message.src);
  found->second -= cost_of(message);
  if (found->second == 0) bytes_of_.erase(found);
}

}  // namespace belfry::peers

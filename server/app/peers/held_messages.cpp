#include "app/peers/held_messages.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace belfry::peers {

HeldMessages::Held HeldMessages::hold(std::string_view src, std::string_view dst, std::string text, TimePoint now) {
  const std::string from(src);
  const std::string to(dst);
  const std::size_t cost = from.size() + text.size() + kOverhead;
  if (!has_room(from, to, cost)) return Held::no_room;
  Queue& queue = queues_[to];
  Part& part = queue.parts[from];
  const std::uint64_t number = ++last_number_;
  if (part.serial == 0) {
    part.serial = number;
    waits_.push_back({now + hold_, number, from, to});
  }
  part.messages.push_back({number, std::move(text)});
  part.bytes += cost;
  queue.bytes += cost;
  bytes_ += cost;
  bytes_of_[from] += cost;
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
  Queue queue = std::move(found->second);
  queues_.erase(found);
  std::vector<Message> messages;
  for (auto& [src, part] : queue.parts) {
    release(src, part);
    std::move(part.messages.begin(), part.messages.end(), std::back_inserter(messages));
  }
  std::sort(messages.begin(), messages.end(), [](const Message& one, const Message& other) { return one.number < other.number; });
  std::vector<std::string> texts;
  texts.reserve(messages.size());
  for (Message& message : messages) texts.push_back(std::move(message.text));
  return texts;
}

std::vector<std::string> HeldMessages::take(std::string_view src, std::string_view dst) {
  const auto queue = queues_.find(std::string(dst));
  if (queue == queues_.end()) return {};
  const auto found = queue->second.parts.find(std::string(src));
  if (found == queue->second.parts.end()) return {};
  Part part = std::move(found->second);
  queue->second.bytes -= part.bytes;
  release(found->first, part);
  queue->second.parts.erase(found);
  if (queue->second.parts.empty()) queues_.erase(queue);
  std::vector<std::string> texts;
  texts.reserve(part.messages.size());
  for (Message& message : part.messages) texts.push_back(std::move(message.text));
  return texts;
}

std::vector<HeldMessages::Expired> HeldMessages::expire(TimePoint now) {
  std::vector<Expired> expired;
  while (!waits_.empty() && waits_.front().at <= now) {
    const Wait wait = std::move(waits_.front());
    waits_.pop_front();
    const Part* const part = part_of(wait.src, wait.dst);
    if (part == nullptr || part->serial != wait.serial) continue;
    take(wait.src, wait.dst);
    expired.push_back({wait.src, wait.dst});
  }
  return expired;
}

const HeldMessages::Part* HeldMessages::part_of(const std::string& src, const std::string& dst) const {
  const auto queue = queues_.find(dst);
  if (queue == queues_.end()) return nullptr;
  const auto part = queue->second.parts.find(src);
  return part == queue->second.parts.end() ? nullptr : &part->second;
}

void HeldMessages::release(const std::string& src, const Part& part) {
  bytes_ -= part.bytes;
  const auto found = bytes_of_.find(src);
  found->second -= part.bytes;
  if (found->second == 0) bytes_of_.erase(found);
}

}  // namespace belfry::peers

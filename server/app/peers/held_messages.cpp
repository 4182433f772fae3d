#include "app/peers/held_messages.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace belfry::peers {

void HeldMessages::Load::add(const Owner& owner, std::size_t cost) {
  of_owner[owner.name] += cost;
  bytes += cost;
  if (owner.stranger) of_strangers += cost;
}

void HeldMessages::Load::take(const Owner& owner, std::size_t cost) {
  bytes -= cost;
  if (owner.stranger) of_strangers -= cost;
  const auto found = of_owner.find(owner.name);
  found->second -= cost;
  if (found->second == 0) of_owner.erase(found);
}

bool HeldMessages::Load::has_room(const Owner& owner, std::size_t cost, std::size_t most, std::size_t most_of_owner) const {
  const auto found = of_owner.find(owner.name);
  const std::size_t own = found == of_owner.end() ? 0 : found->second;
  return own + cost <= most_of_owner && bytes + cost <= most && (!owner.stranger || of_strangers + cost <= most / 2);
}

HeldMessages::Held HeldMessages::hold(std::string_view src, const Owner& owner, std::string_view dst, std::string text,
                                      TimePoint now) {
  const std::string from(src);
  const std::string to(dst);
  const std::size_t cost = from.size() + text.size() + kOverhead;
  if (!has_room(owner, to, cost)) return Held::no_room;
  Queue& queue = queues_[to];
  Part& part = queue.parts[from];
  const std::uint64_t number = ++last_number_;
  if (part.serial == 0) {
    part.serial = number;
    part.owner = owner;
    waits_.push_back({now + hold_, number, from, to});
  }
  part.messages.push_back({number, std::move(text)});
  part.bytes += cost;
  queue.load.add(part.owner, cost);
  load_.add(part.owner, cost);
  return Held::yes;
}

bool HeldMessages::has_room(const Owner& owner, const std::string& dst, std::size_t cost) const {
  if (!load_.has_room(owner, cost, bounds_.bytes, bounds_.bytes_of_owner)) return false;
  const auto queue = queues_.find(dst);
  const Load none;
  const Load& load = queue == queues_.end() ? none : queue->second.load;
  return load.has_room(owner, cost, bounds_.bytes_of_receiver, bounds_.bytes_of_owner_for_one);
}

std::vector<std::string> HeldMessages::take(std::string_view dst) {
  const auto found = queues_.find(std::string(dst));
  if (found == queues_.end()) return {};
  Queue queue = std::move(found->second);
  queues_.erase(found);
  std::vector<Message> messages;
  for (auto& [src, part] : queue.parts) {
    load_.take(part.owner, part.bytes);
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
  queue->second.load.take(part.owner, part.bytes);
  load_.take(part.owner, part.bytes);
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

}  // namespace belfry::peers

#include "gateway/signaling/stray_candidates.hpp"

#include <algorithm>
#include <utility>

#include "protocol/socket_handler.hpp"

namespace belfry::gateway {

void StrayCandidates::keep(SessionAddress from, std::string_view peer, std::string_view candidate, TimePoint now) {
  expire(now);
  if (due_.size() == kMost || bytes_ + candidate.size() > kMostBytes) return;
  Page& page = pages_[from];
  std::size_t of_pair = 0, of_page = candidate.size();
  for (const Stray& each : page) {
    of_pair += each.peer == peer ? 1 : 0;
    of_page += each.candidate.size();
  }
  if (of_pair == kMostOfAPair || page.size() == kMostOfAPage || of_page > kMostBytesOfAPage) return;
  bytes_ += candidate.size();
  page.push_back({now + kKept, std::string(peer), std::string(candidate)});
  due_.push_back({now + kKept, from});
}

std::vector<std::string> StrayCandidates::take(SessionAddress from, std::string_view peer, TimePoint now) {
  expire(now);
  const auto found = pages_.find(from);
  if (found == pages_.end()) return {};
  std::vector<std::string> taken;
  std::erase_if(found->second, [&](Stray& each) {
    if (each.peer != peer) return false;
    bytes_ -= each.candidate.size();
    taken.push_back(std::move(each.candidate));
    return true;
  });
  if (found->second.empty()) pages_.erase(found);
  return taken;
}

void StrayCandidates::forget(SessionAddress from) {
  const auto found = pages_.find(from);
  if (found == pages_.end()) return;
  for (const Stray& each : found->second) bytes_ -= each.candidate.size();
  pages_.erase(found);
}

TimePoint StrayCandidates::next_deadline() const { return due_.empty() ? protocol::kNever : due_.front().until; }

void StrayCandidates::expire(TimePoint now) {
  for (; !due_.empty() && due_.front().until <= now; due_.pop_front()) {
    const auto page = pages_.find(due_.front().from);
    if (page == pages_.end()) continue;
    std::erase_if(page->second, [&](const Stray& each) {
      if (each.until > now) return false;
      bytes_ -= each.candidate.size();
      return true;
    });
    if (page->second.empty()) pages_.erase(page);
  }
}

}  // namespace belfry::gateway

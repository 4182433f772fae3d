#include "app/calls/waiting_signals.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace belfry::calls {
namespace {

std::size_t bytes_of(const std::vector<WaitingSignals::Held>& signals) {
  std::size_t bytes = 0;
  for (const auto& each : signals) bytes += each.payload.size();
  return bytes;
}

}  // namespace

bool WaitingSignals::add(const Signal& signal) {
  if (all_.size() == kMaxHeldSignals || bytes_ + signal.payload.size() > kMaxHeldBytes) return false;
  bytes_ += signal.payload.size();
  all_.push_back({signal.kind, std::string(signal.payload), signal.generation, signal.to});
  return true;
}

void WaitingSignals::drop_first() {
  bytes_ -= all_.front().payload.size();
  all_.erase(all_.begin());
}

WaitingSignals WaitingSignals::take_those_to(UserId addressee) {
  const auto theirs = std::stable_partition(all_.begin(), all_.end(), [&](const Held& each) { return each.to != addressee; });
  WaitingSignals taken;
  taken.all_.assign(std::make_move_iterator(theirs), std::make_move_iterator(all_.end()));
  taken.bytes_ = bytes_of(taken.all_);
  all_.erase(theirs, all_.end());
  bytes_ -= taken.bytes_;
  return taken;
}

void WaitingSignals::drop_those_not_to(UserId addressee) {
  std::erase_if(all_, [&](const Held& each) { return each.to && *each.to != addressee; });
  bytes_ = bytes_of(all_);
}

std::vector<WaitingSignals::Held> WaitingSignals::take_all() {
  bytes_ = 0;
  return std::exchange(all_, {});
}

bool WaitingSignals::put_descriptions_first() {
  const auto first = [](const Held& each) { return is_description(each.kind); };
  if (std::none_of(all_.begin(), all_.end(), first)) return false;
  std::stable_partition(all_.begin(), all_.end(), first);
  return true;
}

}  // namespace belfry::calls

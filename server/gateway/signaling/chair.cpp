#include "gateway/signaling/chair.hpp"

#include <algorithm>

namespace belfry::gateway {
namespace {

constexpr std::size_t kRememberedTalks = 4;

}  // namespace

void Chair::rest() {
  if (!business) return;
  const bool idle = business->talks.empty() && business->leaving == 0 && business->waiting.empty() &&
                    business->deferred.empty() && !business->registering;
  if (idle) business.reset();
}

Talk* Chair::talk_with(std::string_view peer) {
  if (!business) return nullptr;
  // From the back: a call that is being started again stands behind the one that is being left.
  const auto found =
      std::find_if(business->talks.rbegin(), business->talks.rend(), [&](const Talk& talk) { return talk.peer == peer; });
  return found == business->talks.rend() ? nullptr : &*found;
}

Talk* Chair::talk_of(const calls::CallId& call) {
  if (!business) return nullptr;
  auto& talks = business->talks;
  const auto found = std::find_if(talks.begin(), talks.end(), [&](const Talk& talk) { return talk.call == call; });
  return found == talks.end() ? nullptr : &*found;
}

Talk& Chair::begin_talk(std::string_view peer, const calls::CallId& call) {
  if (Talk* known = talk_of(call)) return *known;
  auto& talks = at_work().talks;
  std::erase_if(talks, [&](const Talk& talk) { return talk.over && talk.peer == peer; });
  if (talks.size() >= kRememberedTalks)
    if (const auto old = std::find_if(talks.begin(), talks.end(), [](const Talk& talk) { return talk.over; }); old != talks.end())
      talks.erase(old);
  return talks.emplace_back(Talk{std::string(peer), call});
}

void Chair::end_talk(const calls::CallId& call) {
  if (Talk* talk = talk_of(call)) talk->over = true;
}

}  // namespace belfry::gateway

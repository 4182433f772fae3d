#include "app/push/recent_use.hpp"

#include <algorithm>

namespace belfry::push {

bool RecentUse::note(const store::UserId& user, const store::DeviceId& device, WallTime now) {
  if (users_.size() >= kMaxUsers && !users_.contains(user)) users_.clear();
  auto& uses = users_[user];
  std::erase_if(uses, [&](const Use& use) { return now - use.at >= kEvery; });
  const bool known = std::any_of(uses.begin(), uses.end(), [&](const Use& use) { return use.device == device; });
  if (known || uses.size() >= store::kMaxDevices) return false;
  uses.push_back({device, now});
  return true;
}

}  // namespace belfry::push

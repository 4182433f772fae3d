#include "app/push/device_owners.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/logged_id.hpp"

namespace belfry::push {
namespace {

using store::DeviceOwner;
using store::PushProvider;
using store::UserId;
using Owners = Expected<std::vector<DeviceOwner>, store::Unavailable>;

}  // namespace

store::OwnerQuery DeviceOwners::query(std::vector<UserId> users) const {
  using enum PushProvider;
  store::OwnerQuery query{.users = std::move(users), .active_since = parts_.clock.wall() - parts_.active};
  for (const PushProvider each : std::array{fcm, apns, webpush, unifiedpush})
    if (parts_.providers.serves(each)) query.providers.push_back(each);
  return query;
}

void DeviceOwners::can_be_rung(std::vector<UserId> users, store::DeviceStore::Answer<bool> done) {
  own_thread_.check();
  parts_.store.owners(query(std::move(users)), [done = std::move(done)](const Owners& owners) {
    if (!owners) return done(unexpected(owners.error()));
    done(std::any_of(owners->begin(), owners->end(), [](const DeviceOwner& each) { return each.can_be_rung; }));
  });
}

void DeviceOwners::log_those_without(const store::CallId& call, std::vector<UserId> users) {
  own_thread_.check();
  store::OwnerQuery asked = query(users);
  parts_.store.owners(std::move(asked), [this, call, users = std::move(users)](const Owners& owners) {
    if (!owners) return;
    for (const UserId& user : users)
      if (std::none_of(owners->begin(), owners->end(), [&](const DeviceOwner& each) { return each.user == user; }))
        log_no_devices(parts_.log, user, call);
  });
}

void log_no_devices(Log& log, const UserId& user, const store::CallId& call) {
  const std::string participant = logged_id(user), id = logged_id(call);
  log.warn("No devices found for user " + participant,
           {{"event", "push.no_devices"}, {"participantId", std::string_view(participant)}, {"callId", std::string_view(id)}});
}

}  // namespace belfry::push

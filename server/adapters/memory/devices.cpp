// Devices and the log of pushes.
#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "adapters/memory/stores.hpp"

namespace belfry::memory {
namespace {

using store::Device;
using store::PushStatus;
using store::UserId;

std::vector<Device> devices_of(const State& state, const UserId& user) {
  std::vector<Device> devices;
  for (const auto& [id, device] : state.devices)
    if (device.user == user) devices.push_back(device);
  std::sort(devices.begin(), devices.end(),
            [](const Device& a, const Device& b) { return std::tie(a.created, a.id) < std::tie(b.created, b.id); });
  return devices;
}

Device* device_of_token(State& state, const Device& device) {
  const auto found = std::find_if(state.devices.begin(), state.devices.end(), [&](const auto& each) {
    return each.second.provider == device.provider && each.second.address.token == device.address.token;
  });
  return device.address.token.empty() || found == state.devices.end() ? nullptr : &found->second;
}

/// Those that were not used for longest go, but never `newest`.
void remove_devices_beyond(State& state, const Device& newest) {
  auto others = devices_of(state, newest.user);
  std::erase_if(others, [&](const Device& each) { return each.id == newest.id; });
  std::sort(others.begin(), others.end(), [](const Device& a, const Device& b) {
    return std::tie(b.active, b.created, b.id) < std::tie(a.active, a.created, a.id);
  });
  for (std::size_t i = store::kMaxDevices - 1; i < others.size(); ++i) state.devices.erase(others[i].id);
}

const Device* device_for(const State& state, const PushEntry& push) {
  const auto found = state.devices.find(push.delivery.id.device);
  return found == state.devices.end() || found->second.user != push.delivery.user ? nullptr : &found->second;
}

bool is_leg_pending(const State& state, const store::CallId& call, const UserId& user) {
  const auto* entry = find_call(state, call);
  const auto* leg = entry == nullptr ? nullptr : find_leg(entry->row, user);
  return leg != nullptr && leg->state <= call::LegState::ringing;
}

bool may_ring(const PushEntry& push) {
  const auto status = push.delivery.status;
  return push.delivery.attempts > 0 &&
         (status == PushStatus::pending || status == PushStatus::delivered || status == PushStatus::expired);
}

}  // namespace

void DeviceStore::put(Device device, Answer<store::RegisteredDevice> done) {
  done(tables_.with([&](State& state) {
    auto how = store::Registered::made;
    if (const Device* const known = device_of_token(state, device)) {
      device.id = known->id, device.created = known->created;
      if (known->user == device.user) device.dnd = known->dnd;
      how = store::Registered::found;
    }
    state.devices.insert_or_assign(device.id, device);
    remove_devices_beyond(state, device);
    return store::RegisteredDevice{std::move(device), how};
  }));
}

void DeviceStore::list(UserId user, Answer<std::vector<Device>> done) {
  done(tables_.with([&](const State& state) { return devices_of(state, user); }));
}

void DeviceStore::owners(store::OwnerQuery query, Answer<std::vector<store::DeviceOwner>> done) {
  const auto has = [](const auto& all, const auto& one) { return std::find(all.begin(), all.end(), one) != all.end(); };
  done(tables_.with([&](const State& state) {
    std::map<UserId, bool> owners;
    for (const auto& [id, device] : state.devices) {
      if (!has(query.users, device.user)) continue;
      owners[device.user] |= !device.dnd && device.active >= query.active_since && has(query.providers, device.provider);
    }
    std::vector<store::DeviceOwner> found;
    for (const auto& [user, can_be_rung] : owners) found.push_back({user, can_be_rung});
    return found;
  }));
}

void DeviceStore::change(store::DeviceChange change, Answer<std::optional<Device>> done) {
  done(tables_.with([&](State& state) -> std::optional<Device> {
    const auto found = state.devices.find(change.id);
    if (found == state.devices.end() || found->second.user != change.user) return std::nullopt;
    Device& device = found->second;
    device.dnd = change.dnd.value_or(device.dnd);
    if (change.name) device.name = *std::move(change.name);
    return device;
  }));
}

void DeviceStore::remove(store::DeviceId id, UserId user, Answer<bool> done) {
  done(tables_.with([&](State& state) {
    const auto found = state.devices.find(id);
    if (found == state.devices.end() || found->second.user != user) return false;
    state.devices.erase(found);
    return true;
  }));
}

void DeviceStore::forget_token(store::DeviceId id, std::string token, Answer<void> done) {
  tables_.with([&](State& state) {
    const auto found = state.devices.find(id);
    if (found == state.devices.end()) return;
    const auto& address = found->second.address;
    if (address.token == token || address.voip_token == token) state.devices.erase(found);
  });
  done({});
}

void DeviceStore::touch(store::DeviceId id, UserId user, WallTime now) {
  tables_.with([&](State& state) {
    const auto found = state.devices.find(id);
    if (found != state.devices.end() && found->second.user == user) found->second.active = std::max(found->second.active, now);
  });
}

void DeviceStore::plan(store::PushPlan plan, Answer<std::size_t> done) {
  done(tables_.with([&](State& state) -> std::size_t {
    if (plan.type == store::PushType::ring && !is_leg_pending(state, plan.call, plan.user)) return 0;
    std::size_t made = 0;
    for (auto& push : plan.pushes) {
      const store::PushDelivery delivery{.id = {plan.call, push.device, plan.type},
                                         .user = plan.user,
                                         .provider = push.provider,
                                         .created = plan.at,
                                         .updated = plan.at};
      if (!state.pushes.emplace(delivery.id, PushEntry{delivery}).second) continue;
      put_in_outbox(state, std::move(push.entry));
      ++made;
    }
    return made;
  }));
}

void DeviceStore::stop_rings(store::CallId call, UserId user, Answer<std::vector<Device>> done) {
  done(tables_.with([&](State& state) {
    std::vector<Device> ringing;
    for (auto& [id, push] : state.pushes) {
      if (id.call != call || push.delivery.user != user || id.type != store::PushType::ring) continue;
      push.stopped = true;
      if (const auto* const device = device_for(state, push); device != nullptr && may_ring(push)) ringing.push_back(*device);
    }
    std::sort(ringing.begin(), ringing.end(),
              [](const Device& a, const Device& b) { return std::tie(a.created, a.id) < std::tie(b.created, b.id); });
    return ringing;
  }));
}

void DeviceStore::start_try(store::PushId id, WallTime now, Answer<std::optional<store::PushTry>> done) {
  done(tables_.with([&](State& state) -> std::optional<store::PushTry> {
    const auto found = state.pushes.find(id);
    if (found == state.pushes.end()) return std::nullopt;
    PushEntry& push = found->second;
    const auto* const device = device_for(state, push);
    if (push.stopped || push.delivery.status != PushStatus::pending || device == nullptr) return std::nullopt;
    push.delivery.updated = now;
    return store::PushTry{.device = *device, .attempt = ++push.delivery.attempts};
  }));
}

void DeviceStore::end_try(store::PushEnd end, Answer<bool> done) {
  done(tables_.with([&](State& state) {
    const auto found = state.pushes.find(end.id);
    if (found == state.pushes.end() || found->second.delivery.status != PushStatus::pending) return false;
    auto& delivery = found->second.delivery;
    delivery.status = end.status;
    delivery.error = std::move(end.error);
    delivery.latency_ms = end.latency_ms;
    delivery.updated = end.at;
    return true;
  }));
}

void DeviceStore::deliveries(store::DeliveryQuery query, Answer<store::DeliveryPage> done) {
  done(tables_.with([&](const State& state) {
    std::vector<store::PushDelivery> all;
    for (const auto& [id, push] : state.pushes) {
      const bool asked = (!query.call || *query.call == id.call) && (!query.user || *query.user == push.delivery.user) &&
                         (!query.status || *query.status == push.delivery.status);
      if (asked) all.push_back(push.delivery);
    }
    std::sort(all.begin(), all.end(),
              [](const auto& a, const auto& b) { return std::tie(b.created, b.id) < std::tie(a.created, a.id); });
    store::DeliveryPage page{.total = std::min(all.size(), query.most)};
    const auto [from, count] = store::bounds_of(query.page, page.total);
    const auto first = all.begin() + static_cast<std::ptrdiff_t>(from);
    page.deliveries.assign(first, first + static_cast<std::ptrdiff_t>(count));
    return page;
  }));
}

void DeviceStore::forget_deliveries_before(WallTime when, std::size_t most) {
  tables_.with([&](State& state) {
    std::erase_if(state.pushes, [&](const auto& each) {
      if (most == 0 || each.second.delivery.created >= when) return false;
      --most;
      return true;
    });
  });
}

}  // namespace belfry::memory

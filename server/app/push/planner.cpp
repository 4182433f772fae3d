#include "app/push/planner.hpp"

#include <algorithm>
#include <utility>

#include "app/push/device_owners.hpp"
#include "app/push/payload.hpp"
#include "app/push/push_tries.hpp"
#include "store/push_cancel.hpp"

namespace belfry::push {
namespace {

using store::PushType;

bool rings_for(const store::StoredCall& call, const store::UserId& user) {
  const auto* const leg = find_leg(call.row, user);
  return leg != nullptr && !call.row.ended && leg->state <= call::LegState::ringing;
}

/// Web Push and UnifiedPush send to an endpoint that a user named.
store::OutboxKind kind_for(store::PushProvider provider) {
  const bool endpoint = provider == store::PushProvider::webpush || provider == store::PushProvider::unifiedpush;
  return endpoint ? store::OutboxKind::push_endpoint : store::OutboxKind::push;
}

store::PushPlan::One push_to(const store::Device& device, const store::PushPlan& plan, const std::string& json,
                             WallTime expires) {
  return {.device = device.id,
          .provider = device.provider,
          .entry = {.to = plan.user,
                    .call = plan.call,
                    .at = plan.at,
                    .kind = kind_for(device.provider),
                    .key = key_of(plan.type, device),
                    .payload = json,
                    .due = plan.at,
                    .expires = expires}};
}

}  // namespace

void Planner::send(const store::OutboxEntry& entry, Done done) { gathered_[entry.call].push_back({entry, std::move(done)}); }

void Planner::on_batch_end() {
  for (auto& [id, all] : std::exchange(gathered_, {})) {
    parts_.calls.load(id, [this, all = std::make_shared<const std::vector<Gathered>>(std::move(all))](const auto& found) {
      const Call call = found && *found ? std::make_shared<const store::StoredCall>(**found) : nullptr;
      for (const auto& [entry, done] : *all) found ? decide(entry, call, done) : done(outbox::Failed{});
    });
  }
}

void Planner::decide(const store::OutboxEntry& entry, const Call& call, const Done& done) {
  const auto type = store::parse_push_type(entry.key);
  if (!type) return done(outbox::Undeliverable{});
  if (call == nullptr) return done(outbox::Delivered{});
  *type == PushType::ring ? ring(entry, call, done) : cancel(entry, call, done);
}

void Planner::ring(const store::OutboxEntry& entry, const Call& call, const Done& done) {
  if (!rings_for(*call, entry.to)) return done(outbox::Delivered{});  // answered or ended meanwhile
  parts_.devices.list(entry.to, [this, entry, call, done](const Expected<std::vector<store::Device>, store::Unavailable>& all) {
    if (!all) return done(outbox::Failed{});
    if (all->empty()) log_no_devices(parts_.log, entry.to, entry.call);
    store::PushPlan made{.call = entry.call, .user = entry.to, .type = PushType::ring, .at = parts_.clock.wall()};
    const std::string json = payload(PushType::ring, *call);
    for (const auto& device : *all)
      if (is_rung(device)) made.pushes.push_back(push_to(device, made, json, call->row.ring_expires.value_or(made.at)));
    plan(std::move(made), done);
  });
}

// J-6.5
void Planner::cancel(const store::OutboxEntry& entry, const Call& call, const Done& done) {
  const WallTime now = parts_.clock.wall();
  parts_.devices.stop_rings(
      entry.call, entry.to,
      [this, entry, call, done, now](const Expected<std::vector<store::Device>, store::Unavailable>& ringing) {
        if (!ringing) return done(outbox::Failed{});
        const auto [reason, acted] = store::parse_push_cancel(entry.payload);
        const WallTime expires = std::max(call->row.ring_expires.value_or(now), now + store::kCancelFor);
        store::PushPlan made{.call = entry.call, .user = entry.to, .type = PushType::cancel, .at = now};
        const std::string json = payload(PushType::cancel, *call, reason);
        for (const auto& device : *ringing)
          if (to_text(device.id.value()) != acted && parts_.providers.serves(device.provider))
            made.pushes.push_back(push_to(device, made, json, expires));
        plan(std::move(made), done);
      });
}

void Planner::plan(store::PushPlan plan, const Done& done) {
  if (plan.pushes.empty()) return done(outbox::Delivered{});
  parts_.devices.plan(std::move(plan), [this, done](const Expected<std::size_t, store::Unavailable>& made) {
    if (!made) return done(outbox::Failed{});
    if (*made > 0) parts_.planned();
    done(outbox::Delivered{});
  });
}

/// R-000-41, J-6.3, J-6.8
bool Planner::is_rung(const store::Device& device) const {
  const Duration idle = parts_.clock.wall() - device.active;
  return !device.dnd && idle <= parts_.active && parts_.providers.serves(device.provider);
}

}  // namespace belfry::push

#include "gateway/api/idempotency.hpp"

namespace belfry::gateway {

KeysInUse::Entry KeysInUse::enter(const Key& key, WallTime now, Answered& before) {
  return keys_.with([&](Keys& keys) {
    const auto [at, is_new] = keys.all.try_emplace(key);
    if (is_new) return Entry::fresh;
    if (!at->second) return Entry::under_way;
    if (now.unix_ms - at->second->at.unix_ms >= kDayMs) {
      std::erase(keys.answered, key);
      at->second.reset();
      return Entry::fresh;
    }
    before = *at->second;
    return Entry::answered;
  });
}

void KeysInUse::leave(const Key& key) {
  keys_.with([&](Keys& keys) { keys.all.erase(key); });
}

void KeysInUse::leave(const Key& key, Answered answer) {
  keys_.with([&](Keys& keys) {
    keys.all[key] = std::move(answer);
    keys.answered.push_back(key);
    if (keys.answered.size() <= kRemembered) return;
    keys.all.erase(keys.answered.front());
    keys.answered.pop_front();
  });
}

void KeysInUse::forget_all() {
  keys_.with([](Keys& keys) { keys = {}; });
}

}  // namespace belfry::gateway

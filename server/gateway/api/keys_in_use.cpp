#include "gateway/api/keys_in_use.hpp"

namespace belfry::gateway {

KeysInUse::Entry KeysInUse::enter(const Key& key, const std::string& fingerprint, WallTime now, Answered& before) {
  return keys_.with([&](Keys& keys) {
    const auto [at, is_new] = keys.all.try_emplace(key, Request{.fingerprint = fingerprint});
    if (is_new) return Entry::fresh;
    Request& first = at->second;
    if (first.answer && now - first.answer->at >= kKept) {
      std::erase(keys.answered, key);
      first = {.fingerprint = fingerprint};
      return Entry::fresh;
    }
    if (first.fingerprint != fingerprint) return Entry::of_another;
    if (!first.answer) return Entry::under_way;
    before = *first.answer;
    return Entry::answered;
  });
}

void KeysInUse::leave(const Key& key) {
  keys_.with([&](Keys& keys) { keys.all.erase(key); });
}

void KeysInUse::leave(const Key& key, Answered answer) {
  keys_.with([&](Keys& keys) {
    const auto mine = keys.all.find(key);
    if (mine == keys.all.end()) return;  // forgotten meanwhile (POST /test/reset)
    mine->second.answer = std::move(answer);
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

#include "app/directory.hpp"

namespace belfry::app {

Guarded<Directory::Names>& Directory::stripe(std::string_view name) const {
  // The table uses the low bits of the same hash, so the stripe takes the high ones.
  return stripes_[NameHash{}(name) >> 58U];
}

std::optional<SessionAddress> Directory::claim(std::string_view name, SessionAddress at) {
  return stripe(name).with([&](Names& names) -> std::optional<SessionAddress> {
    if (const auto found = names.find(name); found != names.end()) return std::exchange(found->second, at);
    names.emplace(std::string(name), at);
    return std::nullopt;
  });
}

bool Directory::release(std::string_view name, SessionAddress at) {
  return stripe(name).with([&](Names& names) {
    const auto found = names.find(name);
    if (found == names.end() || found->second != at) return false;
    names.erase(found);
    return true;
  });
}

std::optional<SessionAddress> Directory::find(std::string_view name) const {
  return stripe(name).with([&](const Names& names) -> std::optional<SessionAddress> {
    const auto found = names.find(name);
    return found == names.end() ? std::nullopt : std::optional(found->second);
  });
}

std::size_t Directory::count() const {
  std::size_t sum = 0;
  for (auto& stripe : stripes_) sum += stripe.with([](const Names& names) { return names.size(); });
  return sum;
}

std::vector<std::string> Directory::names(std::size_t limit) const {
  std::vector<std::string> all;
  for (auto& stripe : stripes_)
    stripe.with([&](const Names& names) {
      for (auto it = names.begin(); it != names.end() && all.size() < limit; ++it) all.push_back(it->first);
    });
  return all;
}

}  // namespace belfry::app

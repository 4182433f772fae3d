#include "gateway/dialects/dialect_registry.hpp"

#include <algorithm>
#include <utility>

#include "base/must_have.hpp"

namespace belfry::gateway {
namespace {

bool holds(std::span<const std::string_view> events, std::string_view event) {
  return std::find(events.begin(), events.end(), event) != events.end();
}

}  // namespace

DialectRegistry::DialectRegistry(std::vector<DialectEntry> entries, std::string_view by_default, std::string_view for_named_user)
    : entries_(std::move(entries)) {
  default_ = must_have(named(by_default), "the default is one of the dialects").index;
  if (const auto known = named(for_named_user)) for_named_user_ = known->index;
}

std::optional<DialectChoice> DialectRegistry::named(std::string_view name) const {
  for (std::uint8_t index = 0; index < entries_.size(); ++index)
    if (entries_[index].name == name) return DialectChoice{index, true};
  return std::nullopt;
}

DialectChoice DialectRegistry::after(DialectChoice choice, std::string_view event) const {
  if (choice.fixed) return choice;
  for (std::uint8_t index = 0; index < entries_.size(); ++index)
    if (holds(entries_[index].opening_events, event)) return {index, true};
  return choice.index == DialectChoice::kNone ? DialectChoice{.index = 0, .fixed = false} : choice;
}

bool DialectRegistry::starts_call(DialectChoice choice, std::string_view event) const {
  return choice.index < entries_.size() && holds(entries_[choice.index].starting_events, event);
}

Dialect* DialectRegistry::dialect_of(DialectChoice choice) const {
  return choice.index < entries_.size() ? &entries_[choice.index].dialect : nullptr;
}

std::string DialectRegistry::supported() const {
  std::string text;
  for (const DialectEntry& entry : entries_) text.append(text.empty() ? "\"" : ",\"").append(entry.name).append("\"");
  return R"({"supported":[)" + text + "]}";
}

}  // namespace belfry::gateway

#include "store/outbox.hpp"

#include <algorithm>
#include <array>

namespace belfry::store {
namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, 2> kKinds = {"call_end", "test"};
static_assert(kKinds.size() == static_cast<std::size_t>(OutboxKind::test) + 1);

}  // namespace

std::string_view word_of(OutboxKind kind) { return kKinds.at(static_cast<std::size_t>(kind)); }

std::optional<OutboxKind> parse_outbox_kind(std::string_view text) {
  const auto* const found = std::find(kKinds.begin(), kKinds.end(), text);
  if (found == kKinds.end()) return std::nullopt;
  return static_cast<OutboxKind>(found - kKinds.begin());
}

}  // namespace belfry::store

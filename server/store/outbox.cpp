#include "store/outbox.hpp"

#include "base/check.hpp"

namespace belfry::store {
namespace {

/// An enumerator without its word does not compile. A value of no enumerator has no word.
std::string_view word_or_none(OutboxKind kind) {
  switch (kind) {
    case OutboxKind::call_end:
      return "call_end";
    case OutboxKind::test:
      return "test";
    case OutboxKind::push_plan:
      return "push_plan";
    case OutboxKind::push:
      return "push";
    case OutboxKind::push_endpoint:
      return "push_endpoint";
  }
  return {};
}

}  // namespace

std::string_view word_of(OutboxKind kind) {
  const std::string_view word = word_or_none(kind);
  CHECK(!word.empty(), "a value of no enumerator");
  return word;
}

std::optional<OutboxKind> parse_outbox_kind(std::string_view text) {
  for (int each = 0;; ++each) {  // until a value has no word
    const auto kind = static_cast<OutboxKind>(each);
    const std::string_view word = word_or_none(kind);
    if (word.empty()) return std::nullopt;
    if (word == text) return kind;
  }
}

}  // namespace belfry::store

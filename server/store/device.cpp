#include "store/device.hpp"

#include <cstddef>

#include "base/check.hpp"

namespace belfry::store {
namespace {

// An enumerator without its word does not compile. A value of no enumerator has no word.
// clang-format off
constexpr std::string_view word_of(Platform platform) {
  using enum Platform;
  switch (platform) {
    case ios:     return "ios";
    case android: return "android";
    case web:     return "web";
    case desktop: return "desktop";
  }
  return {};
}
constexpr std::string_view word_of(PushProvider provider) {
  using enum PushProvider;
  switch (provider) {
    case fcm:         return "fcm";
    case apns:        return "apns";
    case webpush:     return "webpush";
    case unifiedpush: return "unifiedpush";
    case none:        return "none";
  }
  return {};
}
constexpr std::string_view word_of(PushType type) {
  using enum PushType;
  switch (type) {
    case ring:   return "ring";
    case cancel: return "cancel";
  }
  return {};
}
constexpr std::string_view word_of(PushStatus status) {
  using enum PushStatus;
  switch (status) {
    case pending:      return "pending";
    case delivered:    return "delivered";
    case failed:       return "failed";
    case expired:      return "expired";
    case unregistered: return "unregistered";
    case dropped:      return "dropped";
  }
  return {};
}
// clang-format on

template <class Enum>
constexpr bool has_enumerators(std::size_t count) {
  return !word_of(static_cast<Enum>(count - 1)).empty() && word_of(static_cast<Enum>(count)).empty();
}
static_assert(has_enumerators<PushProvider>(kPushProviderCount) && has_enumerators<PushStatus>(kPushStatusCount),
              "the counts are how many enumerators each has");

template <class Enum>
std::string_view required_word(Enum value) {
  const std::string_view word = word_of(value);
  CHECK(!word.empty(), "a value of no enumerator");
  return word;
}

/// The value that is written as `text`. Looks at the values from 0 on until one has no word.
template <class Enum>
std::optional<Enum> value_of(std::string_view text) {
  for (int each = 0;; ++each) {
    const std::string_view word = word_of(static_cast<Enum>(each));
    if (word.empty()) return std::nullopt;
    if (word == text) return static_cast<Enum>(each);
  }
}

}  // namespace

std::string_view to_text(Platform platform) { return required_word(platform); }
std::string_view to_text(PushProvider provider) { return required_word(provider); }
std::string_view to_text(PushType type) { return required_word(type); }
std::string_view to_text(PushStatus status) { return required_word(status); }
std::optional<Platform> parse_platform(std::string_view text) { return value_of<Platform>(text); }
std::optional<PushProvider> parse_push_provider(std::string_view text) { return value_of<PushProvider>(text); }
std::optional<PushType> parse_push_type(std::string_view text) { return value_of<PushType>(text); }
std::optional<PushStatus> parse_push_status(std::string_view text) { return value_of<PushStatus>(text); }

}  // namespace belfry::store

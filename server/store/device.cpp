#include "store/device.hpp"

#include <array>
#include <cstddef>

#include "base/check.hpp"

namespace belfry::store {
namespace {

constexpr std::array<std::string_view, 4> kPlatforms = {"ios", "android", "web", "desktop"};
constexpr std::array<std::string_view, 5> kProviders = {"fcm", "apns", "webpush", "unifiedpush", "none"};
constexpr std::array<std::string_view, 2> kTypes = {"ring", "cancel"};
constexpr std::array<std::string_view, 6> kStatuses = {"pending", "delivered", "failed", "expired", "unregistered", "dropped"};

template <class Enum, std::size_t kCount>
std::string_view word_in(const std::array<std::string_view, kCount>& words, Enum value) {
  const auto place = static_cast<std::size_t>(value);
  CHECK(place < kCount, "a value of no enumerator");
  return words[place];
}
template <class Enum, std::size_t kCount>
std::optional<Enum> parse_in(const std::array<std::string_view, kCount>& words, std::string_view text) {
  for (std::size_t place = 0; place < kCount; ++place)
    if (words[place] == text) return static_cast<Enum>(place);
  return std::nullopt;
}

}  // namespace

std::string_view to_text(Platform platform) { return word_in(kPlatforms, platform); }
std::string_view to_text(PushProvider provider) { return word_in(kProviders, provider); }
std::string_view to_text(PushType type) { return word_in(kTypes, type); }
std::string_view to_text(PushStatus status) { return word_in(kStatuses, status); }
std::optional<Platform> parse_platform(std::string_view text) { return parse_in<Platform>(kPlatforms, text); }
std::optional<PushProvider> parse_push_provider(std::string_view text) { return parse_in<PushProvider>(kProviders, text); }
std::optional<PushType> parse_push_type(std::string_view text) { return parse_in<PushType>(kTypes, text); }
std::optional<PushStatus> parse_push_status(std::string_view text) { return parse_in<PushStatus>(kStatuses, text); }

}  // namespace belfry::store

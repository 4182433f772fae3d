#include "domain/call/provider.hpp"

#include <algorithm>
#include <array>

#include "base/check.hpp"

namespace belfry::call {
namespace {

constexpr std::array kProviders = {Provider::native, Provider::agora, Provider::livekit};

}  // namespace

Provider provider_of_start(Dialect caller, std::optional<Provider> newest_token, Provider standard) {
  if (meets_at_no_provider(caller)) return Provider::native;
  return newest_token.value_or(standard);
}

std::string_view to_text(Provider provider) {
  switch (provider) {
    case Provider::native:
      return "native";
    case Provider::agora:
      return "agora";
    case Provider::livekit:
      return "livekit";
  }
  CHECK(false, "a provider without its word");
}

std::string_view to_text(MediaMode mode) {
  switch (mode) {
    case MediaMode::p2p:
      return "p2p";
    case MediaMode::sfu:
      return "sfu";
    case MediaMode::external:
      return "external";
  }
  CHECK(false, "a media mode without its word");
}

std::optional<Provider> parse_provider(std::string_view text) {
  const auto* const found =
      std::find_if(kProviders.begin(), kProviders.end(), [&](Provider each) { return to_text(each) == text; });
  return found == kProviders.end() ? std::nullopt : std::optional(*found);
}

}  // namespace belfry::call

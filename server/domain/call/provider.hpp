// Provider: where the people of a call exchange their media. It is decided once, when the call starts (SPEC J-8.1), and the
// call's mediaMode follows from it (J-2.11).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "domain/call/enum_text.hpp"

namespace belfry::call {

/// Who runs the media servers. native: nobody, each client sends to each other, and Belfry passes their signals.
enum class Provider : std::uint8_t { native, agora, livekit };
/// sfu: servers of our own, which there are not yet.
enum class MediaMode : std::uint8_t { p2p, sfu, external };

[[nodiscard]] constexpr MediaMode media_mode_of(Provider provider) {
  return provider == Provider::native ? MediaMode::p2p : MediaMode::external;
}

/// Clients of this dialect fetch no media tokens: they exchange media only with one another, by the signals that we pass (SPEC
/// 2.5). So no provider of others can be theirs.
[[nodiscard]] constexpr bool meets_at_no_provider(Dialect dialect) {
  return dialect == Dialect::signaling || dialect == Dialect::chat;
}

/// J-8.1. `newest_token`: the provider of the caller's newest token for the call's conversation. `standard`: MEDIA_PROVIDER.
[[nodiscard]] Provider provider_of_start(Dialect caller, std::optional<Provider> newest_token, Provider standard);

[[nodiscard]] std::string_view to_text(Provider provider);
[[nodiscard]] std::string_view to_text(MediaMode mode);
[[nodiscard]] std::optional<Provider> parse_provider(std::string_view text);

}  // namespace belfry::call

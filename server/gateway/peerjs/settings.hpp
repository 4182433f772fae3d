// PeerJsSettings: what PeerJS clients may do here. Defaults are safe in production; main/ sets them from the config (SPEC K59).
#pragma once

#include <cstdint>
#include <string>

#include "protocol/cors.hpp"

namespace belfry::gateway {

/// May a socket without a credential have an id that is, or begins with, an account's? `open` is for --dev.
enum class AccountIds : std::uint8_t { reserved, open };
/// Whether anybody may list the ids of all peers.
enum class Discovery : std::uint8_t { off, on };

struct PeerJsSettings {
  std::string key = "peerjs";  // stock clients send it; it keeps nobody out
  AccountIds account_ids = AccountIds::reserved;
  Discovery discovery = Discovery::off;
  /// The pages that may use our cookie; see SocketRouterSettings.
  protocol::CorsPolicy origins{};
};

}  // namespace belfry::gateway

// Which web origins may talk to us (SPEC C-17). Fetch forbids `*` together with credentials, so an allowed origin is
// always echoed by name. A WebSocket handshake is not covered by CORS in browsers; HttpSide asks `allows` for it too.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace belfry::protocol {

/// How the request came, as far as we can know: a proxy may have taken TLS off it without saying so, or say it of the wrong hop.
enum class Scheme : std::uint8_t { unknown, https };

struct CorsPolicy {
  enum class Mode { echo_any, listed_only };
  /// Pages of a developer's own machine, http://localhost or http://127.0.0.1 at any port (SPEC W-04).
  enum class Loopback : std::uint8_t { foreign, own };
  Mode mode = Mode::listed_only;
  std::vector<std::string> allowed = {};  // exact origins, e.g. https://yourdomain.com, capacitor://localhost
  Loopback loopback = Loopback::foreign;

  /// `host` is the request's own Host: a page we serve may always call back. Its http:// twin
  /// is not ours if we serve https://: an attacker on the network can forge that one.
  [[nodiscard]] bool allows(std::string_view origin, std::string_view host, Scheme scheme = Scheme::unknown) const;
  /// The same whatever the mode: our own pages, and those that are listed.
  [[nodiscard]] bool trusts(std::string_view origin, std::string_view host, Scheme scheme = Scheme::unknown) const;
};

}  // namespace belfry::protocol

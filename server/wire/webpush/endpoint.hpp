// The endpoint of a subscription: a URL that a user gives us and to which we post. It must lead to the public internet, or a user
// could make the server talk to machines that only the server can reach (SSRF). Checked twice: here, when it is registered, and
// with is_public_address() when a name was resolved and a connection is about to be made.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace belfry::webpush {

/// private_too: on a developer's machine, and where the operator runs a push server of their own.
enum class AllowedHosts : std::uint8_t { public_only, private_too };

/// Far above what push services use (about 200); it is kept for each device.
constexpr std::size_t kMaxEndpoint = 2048;

/// https, or also http with AllowedHosts::private_too; a host that is no private address and no name of a local network; no user
/// name.
[[nodiscard]] bool is_endpoint(std::string_view url, AllowedHosts hosts);

/// An IPv4 address of 4 bytes or an IPv6 address of 16. Public: IANA's special-purpose registries (RFC 6890) call it globally
/// reachable, and it is no multicast.
[[nodiscard]] bool is_public_address(std::span<const std::uint8_t> address);

}  // namespace belfry::webpush

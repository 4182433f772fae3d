#include "gateway/identity/client_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "wire/http/text.hpp"

namespace belfry::gateway {
namespace {

using AddressBytes = std::array<std::uint8_t, 16>;  // IPv4 mapped into IPv6
constexpr std::array<std::uint8_t, 12> kIpv4 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

/// An IPv6 /64 network is one client.
std::string client_of(const AddressBytes& address) {
  const bool ipv4 = std::equal(kIpv4.begin(), kIpv4.end(), address.begin());
  return {reinterpret_cast<const char*>(address.data()), ipv4 ? address.size() : address.size() / 2};
}

/// "192.0.2.1", "192.0.2.1:4711", "2001:db8::1", "[2001:db8::1]:4711".
std::optional<AddressBytes> parse_address(std::string_view text) {
  if (text.starts_with('[')) {
    text = text.substr(1, text.find(']') - 1);
  } else if (std::count(text.begin(), text.end(), ':') == 1) {
    text = text.substr(0, text.find(':'));
  }
  const std::string host(text);
  AddressBytes address{};
  if (::inet_pton(AF_INET6, host.c_str(), address.data()) == 1) return address;
  std::copy(kIpv4.begin(), kIpv4.end(), address.begin());
  if (::inet_pton(AF_INET, host.c_str(), address.data() + kIpv4.size()) == 1) return address;
  return std::nullopt;
}

}  // namespace

std::string client_address(const http::Request& request, const protocol::ConnectionFacts& facts, Forwarded header) {
  // Several header lines are one list (RFC 9110 5.3). Our proxy wrote only the last entry; the client may have written the
  // others.
  std::optional<std::string_view> forwarded;
  for (const auto& [name, value] : request.all_headers())
    if (http::equals_ignoring_case(name, "x-forwarded-for")) forwarded = value;
  if (header == Forwarded::believed && forwarded)
    if (const auto last = parse_address(http::trimmed(forwarded->substr(forwarded->rfind(',') + 1)))) return client_of(*last);
  AddressBytes own{};
  std::copy(std::begin(facts.address), std::end(facts.address), own.begin());
  return client_of(own);
}

}  // namespace belfry::gateway

#include "wire/webpush/endpoint.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace belfry::webpush {
namespace {

struct Block {
  std::array<std::uint8_t, 4> base;
  unsigned bits;
};
// RFC 6890 2.2.2 and the registry it made: what is not globally reachable. 192.88.99.0/24 was 6to4's (RFC 7526). 224.0.0.0/3 is
// multicast (RFC 5771) and what is reserved (RFC 1112 4).
constexpr std::array kPrivate4 = {
    Block{{0, 0, 0, 0}, 8},      Block{{10, 0, 0, 0}, 8},     Block{{100, 64, 0, 0}, 10}, Block{{127, 0, 0, 0}, 8},
    Block{{169, 254, 0, 0}, 16}, Block{{172, 16, 0, 0}, 12},  Block{{192, 0, 0, 0}, 24},  Block{{192, 0, 2, 0}, 24},
    Block{{192, 88, 99, 0}, 24}, Block{{192, 168, 0, 0}, 16}, Block{{198, 18, 0, 0}, 15}, Block{{198, 51, 100, 0}, 24},
    Block{{203, 0, 113, 0}, 24}, Block{{224, 0, 0, 0}, 3},
};

using Address = std::span<const std::uint8_t>;

bool begins_with(Address address, Address prefix, unsigned bits) {
  for (unsigned bit = 0; bit < bits; ++bit)
    if (((address[bit / 8] ^ prefix[bit / 8]) >> (7 - bit % 8) & 1U) != 0) return false;
  return true;
}

bool is_public4(Address address) {
  return std::none_of(kPrivate4.begin(), kPrivate4.end(),
                      [&](const Block& block) { return begins_with(address, block.base, block.bits); });
}

bool is_public6(Address address) {
  // RFC 4291 2.5.5.2: ::ffff:0:0/96 holds an IPv4 address.
  constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  // RFC 6052 2.1: 64:ff9b::/96 leads to one.
  constexpr std::array<std::uint8_t, 12> kNat64 = {0, 0x64, 0xFF, 0x9B};
  if (begins_with(address, kMapped, 96) || begins_with(address, kNat64, 96)) return is_public4(address.subspan(12));
  // RFC 4291 2.4: 2000::/3 is all that is assigned as global unicast.
  constexpr std::array<std::uint8_t, 1> kGlobal = {0x20};
  // RFC 2928 2: 2001::/23 is for protocols; Teredo is in it.
  constexpr std::array<std::uint8_t, 3> kProtocols = {0x20, 0x01, 0x00};
  // RFC 3849 2: 2001:db8::/32 is for examples.
  constexpr std::array<std::uint8_t, 4> kExamples = {0x20, 0x01, 0x0D, 0xB8};
  // RFC 3056 2: 2002::/16 leads to an IPv4 address.
  constexpr std::array<std::uint8_t, 2> k6to4 = {0x20, 0x02};
  return begins_with(address, kGlobal, 3) && !begins_with(address, kProtocols, 23) && !begins_with(address, kExamples, 32) &&
         !begins_with(address, k6to4, 16);
}

/// Any form that getaddrinfo() takes for an IPv4 address ("127.1", "0x7f000001"), or an IPv6 address without its brackets.
std::optional<bool> is_public_literal(const std::string& host) {
  in6_addr six{};
  if (::inet_pton(AF_INET6, host.c_str(), &six) == 1) return is_public_address(six.s6_addr);
  in_addr four{};
  if (::inet_aton(host.c_str(), &four) == 0) return std::nullopt;
  return is_public_address({reinterpret_cast<const std::uint8_t*>(&four.s_addr), sizeof four.s_addr});
}

/// A name without a dot is one of the local network.
bool is_public_name(std::string_view name) {
  const auto is_under = [&](std::string_view top) { return name.ends_with(top); };
  // RFC 6761 6.3, RFC 6762 3, RFC 8375 3.
  constexpr std::array<std::string_view, 5> kLocal = {".localhost", ".local", ".internal", ".home.arpa", ".lan"};
  return name.find('.') != name.npos && std::none_of(kLocal.begin(), kLocal.end(), is_under);
}

/// The host in lower case, without the dot that may end it. nullopt: the rest of the URL does not begin with a host and maybe a
/// port.
std::optional<std::string> host_in(std::string_view rest) {
  rest = rest.substr(0, std::min(rest.find_first_of("/?#"), rest.size()));
  std::string_view host = rest, port;
  if (rest.starts_with('[')) {
    const auto end = rest.find(']');
    if (end == rest.npos) return std::nullopt;
    host = rest.substr(1, end - 1), port = rest.substr(end + 1);
  } else if (const auto colon = rest.find(':'); colon != rest.npos) {
    host = rest.substr(0, colon), port = rest.substr(colon);
  }
  const bool port_good = port.empty() || (port.size() >= 2 && port.size() <= 6 && port.front() == ':' &&
                                          std::all_of(port.begin() + 1, port.end(), [](char c) { return c >= '0' && c <= '9'; }));
  if (host.empty() || !port_good) return std::nullopt;
  std::string lower(host);
  for (char& c : lower) {
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    const bool allowed = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' || c == ':';
    if (!allowed) return std::nullopt;
  }
  if (lower.ends_with('.')) lower.pop_back();
  return lower;
}

}  // namespace

bool is_public_address(std::span<const std::uint8_t> address) {
  if (address.size() == 4) return is_public4(address);
  return address.size() == 16 && is_public6(address);
}

bool is_endpoint(std::string_view url, AllowedHosts hosts) {
  const bool printable = std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < '\x7F' && c != '\\'; });
  if (!printable || url.size() > kMaxEndpoint) return false;
  std::string_view rest = url;
  if (rest.starts_with("https://")) {
    rest.remove_prefix(8);
  } else if (hosts == AllowedHosts::private_too && rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else {
    return false;
  }
  const auto host = host_in(rest);
  if (!host) return false;
  return hosts == AllowedHosts::private_too || is_public_literal(*host).value_or(is_public_name(*host));
}

}  // namespace belfry::webpush

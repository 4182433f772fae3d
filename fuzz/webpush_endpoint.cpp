// The endpoint of a Web Push subscription, a URL to which the server posts. An accepted one is https and has an origin, and if
// its host is an address in any form that the resolver reads, that address is public: no user makes the server talk to a machine
// that only the server can reach. What is public in IPv4 is so inside IPv6, too. The resolver is asked for numbers only: no
// network.
#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "wire/webpush/endpoint.hpp"
#include "wire/webpush/vapid.hpp"

using namespace belfry;

namespace {

void expect(bool condition) {
  if (!condition) std::abort();
}

bool is_public(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    const auto& four = reinterpret_cast<const sockaddr_in&>(address).sin_addr;
    return webpush::is_public_address({reinterpret_cast<const std::uint8_t*>(&four.s_addr), sizeof four.s_addr});
  }
  return webpush::is_public_address(reinterpret_cast<const sockaddr_in6&>(address).sin6_addr.s6_addr);
}

/// The host of an accepted URL, cut out in another way than the parser's: from behind.
std::string host_of(std::string_view url) {
  std::string_view rest = url.substr(std::string_view("https://").size());
  rest = rest.substr(0, rest.find_first_of("/?#"));
  expect(rest.find('@') == rest.npos);
  if (const auto bracket = rest.rfind(']'); bracket != rest.npos) return std::string(rest.substr(1, bracket - 1));
  return std::string(rest.substr(0, rest.rfind(':')));
}

void check_host(const std::string& host) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) expect(is_public(*each->ai_addr));
  ::freeaddrinfo(found);
}

void check_address(const std::uint8_t* bytes) {
  std::array<std::uint8_t, 16> mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  std::array<std::uint8_t, 16> through_nat = {0, 0x64, 0xFF, 0x9B};
  std::copy_n(bytes, 4, mapped.begin() + 12);
  std::copy_n(bytes, 4, through_nat.begin() + 12);
  const bool four = webpush::is_public_address({bytes, 4});
  expect(webpush::is_public_address(mapped) == four && webpush::is_public_address(through_nat) == four);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 4) check_address(data);
  const std::string url(reinterpret_cast<const char*>(data), size);
  if (!webpush::is_endpoint(url, webpush::AllowedHosts::public_only)) return 0;
  expect(url.starts_with("https://") && url.size() <= webpush::kMaxEndpoint);
  expect(webpush::is_endpoint(url, webpush::AllowedHosts::private_too) && !webpush::origin_of(url).empty());
  std::string host = host_of(url);
  check_host(host);
  // libcurl asks for the name without the dot that ends it.
  if (host.ends_with('.')) host.pop_back();
  check_host(host);
  return 0;
}

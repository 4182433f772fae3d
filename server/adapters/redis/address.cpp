#include "adapters/redis/address.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace belfry::redis {
namespace {

using std::string_view;

auto cannot_be_read() {
  return unexpected(
      std::string("the address of Redis cannot be read; expected redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE], where a "
                  "password spells % as %25, @ as %40, : as %3A and / as %2F"));
}

std::optional<std::uint16_t> number(string_view digits) {
  std::uint16_t value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  if (digits.empty() || error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

/// RFC 3986 2.1. An octet of zero, which no password holds, is refused too.
std::optional<std::string> percent_decoded(string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain.push_back(text[i]);
      continue;
    }
    unsigned octet = 0;
    if (i + 2 >= text.size()) return std::nullopt;
    const char* const end = text.data() + i + 3;
    const auto [stop, error] = std::from_chars(text.data() + i + 1, end, octet, 16);
    if (error != std::errc{} || stop != end || octet == 0) return std::nullopt;
    plain.push_back(static_cast<char>(octet));
    i += 2;
  }
  return plain;
}

bool is_host(string_view host, string_view also) {
  return !host.empty() && std::all_of(host.begin(), host.end(), [also](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || also.find(c) != string_view::npos;
  });
}

/// "user:password".
bool read_login(string_view text, Address& address) {
  const std::size_t colon = text.find(':');
  if (colon == string_view::npos || text.find('@') != string_view::npos) return false;
  const auto user = percent_decoded(text.substr(0, colon)), password = percent_decoded(text.substr(colon + 1));
  if (!user || !password || password->empty() || text.find(':', colon + 1) != string_view::npos) return false;
  address.user = *user;
  address.password = *password;
  return true;
}

/// "host", "host:port", "[::1]:port".
bool read_place(string_view text, Address& address) {
  string_view port;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == string_view::npos) return false;
    address.host = text.substr(1, close - 1);
    port = text.substr(close + 1);
    if (!is_host(address.host, ":.")) return false;
  } else {
    const std::size_t colon = std::min(text.find(':'), text.size());
    address.host = text.substr(0, colon);
    port = text.substr(colon);
    if (!is_host(address.host, ".-_")) return false;
  }
  if (port.empty()) return true;
  const auto value = port.starts_with(':') ? number(port.substr(1)) : std::nullopt;
  if (!value || *value == 0) return false;
  address.port = *value;
  return true;
}

}  // namespace

Expected<Address, std::string> parse_address(string_view url) {
  constexpr string_view kScheme = "redis://";
  if (url.starts_with("rediss://")) return unexpected(std::string("Redis over TLS (rediss://) is not supported; use redis://"));
  if (!url.starts_with(kScheme)) return cannot_be_read();
  url.remove_prefix(kScheme.size());
  Address address;
  const std::size_t slash = std::min(url.find('/'), url.size());
  string_view place = url.substr(0, slash);
  const string_view database = url.substr(std::min(slash + 1, url.size()));
  if (const std::size_t at = place.rfind('@'); at != string_view::npos) {
    if (!read_login(place.substr(0, at), address)) return cannot_be_read();
    place.remove_prefix(at + 1);
  }
  if (!read_place(place, address)) return cannot_be_read();
  if (!database.empty()) {
    const auto value = number(database);
    if (!value) return cannot_be_read();
    address.database = *value;
  }
  return address;
}

}  // namespace belfry::redis

#include "protocol/cors.hpp"

#include <algorithm>

namespace belfry::protocol {

namespace {

bool is_own(std::string_view origin, std::string_view host, Scheme scheme) {
  const std::size_t end = origin.find("://");
  if (end == std::string_view::npos || origin.substr(end + 3) != host) return false;
  const std::string_view name = origin.substr(0, end);
  return name == "https" || (name == "http" && scheme != Scheme::https);
}

/// http://localhost.evil.example is another host, so after the name may come a port only.
bool is_loopback(std::string_view origin) {
  const auto is_port = [](std::string_view rest) {
    return rest.starts_with(':') && rest.find_first_not_of("0123456789", 1) == std::string_view::npos;
  };
  for (const std::string_view host : {"http://localhost", "http://127.0.0.1"})
    if (origin == host || (origin.starts_with(host) && is_port(origin.substr(host.size())))) return true;
  return false;
}

}  // namespace

bool CorsPolicy::allows(std::string_view origin, std::string_view host, Scheme scheme) const {
  if (origin == "null") return false;  // sandboxed frames and files: such an origin names no page
  return mode == Mode::echo_any || trusts(origin, host, scheme);
}

bool CorsPolicy::trusts(std::string_view origin, std::string_view host, Scheme scheme) const {
  if (origin == "null") return false;
  if (is_own(origin, host, scheme) || (loopback == Loopback::own && is_loopback(origin))) return true;
  return std::find(allowed.begin(), allowed.end(), origin) != allowed.end();
}

}  // namespace belfry::protocol

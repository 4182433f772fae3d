#include "session/cors.hpp"

#include <algorithm>

namespace belfry::session {

namespace {

bool is_own(std::string_view origin, std::string_view host, Scheme scheme) {
  const std::size_t end = origin.find("://");
  if (end == std::string_view::npos || origin.substr(end + 3) != host) return false;
  const std::string_view name = origin.substr(0, end);
  return name == "https" || (name == "http" && scheme != Scheme::https);
}

}  // namespace

bool CorsPolicy::allows(std::string_view origin, std::string_view host, Scheme scheme) const {
  if (origin == "null") return false;  // sandboxed frames and files: such an origin names no page
  if (mode == Mode::echo_any) return true;
  if (is_own(origin, host, scheme)) return true;
  return std::find(allowed.begin(), allowed.end(), origin) != allowed.end();
}

}  // namespace belfry::session

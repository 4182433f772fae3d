#include "session/cors.hpp"

#include <algorithm>

namespace belfry::session {

bool CorsPolicy::allows(std::string_view origin, std::string_view host) const {
  if (origin == "null") return false;  // sandboxed frames and files: nobody can be named, so nobody is allowed
  if (mode == Mode::echo_any) return true;
  const std::size_t scheme = origin.find("://");
  if (scheme != std::string_view::npos && origin.starts_with("http") && origin.substr(scheme + 3) == host) return true;
  return std::find(allowed.begin(), allowed.end(), origin) != allowed.end();
}

}  // namespace belfry::session

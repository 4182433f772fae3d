#include "adapters/postgres/binary.hpp"

#include <algorithm>

#include "base/code_points.hpp"

namespace belfry::postgres {

std::string storable(std::string_view text) {
  const auto plain = [](char c) { return c > '\0'; };
  std::string clean(text);
  if (std::all_of(text.begin(), text.end(), plain)) return clean;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t at = text.size() - rest.size();
    const auto code = take_code_point(rest);
    if (!code || *code == 0) clean[at] = '?';
  }
  return clean;
}

}  // namespace belfry::postgres

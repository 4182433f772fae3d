#include "gateway/accept.hpp"

#include <algorithm>
#include <utility>

#include "wire/http/text.hpp"

namespace belfry::gateway {
namespace {

constexpr Weight kFull = 1000;

/// The first element of a list that `separator` parts, and the rest. A quoted string (RFC 9110 5.6.4) is not parted.
std::pair<std::string_view, std::string_view> first_of(std::string_view list, char separator) {
  bool quoted = false;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (quoted && list[i] == '\\') {
      ++i;
    } else if (list[i] == '"') {
      quoted = !quoted;
    } else if (list[i] == separator && !quoted) {
      return {http::trimmed(list.substr(0, i)), list.substr(i + 1)};
    }
  }
  return {http::trimmed(list), {}};
}

/// RFC 9110 12.4.2: 0 or 1, then up to three digits, which for 1 are zeros.
std::optional<Weight> weight_in(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1') || (text.size() > 1 && text[1] != '.'))
    return std::nullopt;
  Weight weight = (text[0] - '0') * kFull;
  Weight place = 100;
  for (const char digit : text.substr(std::min<std::size_t>(text.size(), 2))) {
    if (digit < '0' || digit > '9') return std::nullopt;
    weight += (digit - '0') * std::exchange(place, place / 10);
  }
  return weight <= kFull ? std::optional(weight) : std::nullopt;
}

/// Of one media range, by its parameters.
Weight weight_among(std::string_view parameters) {
  while (!parameters.empty()) {
    const auto [parameter, rest] = first_of(parameters, ';');
    parameters = rest;
    if (parameter.size() > 2 && http::equals_ignoring_case(parameter.substr(0, 2), "q="))
      return weight_in(parameter.substr(2)).value_or(kFull);
  }
  return kFull;
}

}  // namespace

std::optional<Weight> weight_of(const http::Request& request, std::string_view type) {
  std::optional<Weight> best;
  for (const http::Header& header : request.all_headers()) {
    if (!http::equals_ignoring_case(header.name, "accept")) continue;
    for (std::string_view ranges = header.value; !ranges.empty();) {
      const auto [range, rest] = first_of(ranges, ',');
      ranges = rest;
      const auto [named, parameters] = first_of(range, ';');
      if (http::equals_ignoring_case(named, type)) best = std::max(best.value_or(0), weight_among(parameters));
    }
  }
  return best;
}

bool wants_a_page(const http::Request& request) {
  const Weight page = weight_of(request, "text/html").value_or(0);
  return page > 0 && page >= weight_of(request, "application/json").value_or(0);
}

}  // namespace belfry::gateway

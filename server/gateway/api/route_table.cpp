#include "gateway/api/route_table.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace belfry::gateway {
namespace {

/// Removes the piece up to the next slash from `path` and returns it. A path begins with a slash.
std::string_view take_piece(std::string_view& path) {
  path.remove_prefix(1);
  const std::size_t end = std::min(path.find('/'), path.size());
  const std::string_view piece = path.substr(0, end);
  path.remove_prefix(end);
  return piece;
}

/// Calls `each(wanted piece, asked piece)` for each pair of pieces. False: a call returned false, or one path is longer.
template <class Each>
bool along(std::string_view wanted, std::string_view asked, Each each) {
  while (!wanted.empty() && !asked.empty())
    if (!each(take_piece(wanted), take_piece(asked))) return false;
  return wanted.empty() && asked.empty();
}

bool is_parameter(std::string_view piece) { return piece.starts_with('{'); }

}  // namespace

std::string_view method_name(http::Method method) {
  constexpr std::array<std::string_view, 8> kNames = {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", ""};
  return kNames.at(static_cast<std::size_t>(method));
}

RouteTable::RouteTable(const Operations& operations) {
  for (std::size_t index = 0; index < operations.size(); ++index) {
    const Operation& operation = operations[index];
    auto route = std::find_if(routes_.begin(), routes_.end(), [&](const Route& each) { return each.path == operation.path; });
    if (route == routes_.end()) {
      const auto parameters = std::count(operation.path.begin(), operation.path.end(), '{');
      route = routes_.insert(route, {.path = operation.path, .parameters = static_cast<std::size_t>(parameters)});
    }
    route->operations.emplace_back(operation.method, index);
    route->allowed.append(method_name(operation.method)).append(operation.method == http::Method::get ? ", HEAD, " : ", ");
  }
  for (Route& route : routes_) route.allowed += "OPTIONS";
  std::stable_sort(routes_.begin(), routes_.end(),
                   [](const Route& one, const Route& other) { return one.parameters < other.parameters; });
}

bool RouteTable::fits(std::string_view wanted, std::string_view asked) {
  return along(wanted, asked,
               [](std::string_view piece, std::string_view given) { return is_parameter(piece) || piece == given; });
}

RouteTable::Found RouteTable::find(http::Method method, std::string_view path) const {
  if (method == http::Method::head) method = http::Method::get;
  const auto route = std::find_if(routes_.begin(), routes_.end(), [&](const Route& each) { return fits(each.path, path); });
  if (route == routes_.end() || !path.starts_with('/')) return {};
  Found found{.allowed = route->allowed};
  const auto at =
      std::find_if(route->operations.begin(), route->operations.end(), [&](const auto& each) { return each.first == method; });
  if (at == route->operations.end()) return found;
  found.operation = at->second;
  const auto note = [&found](std::string_view piece, std::string_view given) {
    if (is_parameter(piece)) found.parameters.emplace_back(piece.substr(1, piece.size() - 2), given);
    return true;
  };
  const bool fitted = along(route->path, path, note);
  CHECK(fitted, "the route was chosen because it fits");
  return found;
}

}  // namespace belfry::gateway

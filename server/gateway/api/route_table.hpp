// RouteTable: finds the operation of a method and a path. If several paths match, the most specific one wins: /api/calls/history
// is not the call with the id `history`. Allocates nothing but the parameters that it finds.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/api/operation.hpp"

namespace belfry::gateway {

[[nodiscard]] std::string_view method_name(http::Method method);

class RouteTable {
 public:
  /// Keeps views of the paths in `operations`, which must outlive it.
  explicit RouteTable(const Operations& operations);

  struct Found {
    std::optional<std::size_t> operation{};  // index into the operations
    std::vector<std::pair<std::string_view, std::string_view>> parameters{};
    std::string_view allowed{};  // the methods of this path; empty: no such path
  };
  /// HEAD finds the operation of GET.
  [[nodiscard]] Found find(http::Method method, std::string_view path) const;

 private:
  struct Route {
    std::string_view path;
    std::size_t parameters = 0;  // how many the path has
    std::vector<std::pair<http::Method, std::size_t>> operations{};
    std::string allowed{};
  };
  [[nodiscard]] static bool fits(std::string_view wanted, std::string_view asked);

  std::vector<Route> routes_;  // those without parameters first
};

}  // namespace belfry::gateway

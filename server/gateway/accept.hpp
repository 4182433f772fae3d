// The Accept header (RFC 9110 12.5.1), as far as the server chooses by it: whether a client wants a page. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "wire/http/request.hpp"

namespace belfry::gateway {

/// In thousandths.
using Weight = int;

/// How much the client wants `type`, such as text/html; nullopt if no media range of the request names it. `*/*` and `text/*` do
/// not name it: programs send these, and would get a page where they expect JSON. Parameters other than the weight are ignored; a
/// weight that cannot be read counts as none, so the range has the full weight (12.4.2).
[[nodiscard]] std::optional<Weight> weight_of(const http::Request& request, std::string_view type);

/// Browsers ask for pages so; programs do not: text/html is named, with a weight above 0 and not below that of application/json.
[[nodiscard]] bool wants_a_page(const http::Request& request);

}  // namespace belfry::gateway

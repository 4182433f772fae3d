// Which paths of requests may be pages of an application in the browser, and which file of a folder a path names. Both the
// product's own client (web_client) and a foreign one (site) answer by these.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "wire/http/request.hpp"

namespace belfry::gateway {

/// What StaticFiles would call the file at this path of a request. nullopt: no path of a file.
[[nodiscard]] std::optional<std::string> file_name(std::string_view path);

/// SPEC 2.11 S2: whether the request asks for a page at an address that is none of the server's own. A path that names no file
/// may be one too, such as a search with a stray `%`: the page itself says that there is nothing.
[[nodiscard]] bool asks_for_a_page(const http::Request& request);

[[nodiscard]] bool only_reads(const http::Request& request);

}  // namespace belfry::gateway

// Security headers of our own pages (R-004-68): where their parts may come from, that no other page may frame them, and which
// devices they may ask for. Answers that are no pages get a policy that allows nothing (session/http_side.cpp).
#pragma once

#include <string_view>

namespace belfry::gateway {

constexpr std::string_view kPermissionsPolicy = "camera=(self), microphone=(self), display-capture=(self), autoplay=(self)";

/// The demo page: scripts and styles are files of its own. `blob:` is for media which it makes itself.
constexpr std::string_view kDemoPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The page of the API: no script at all, and its style stands in it.
constexpr std::string_view kDocsPolicy =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

}  // namespace belfry::gateway

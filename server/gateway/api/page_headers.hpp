// Security headers of our own pages (R-004-68): where their parts may come from, that no other page may frame them, and which
// devices they may use. Answers that are not pages get a policy that allows nothing (protocol/http_side.cpp).
#pragma once

#include <string_view>

namespace belfry::gateway {

constexpr std::string_view kPermissionsPolicy = "camera=(self), microphone=(self), display-capture=(self), autoplay=(self)";

/// The product's own client (SPEC 2.11 S3). All it shows comes through this server, files of S3 too. A worker obeys the policy
/// that came with its script, so its files have it as well. `blob:` is for what the page makes itself: recordings, previews of
/// uploads.
constexpr std::string_view kClientPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; font-src "
    "'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'";

/// The API's page: it has no script, and its style is inline.
constexpr std::string_view kDocsPolicy =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

}  // namespace belfry::gateway

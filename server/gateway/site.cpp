#include "gateway/site.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "gateway/accept.hpp"
#include "gateway/api/page_headers.hpp"

namespace belfry::gateway {
namespace {

/// Paths of the server, with all below them: no page of a site is there (SPEC 2.11 S2).
bool is_reserved(std::string_view path) {
  constexpr std::array<std::string_view, 14> kReserved = {"/api",    "/user",    "/message", "/socket.io", "/peerjs",
                                                          "/test",   "/docs",    "/demo",    "/metrics",   "/healthz",
                                                          "/readyz", "/version", "/users",   "/assets"};
  return std::any_of(kReserved.begin(), kReserved.end(), [&](std::string_view reserved) {
    return path.starts_with(reserved) && (path.size() == reserved.size() || path[reserved.size()] == '/');
  });
}

/// RFC 9110 13.1.2: weakly compared, because a proxy that compresses makes the tag weak. `*` is whatever the file's tag is.
bool has_it_already(const http::Request& request, const std::string& etag) {
  return request.header("if-none-match") == "*" || request.has_token("if-none-match", etag) ||
         request.has_token("if-none-match", "W/" + etag);
}

}  // namespace

protocol::HttpAnswer file_answer(const http::Request& request, const StaticFile& file, std::string_view caching) {
  protocol::HttpAnswer answer{.content_type = std::string(file.content_type)};
  answer.headers = {{"ETag", file.etag}, {"Cache-Control", std::string(caching)}};
  if (request.header("if-none-match") && has_it_already(request, file.etag))
    answer.status = 304;
  else
    answer.body = file.content;
  return answer;
}

std::optional<protocol::HttpAnswer> Site::answer(const http::Request& request) const {
  const bool reads = request.method == http::Method::get || request.method == http::Method::head;
  auto path = files_.count() != 0 && reads ? http::decode_path(request.path) : std::nullopt;
  if (!path) return std::nullopt;
  const bool may_be_a_page = wants_a_page(request) && !is_reserved(*path);
  if (path->ends_with('/')) *path += "index.html";
  const StaticFile* file = files_.find(std::string_view(*path).substr(1));
  if (file == nullptr && may_be_a_page) file = files_.find("index.html");
  if (file == nullptr) return std::nullopt;
  const bool is_page = file->content_type.starts_with("text/html");
  protocol::HttpAnswer answered = file_answer(request, *file, is_page ? "no-cache" : "public, max-age=86400");
  // SPEC 2.11 S3: no more than this, because such applications load fonts and pictures from anywhere.
  answered.headers.emplace_back("Content-Security-Policy", "frame-ancestors 'self'");
  if (is_page) answered.headers.emplace_back("Permissions-Policy", kPermissionsPolicy);
  return answered;
}

}  // namespace belfry::gateway

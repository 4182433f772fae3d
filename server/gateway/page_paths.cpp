#include "gateway/page_paths.hpp"

#include <algorithm>
#include <array>

#include "gateway/accept.hpp"

namespace belfry::gateway {
namespace {

/// Addresses of the server, with all below them: no page of an application is there.
bool is_reserved(std::string_view name) {
  constexpr std::array<std::string_view, 13> kReserved = {"api",     "user",    "message", "socket.io", "peerjs", "test",  "docs",
                                                          "metrics", "healthz", "readyz",  "version",   "users",  "assets"};
  return std::any_of(kReserved.begin(), kReserved.end(), [&](std::string_view reserved) {
    return name.starts_with(reserved) && (name.size() == reserved.size() || name[reserved.size()] == '/');
  });
}

}  // namespace

std::optional<std::string> file_name(std::string_view path) {
  auto name = http::decode_path(path);
  if (!name) return std::nullopt;
  if (name->ends_with('/')) *name += "index.html";
  name->erase(0, 1);
  return name;
}

bool asks_for_a_page(const http::Request& request, std::string_view name) { return wants_a_page(request) && !is_reserved(name); }

bool only_reads(const http::Request& request) {
  return request.method == http::Method::get || request.method == http::Method::head;
}

}  // namespace belfry::gateway

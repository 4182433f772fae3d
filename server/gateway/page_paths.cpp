#include "gateway/page_paths.hpp"

#include <algorithm>
#include <array>

#include "gateway/accept.hpp"

namespace belfry::gateway {
namespace {

/// Addresses of the server, with all below them: no page of an application is there.
constexpr std::array<std::string_view, 13> kReserved = {"api",     "user",    "message", "socket.io", "peerjs", "test",  "docs",
                                                        "metrics", "healthz", "readyz",  "version",   "users",  "assets"};

/// Up to the second slash. A part that cannot be decoded names no address of the server.
bool is_reserved(std::string_view path) {
  const std::string_view first = path.substr(0, path.find('/', 1));
  const auto decoded = http::decode_path(first);
  return decoded && std::ranges::find(kReserved, std::string_view(*decoded).substr(1)) != kReserved.end();
}

}  // namespace

std::optional<std::string> file_name(std::string_view path) {
  auto name = http::decode_path(path);
  if (!name) return std::nullopt;
  if (name->ends_with('/')) *name += "index.html";
  name->erase(0, 1);
  return name;
}

bool asks_for_a_page(const http::Request& request) { return wants_a_page(request) && !is_reserved(request.path); }

bool only_reads(const http::Request& request) {
  return request.method == http::Method::get || request.method == http::Method::head;
}

}  // namespace belfry::gateway

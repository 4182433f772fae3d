// WebClient: the product's own client for browsers (web/), as scripts/build left it in app/ of the web folder. Its addresses are
// those of its files, and every page that is neither a file nor an address of the server: these get its one page (SPEC 2.11 S2,
// S3, S16). One per shard; all share the files. Not here: an application of --static, which stands in its place (site).
#pragma once

#include <optional>
#include <string_view>

#include "gateway/static_files.hpp"
#include "protocol/http_handler.hpp"
#include "wire/http/request.hpp"

namespace belfry::gateway {

class WebClient {
 public:
  /// `files` must outlive this object; app/ in it may be missing.
  explicit WebClient(const StaticFiles& files) : files_(files) {}
  [[nodiscard]] bool is_built() const { return files_.find(kPage) != nullptr; }
  /// nullopt: the request is not for the client.
  [[nodiscard]] std::optional<protocol::HttpAnswer> answer(const http::Request& request) const;
  /// Whether there is a file at this path of a request, whatever its method.
  [[nodiscard]] bool has(std::string_view path) const;

 private:
  static constexpr std::string_view kPage = "app/index.html";
  const StaticFiles& files_;
};

}  // namespace belfry::gateway

// Site: a web application that somebody else built, served at / from a folder (--static, SPEC W-02). Its addresses are those of
// its files, and every page that is neither a file nor an address of the server: these get its index.html. One per shard; all
// share the files. Not here: the product's own client (web_client) and the client library (http_routes).
#pragma once

#include <optional>

#include "gateway/static_files.hpp"
#include "protocol/http_handler.hpp"
#include "wire/http/request.hpp"

namespace belfry::gateway {

class Site {
 public:
  /// `files` must outlive this object. Without files there is no site.
  explicit Site(const StaticFiles& files) : files_(files) {}
  [[nodiscard]] bool is_there() const { return files_.count() != 0; }
  /// nullopt: the request is not for the site.
  [[nodiscard]] std::optional<protocol::HttpAnswer> answer(const http::Request& request) const;
  /// Whether there is a file at this path of a request, whatever its method.
  [[nodiscard]] bool has(std::string_view path) const { return file_at(path) != nullptr; }

 private:
  [[nodiscard]] const StaticFile* file_at(std::string_view path) const;
  const StaticFiles& files_;
};

/// The file, or 304 if the client has it. `caching` is its Cache-Control.
[[nodiscard]] protocol::HttpAnswer file_answer(const http::Request& request, const StaticFile& file, std::string_view caching);

}  // namespace belfry::gateway

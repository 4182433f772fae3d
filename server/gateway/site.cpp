#include "gateway/site.hpp"

#include <string>
#include <string_view>

#include "gateway/api/page_headers.hpp"
#include "gateway/page_paths.hpp"
#include "wire/http/range.hpp"

namespace belfry::gateway {
namespace {

/// RFC 9110 13.1.2: weakly compared, because a proxy that compresses makes the tag weak. `*` is whatever the file's tag is.
bool has_it_already(const http::Request& request, const std::string& etag) {
  return request.header("if-none-match") == "*" || request.has_token("if-none-match", etag) ||
         request.has_token("if-none-match", "W/" + etag);
}

}  // namespace

protocol::HttpAnswer file_answer(const http::Request& request, const StaticFile& file, std::string_view caching) {
  protocol::HttpAnswer answer{.content_type = std::string(file.content_type)};
  answer.headers = {{"ETag", file.etag}, {"Cache-Control", std::string(caching)}, {"Accept-Ranges", "bytes"}};
  if (request.header("if-none-match") && has_it_already(request, file.etag)) {
    answer.status = 304;
    return answer;
  }
  // A browser asks for a sound in parts. RFC 9110 13.1.5: of another version of the file none may be sent.
  const bool of_this = request.header("if-range").value_or(file.etag) == file.etag;
  const http::Range range = http::range_of(of_this ? request.header("range").value_or("") : "", file.content.size());
  if (range.kind == http::Range::Kind::whole) {
    answer.body = file.content;
    return answer;
  }
  answer.status = range.kind == http::Range::Kind::part ? 206 : 416;
  answer.headers.emplace_back("Content-Range", http::content_range(range, file.content.size()));
  answer.body = file.content.substr(range.from, range.size);
  return answer;
}

const StaticFile* Site::file_at(std::string_view path) const {
  const auto name = file_name(path);
  return name ? files_.find(*name) : nullptr;
}

std::optional<protocol::HttpAnswer> Site::answer(const http::Request& request) const {
  if (!is_there() || !only_reads(request)) return std::nullopt;
  const auto name = file_name(request.path);
  const StaticFile* file = name ? files_.find(*name) : nullptr;
  // A file that is there but too large to serve is no page of the application: 404 shows the fault, a page would hide it.
  const bool may_be_a_page = asks_for_a_page(request) && !(name && files_.leaves_out(*name));
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

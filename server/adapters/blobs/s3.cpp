#include "adapters/blobs/s3.hpp"

#include <cstdint>
#include <utility>

#include "base/check.hpp"
#include "wire/storage/digest.hpp"

namespace belfry::blobs {
namespace {

using store::BlobFault;

std::string word_for(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::put:
      return "PUT";
    case Method::post:
      return "POST";
    case Method::del:
      return "DELETE";
  }
  CHECK(false, "a method without its name");
}

std::string host_of(std::string_view endpoint) {
  const std::size_t scheme = endpoint.find("://");
  return std::string(scheme == std::string_view::npos ? endpoint : endpoint.substr(scheme + 3));
}

}  // namespace

S3Blobs::S3Blobs(S3Settings settings, HttpSend http, WallClock now, Log& log)
    : settings_(std::move(settings)),
      http_(std::move(http)),
      now_(std::move(now)),
      log_(log) {
  while (settings_.endpoint.ends_with('/')) settings_.endpoint.pop_back();
  host_ = host_of(settings_.endpoint);
}

Expected<HttpAnswer, BlobFault> S3Blobs::ask(Method method, std::string_view key, std::string_view mime,
                                             std::string_view bytes) const {
  storage::AwsRequest request{.method = word_for(method),
                              .path = storage::aws_path("/" + settings_.bucket + "/" + std::string(key)),
                              .headers = {{"host", host_},
                                          {"x-amz-content-sha256", storage::hex_digest(storage::Hash::sha256, bytes)},
                                          {"x-amz-date", storage::aws_time(now_())}}};
  if (!mime.empty()) request.headers.emplace("content-type", mime);
  HttpRequest sent{.method = method, .url = settings_.endpoint + request.path, .body = std::string(bytes)};
  for (const auto& [name, value] : request.headers) sent.headers.push_back(name + ": " + value);
  sent.headers.push_back("authorization: " + storage::aws_authorization(settings_.key, request));
  auto answer = http_(sent);
  if (!answer) {
    log_.warn("the S3 storage does not answer", {{"reason", std::string_view(answer.error().reason)}});
    return unexpected(BlobFault::unavailable);
  }
  if (answer->status == 404) return unexpected(BlobFault::not_found);
  if (answer->status / 100 == 2) return *std::move(answer);
  log_.warn("the S3 storage refuses", {{"method", std::string_view(request.method)}, {"status", std::int64_t{answer->status}}});
  return unexpected(BlobFault::unavailable);
}

Expected<void, BlobFault> S3Blobs::put(std::string_view key, std::string_view mime, std::string_view bytes) {
  const auto answer = ask(Method::put, key, mime, bytes);
  if (!answer) return unexpected(BlobFault::unavailable);  // not_found: there is no such bucket
  return {};
}

Expected<std::string, BlobFault> S3Blobs::get(std::string_view key) {
  auto answer = ask(Method::get, key, {}, {});
  if (!answer) return unexpected(answer.error());
  return std::move(answer->body);
}

Expected<void, BlobFault> S3Blobs::remove(std::string_view key) {
  const auto answer = ask(Method::del, key, {}, {});
  if (!answer && answer.error() == BlobFault::unavailable) return unexpected(BlobFault::unavailable);
  return {};
}

}  // namespace belfry::blobs

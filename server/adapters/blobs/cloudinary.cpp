#include "adapters/blobs/cloudinary.hpp"

#include <cstdint>
#include <utility>

#include "wire/storage/digest.hpp"
#include "wire/storage/sigv4.hpp"

namespace belfry::blobs {
namespace {

using storage::CloudinaryParameters;
using store::BlobFault;

/// Percent-encodes what is not unreserved, a slash too.
std::string escaped(std::string_view text) {
  std::string plain = storage::aws_path(text), all;
  for (const char c : plain) c == '/' ? all += "%2F" : all += c;
  return all;
}

std::string as_query(const CloudinaryParameters& parameters) {
  std::string query;
  for (const auto& [name, value] : parameters)
    query.append(query.empty() ? "" : "&").append(name).append("=").append(escaped(value));
  return query;
}

/// RFC 7578. The boundary is a hash of the content, so the content does not contain it.
HttpRequest form_with_file(std::string url, const CloudinaryParameters& parameters, std::string_view bytes) {
  const std::string boundary = "belfry-" + storage::hex_digest(storage::Hash::sha256, bytes);
  HttpRequest request{
      .method = Method::post, .url = std::move(url), .headers = {"content-type: multipart/form-data; boundary=" + boundary}};
  const std::string next = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"";
  for (const auto& [name, value] : parameters)
    request.body.append(next).append(name).append("\"\r\n\r\n").append(value).append("\r\n");
  request.body.append(next).append("file\"; filename=\"file\"\r\nContent-Type: application/octet-stream\r\n\r\n");
  request.body.append(bytes).append("\r\n--").append(boundary).append("--\r\n");
  return request;
}

}  // namespace

CloudinaryBlobs::CloudinaryBlobs(CloudinarySettings settings, HttpSend http, std::function<WallTime()> now, Log& log)
    : settings_(std::move(settings)),
      http_(std::move(http)),
      now_(std::move(now)),
      log_(log) {
  while (settings_.api_base.ends_with('/')) settings_.api_base.pop_back();
}

std::string CloudinaryBlobs::address(std::string_view action) const {
  return settings_.api_base + "/v1_1/" + escaped(settings_.cloud_name) + "/raw/" + std::string(action);
}

CloudinaryParameters CloudinaryBlobs::signed_parameters(std::string_view key) const {
  CloudinaryParameters parameters{
      {"public_id", std::string(key)}, {"timestamp", std::to_string(now_().unix_ms / 1000)}, {"type", "authenticated"}};
  std::string signature = storage::cloudinary_signature(parameters, settings_.api_secret);
  parameters.emplace("signature", std::move(signature));
  parameters.emplace("api_key", settings_.api_key);
  return parameters;
}

Expected<HttpAnswer, BlobFault> CloudinaryBlobs::ask(const HttpRequest& request) const {
  auto answer = http_(request);
  if (!answer) {
    log_.warn("Cloudinary does not answer", {{"reason", std::string_view(answer.error().reason)}});
    return unexpected(BlobFault::unavailable);
  }
  if (answer->status == 404) return unexpected(BlobFault::not_found);
  if (answer->status / 100 == 2) return *std::move(answer);
  log_.warn("Cloudinary refuses", {{"status", std::int64_t{answer->status}}});
  return unexpected(BlobFault::unavailable);
}

Expected<void, BlobFault> CloudinaryBlobs::put(std::string_view key, std::string_view, std::string_view bytes) {
  const auto answer = ask(form_with_file(address("upload"), signed_parameters(key), bytes));
  if (!answer) return unexpected(BlobFault::unavailable);
  return {};
}

Expected<std::string, BlobFault> CloudinaryBlobs::get(std::string_view key) {
  auto answer = ask({.method = Method::get, .url = address("download") + "?" + as_query(signed_parameters(key))});
  if (!answer) return unexpected(answer.error());
  return std::move(answer->body);
}

Expected<void, BlobFault> CloudinaryBlobs::remove(std::string_view key) {
  const auto answer = ask({.method = Method::post,
                           .url = address("destroy"),
                           .headers = {"content-type: application/x-www-form-urlencoded"},
                           .body = as_query(signed_parameters(key))});
  if (!answer && answer.error() == BlobFault::unavailable) return unexpected(BlobFault::unavailable);
  return {};
}

}  // namespace belfry::blobs

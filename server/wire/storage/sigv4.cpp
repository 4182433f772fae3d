#include "wire/storage/sigv4.hpp"

#include <array>
#include <cstdio>
#include <ctime>

#include "wire/hmac/hmac.hpp"
#include "wire/storage/digest.hpp"

namespace belfry::storage {
namespace {

// Amazon S3 API Reference, "Authenticating Requests", "Task 2: Create a String to Sign".
constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256", kService = "s3", kEnd = "aws4_request";

std::string value_of(const AwsRequest& request, std::string_view header) {
  const auto found = request.headers.find(header);
  return found == request.headers.end() ? std::string{} : found->second;
}

std::string signed_headers(const AwsRequest& request) {
  std::string names;
  for (const auto& [name, value] : request.headers) names.append(names.empty() ? "" : ";").append(name);
  return names;
}

/// "Task 1: Create a Canonical Request"
std::string canonical(const AwsRequest& request) {
  std::string text = request.method + "\n" + request.path + "\n" + request.query + "\n";
  for (const auto& [name, value] : request.headers) text.append(name).append(":").append(value).append("\n");
  return text + "\n" + signed_headers(request) + "\n" + value_of(request, "x-amz-content-sha256");
}

/// "Task 3: Calculate Signature"
std::string signing_key(const AwsKey& key, std::string_view day) {
  const auto next = [](std::string_view with, std::string_view text) { return hmac::code(hmac::Hash::sha256, with, text); };
  return next(next(next(next("AWS4" + key.secret, day), key.region), kService), kEnd);
}

}  // namespace

std::string aws_time(WallTime now) {
  const auto seconds = static_cast<std::time_t>(now.unix_ms / 1000);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &parts);
  return {text.data(), size};
}

std::string aws_authorization(const AwsKey& key, const AwsRequest& request) {
  const std::string time = value_of(request, "x-amz-date"), day = time.substr(0, 8);
  const std::string scope = day + "/" + key.region + "/" + std::string(kService) + "/" + std::string(kEnd);
  const std::string to_sign =
      std::string(kAlgorithm) + "\n" + time + "\n" + scope + "\n" + hex_digest(Hash::sha256, canonical(request));
  const std::string signature = hex(hmac::code(hmac::Hash::sha256, signing_key(key, day), to_sign));
  return std::string(kAlgorithm) + " Credential=" + key.id + "/" + scope + ",SignedHeaders=" + signed_headers(request) +
         ",Signature=" + signature;
}

std::string aws_path(std::string_view path) {
  std::string encoded;
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
                       c == '_' || c == '~' || c == '/';
    if (plain) {
      encoded.push_back(c);
      continue;
    }
    std::array<char, 4> escape{};
    std::snprintf(escape.data(), escape.size(), "%%%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
    encoded += escape.data();
  }
  return encoded;
}

}  // namespace belfry::storage

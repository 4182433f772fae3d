// AWS Signature Version 4 in the Authorization header ("Authenticating Requests (AWS Signature Version 4)", Amazon S3 API
// Reference): the request in one canonical spelling, and an HMAC of it with a key that is good for one day, region and service.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace belfry::storage {

struct AwsKey {
  std::string id{}, secret{};
  std::string region = "us-east-1";
};

/// `headers`: all that are signed, by their names in lower case; host, x-amz-date and x-amz-content-sha256 among them.
struct AwsRequest {
  std::string method{};
  std::string path{};   // percent-encoded as it is sent
  std::string query{};  // likewise, its parameters in order
  std::map<std::string, std::string, std::less<>> headers{};
};

/// "20130524T000000Z": the form of x-amz-date.
[[nodiscard]] std::string aws_time(WallTime now);

/// The value of Authorization.
[[nodiscard]] std::string aws_authorization(const AwsKey& key, const AwsRequest& request);

/// A path with all but unreserved characters and slashes percent-encoded ("UriEncode()").
[[nodiscard]] std::string aws_path(std::string_view path);

}  // namespace belfry::storage

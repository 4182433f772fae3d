// The signature of Cloudinary's upload API ("Generating authentication signatures"): SHA-1 of the parameters in the order of
// their names, followed by the secret. `file`, `api_key`, `cloud_name` and `resource_type` are not signed.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace belfry::storage {

using CloudinaryParameters = std::map<std::string, std::string, std::less<>>;

[[nodiscard]] std::string cloudinary_signature(const CloudinaryParameters& parameters, std::string_view secret);

}  // namespace belfry::storage

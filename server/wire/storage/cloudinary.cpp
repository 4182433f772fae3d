#include "wire/storage/cloudinary.hpp"

#include "wire/storage/digest.hpp"

namespace belfry::storage {

std::string cloudinary_signature(const CloudinaryParameters& parameters, std::string_view secret) {
  std::string text;
  for (const auto& [name, value] : parameters) {
    if (value.empty()) continue;
    if (!text.empty()) text += '&';
    text.append(name).append("=").append(value);
  }
  return hex_digest(Hash::sha1, text.append(secret));
}

}  // namespace belfry::storage

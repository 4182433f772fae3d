// The image in a data URL (RFC 2397), the form in which avatars are stored. Which types are taken: profile_fields.hpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace belfry::gateway {

struct Image {
  std::string type, bytes;
};

/// "data:image/png;base64,iVBORw0..."; nullopt for anything else.
[[nodiscard]] std::optional<Image> image_of(std::string_view url);

}  // namespace belfry::gateway

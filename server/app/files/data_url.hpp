// A data URL (RFC 2397) whose bytes are in base64, as browsers make it of a picture.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace belfry::files {

struct DataUrl {
  std::string type{};  // as it is written there; what the bytes are is another matter (wire/media)
  std::string bytes{};
};

/// "data:image/png;base64,iVBORw0..."; nullopt for anything else.
[[nodiscard]] std::optional<DataUrl> read_data_url(std::string_view url);

}  // namespace belfry::files

#include "app/files/data_url.hpp"

#include <utility>

#include "wire/base64/base64.hpp"

namespace belfry::files {

std::optional<DataUrl> read_data_url(std::string_view url) {
  constexpr std::string_view kScheme = "data:", kCoding = ";base64,";
  const auto comma = url.find(kCoding);
  if (!url.starts_with(kScheme) || comma == std::string_view::npos) return std::nullopt;
  std::string_view text = url.substr(comma + kCoding.size());
  while (text.ends_with('=')) text.remove_suffix(1);  // browsers take it with or without
  auto bytes = base64::decode(text, base64::Form::unpadded);
  if (!bytes) return std::nullopt;
  return DataUrl{std::string(url.substr(kScheme.size(), comma - kScheme.size())), *std::move(bytes)};
}

}  // namespace belfry::files

// Serves an avatar that is stored as a data URL (R-004-06). Messages about calls contain its path instead, because the image may
// be larger than the rest of the message. The answer is not JSON, so it is not in the OpenAPI document.
#include <optional>
#include <string>
#include <utility>

#include "gateway/api/account_routes.hpp"
#include "gateway/api/api_call.hpp"
#include "wire/base64/base64.hpp"

namespace belfry::gateway {
namespace {

struct Image {
  std::string type, bytes;
};

/// "data:image/png;base64,iVBORw0..." (RFC 2397); nullopt for anything else.
std::optional<Image> image_of(std::string_view url) {
  constexpr std::string_view kScheme = "data:", kCoding = ";base64,";
  const auto comma = url.find(kCoding);
  if (!url.starts_with(kScheme) || comma == std::string_view::npos) return std::nullopt;
  std::string_view text = url.substr(comma + kCoding.size());
  while (text.ends_with('=')) text.remove_suffix(1);  // browsers take it with or without
  auto bytes = base64::decode(text, base64::Form::unpadded);
  if (!bytes) return std::nullopt;
  return Image{std::string(url.substr(kScheme.size(), comma - kScheme.size())), std::move(*bytes)};
}

void show(store::AccountStore& store, const ApiCallPtr& call) {
  store.find(store::UserId(call->id("id")), [call](const auto& found) {
    if (!found) return call->fail(store_unavailable());
    auto image = *found ? image_of((*found)->avatar) : std::nullopt;
    if (!image) return call->fail(ApiError::not_found);
    call->add_header("Cache-Control", "private, max-age=60");
    call->add_header("X-Content-Type-Options", "nosniff");
    call->answer({.content_type = std::move(image->type), .body = std::move(image->bytes)});
  });
}

}  // namespace

Operations avatar_operations(const AccountServices& services) {
  return {{.path = "/user/avatar/{id}",
           .id = "avatar",
           .summary = "The image of a user",
           .documented = false,
           .act = [&store = services.store](const ApiCallPtr& call) { show(store, call); }}};
}

}  // namespace belfry::gateway

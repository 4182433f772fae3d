// Serves an avatar that is stored as a data URL (R-004-06). Messages about calls contain its path instead, because the image may
// be larger than the rest of the message. The answer is not JSON, so it is not in the OpenAPI document.
#include <utility>

#include "gateway/api/account_routes.hpp"
#include "gateway/api/api_call.hpp"
#include "gateway/api/data_url.hpp"

namespace belfry::gateway {
namespace {

void show(store::AccountStore& store, const ApiCallPtr& call) {
  store.find(store::UserId(call->id("id")), [call](const auto& found) {
    if (!found) return call->fail(store_unavailable());
    auto image = *found ? image_of((*found)->avatar) : std::nullopt;
    if (!image) return call->fail(ApiError::not_found);
    call->add_header("Cache-Control", "private, max-age=60");
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

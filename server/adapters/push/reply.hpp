// What an answer of a provider means, as far as all providers agree (SPEC J-6.6).
#pragma once

#include <string>
#include <string_view>

#include "adapters/push/http_client.hpp"
#include "store/push_message.hpp"

namespace belfry::push {

using Done = std::function<void(const store::PushReply&)>;

/// "429 QUOTA_EXCEEDED": the status and what can be shown of the provider's own word.
[[nodiscard]] std::string error_text(const HttpAnswer& answer, std::string_view reason);
/// 2xx: accepted. 429 and 5xx: later. Everything else: refused. `reason` is the provider's own word.
[[nodiscard]] store::PushReply reply_to(const HttpAnswer& answer, std::string_view reason = {});
[[nodiscard]] store::PushReply reply_to(HttpFault fault);
/// The provider does not know `token`.
[[nodiscard]] store::PushReply unregistered(const HttpAnswer& answer, std::string_view reason, std::string token);

/// A member of a JSON object that is text; of nested ones by a path. Empty: there is none.
[[nodiscard]] std::string text_at(std::string_view json, std::initializer_list<std::string_view> path);

}  // namespace belfry::push

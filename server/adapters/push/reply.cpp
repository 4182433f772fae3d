#include "adapters/push/reply.hpp"

#include <utility>

#include "base/check.hpp"
#include "wire/json/json.hpp"

namespace belfry::push {
std::string error_text(const HttpAnswer& answer, std::string_view reason) {
  std::string text = std::to_string(answer.status);
  // The log of pushes shows it. A provider's word is short; an endpoint that a user named may answer anything.
  constexpr std::size_t kMaxReason = 64;
  for (const char c : reason.substr(0, kMaxReason)) {
    if (text.size() == 3) text += ' ';
    text += c > ' ' && c < '\x7F' ? c : '?';
  }
  return text;
}

store::PushReply reply_to(const HttpAnswer& answer, std::string_view reason) {
  if (answer.status >= 200 && answer.status < 300) return {store::PushAccepted{}, answer.took};
  auto error = error_text(answer, reason);
  const bool later = answer.status == 429 || answer.status >= 500;
  if (later) return {store::PushPostponed{.error = std::move(error), .retry_after = answer.retry_after}, answer.took};
  return {store::PushRefused{std::move(error)}, answer.took};
}

store::PushReply reply_to(HttpFault fault) {
  switch (fault) {
    case HttpFault::timeout:
      return {store::PushPostponed{.error = "timeout"}};
    case HttpFault::unreachable:
      return {store::PushPostponed{.error = "unreachable"}};
    case HttpFault::forbidden:
      return {store::PushRefused{"private address"}};
  }
  CHECK(false, "a fault of HTTP without its reply");
}

store::PushReply unregistered(const HttpAnswer& answer, std::string_view reason, std::string token) {
  return {store::PushUnregistered{.token = std::move(token), .error = error_text(answer, reason)}, answer.took};
}

std::string text_at(std::string_view json, std::initializer_list<std::string_view> path) {
  json::Reader reader;
  const auto object = reader.validate(json);
  std::optional<json::Slice> found = object ? std::optional(*object) : std::nullopt;
  for (const auto name : path) found = found && found->kind == json::Kind::object ? json::member(*found, name) : std::nullopt;
  return found ? json::string_value(*found).value_or("") : std::string();
}

}  // namespace belfry::push

// MediaTokens: what dialects ask about media tokens (SPEC J-3), so that they need neither the providers of the tokens nor their
// form.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "app/calls/actor.hpp"
#include "base/expected.hpp"
#include "domain/call/provider.hpp"
#include "domain/conversation/conversation_id.hpp"
#include "gateway/dialects/fields.hpp"
#include "gateway/json/errors.hpp"
#include "protocol/socket_handler.hpp"

namespace belfry::gateway {

// A media token holds a signature and the rights of its holder: some hundred bytes.
constexpr std::size_t kMaxMediaToken = 4096;
/// `{token}` of the event that joins the media of a call.
[[nodiscard]] Read<std::string> read_join(const protocol::IncomingEvent& event);

class MediaTokens {
 public:
  /// The data of the acknowledgement, as JSON. Called once, on the shard that asked.
  using Answer = std::function<void(const Expected<std::string, Failure>&)>;

  virtual ~MediaTokens() = default;
  /// J-3.5: whether this user fetched a token for the conversation, shows one, or needs none.
  [[nodiscard]] virtual bool may_start(const calls::UserId& user, const conversation::ConversationId& conversation,
                                       std::string_view shown) const = 0;
  /// The provider of a media token that this user shows for the conversation (J-8.1); nullopt: it says nothing.
  [[nodiscard]] virtual std::optional<call::Provider> provider_of(std::string_view shown, const calls::UserId& user,
                                                                  const conversation::ConversationId& conversation) const = 0;
  virtual void join(const calls::UserId& user, std::string_view media_token, Answer answer) = 0;
  virtual void renew(const calls::UserId& user, const calls::CallId& call, Answer answer) = 0;
};

}  // namespace belfry::gateway

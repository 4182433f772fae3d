// MediaChannel: the place where the people of a conversation, or of a call without one, exchange media. Its name at every
// provider is the id in lower case (SPEC J-3.2). With it the words that a request for a token chooses from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/uuid.hpp"
#include "domain/call/ids.hpp"
#include "domain/call/provider.hpp"
#include "domain/conversation/conversation.hpp"

namespace belfry::call_tokens {

using belfry::to_text;

struct MediaChannel {
  enum class Kind : std::uint8_t { conversation, call };
  Kind kind = Kind::conversation;
  Uuid id{};
  friend bool operator==(const MediaChannel&, const MediaChannel&) = default;

  [[nodiscard]] std::string name() const { return to_text(id); }
};
[[nodiscard]] inline MediaChannel channel_of(const conversation::ConversationId& id) {
  return {MediaChannel::Kind::conversation, id.value()};
}
[[nodiscard]] inline MediaChannel channel_of(const call::CallId& id) { return {MediaChannel::Kind::call, id.value()}; }

using call::parse_provider;
using call::Provider;
using call::to_text;

/// How the holder is named to the provider: by user id, or by the number User::media_uid (SPEC C-13).
enum class UidForm : std::uint8_t { string, numeric };
/// A subscriber sees and hears, and sends nothing.
enum class MediaRole : std::uint8_t { publisher, subscriber };

/// The spelling on the wire and in settings.
[[nodiscard]] std::string_view to_text(UidForm form);
[[nodiscard]] std::string_view to_text(MediaRole role);
[[nodiscard]] std::optional<UidForm> parse_uid_form(std::string_view text);
[[nodiscard]] std::optional<MediaRole> parse_media_role(std::string_view text);

}  // namespace belfry::call_tokens

// TokenMint: writes the token of one holder for one channel, in the form of its provider, and reads what it wrote (SPEC J-3.3,
// J-3.4). It asks nobody whether the holder may have it. Immutable; any thread.
//
// A native grant is a JWT signed with a key that is derived from the session secret. So it outlives a restart, every node with
// that secret accepts it, and it is no session token: the session's key does not verify it, and its own does not verify a session
// token.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/call_tokens/media_channel.hpp"
#include "base/expected.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "domain/account/user.hpp"
#include "wire/jwt/key.hpp"

namespace belfry::call_tokens {

using account::UserId;

/// The form of Agora's tokens: "007" is what today's SDKs want.
enum class AgoraForm : std::uint8_t { v007, v006 };

struct MintSettings {
  Duration life = std::chrono::seconds{300};         // until when a token lets its holder join
  Duration privilege_life = std::chrono::hours{24};  // until when a holder who joined may stay; not less than `life`
  std::string secret{};                              // of the session tokens
  std::vector<std::string> previous_secrets{};       // their grants are still read
  struct Agora {
    std::string app_id{}, certificate{};  // empty: not configured
    AgoraForm form = AgoraForm::v007;
  } agora{};
  struct Livekit {
    std::string url{}, key{}, secret{};  // empty: not configured
  } livekit{};
};

struct Order {
  UserId user{};
  std::string uid{};  // as its provider names the holder; empty (Agora alone): anyone who presents the token
  std::string channel{};
  MediaRole role = MediaRole::publisher;
  MediaChannel::Kind kind = MediaChannel::Kind::conversation;
};

struct Minted {
  std::string token{};
  std::string app_id{};
  WallTime expires{}, privilege_expires{};
};

/// What a native grant says.
struct Grant {
  UserId user{};
  std::string uid{};
  MediaChannel channel{};
  MediaRole role = MediaRole::publisher;
  WallTime expires{};
};
/// invalid: not one of our grants.
enum class GrantFault : std::uint8_t { invalid, expired };

class TokenMint {
 public:
  explicit TokenMint(MintSettings settings);

  [[nodiscard]] const MintSettings& settings() const { return settings_; }
  [[nodiscard]] bool has(Provider provider) const;
  /// `has(provider)`.
  [[nodiscard]] Minted mint(Provider provider, const Order& order, WallTime now, Random& random) const;
  [[nodiscard]] Expected<Grant, GrantFault> read_grant(std::string_view token, WallTime now) const;
  /// Its provider, if we made this token for this channel and holder, and it has not expired (J-3.5). A number as uid is taken
  /// for the holder's: which users have which numbers is known to the store alone. Agora's old form does not say its uid, so one
  /// for a number is not recognised.
  [[nodiscard]] std::optional<Provider> provider_of(std::string_view token, const UserId& user, const MediaChannel& channel,
                                                    WallTime now) const;

 private:
  [[nodiscard]] std::string native(const Order& order, const Minted& minted, WallTime now) const;
  [[nodiscard]] std::string agora(const Order& order, const Minted& minted, WallTime now, Random& random) const;
  [[nodiscard]] std::string livekit(const Order& order, const Minted& minted, WallTime now) const;
  [[nodiscard]] bool made_for_agora(std::string_view token, const UserId& user, std::string_view channel, WallTime now) const;
  [[nodiscard]] bool made_for_livekit(std::string_view token, const UserId& user, std::string_view channel, WallTime now) const;

  MintSettings settings_;
  std::vector<jwt::Key> grant_keys_;    // the first one signs
  std::vector<jwt::Key> livekit_keys_;  // one, or none
};

}  // namespace belfry::call_tokens

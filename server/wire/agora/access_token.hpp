// Agora's access tokens. A token lets one user join one channel of one project; anyone with the project's certificate can sign
// one. Pure: times and the salt are arguments. Not here: what the certificate is, who may have a token.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.hpp"

namespace belfry::agora {

/// agora-token, ServiceRtc: what the holder may do in the channel.
enum class Right : std::uint16_t { join = 1, publish_audio = 2, publish_video = 3, publish_data = 4 };

struct Privilege {
  Right right = Right::join;
  std::uint32_t until = 0;  // seconds: after `issued` in "007", since 1970 in "006"
  friend bool operator==(const Privilege&, const Privilege&) = default;
};

struct RtcToken {
  std::string app_id{};
  std::string channel{};
  std::string uid{};                    // a number as its decimal text; empty: any user
  std::uint32_t issued = 0;             // seconds since 1970
  std::uint32_t life = 0;               // seconds after `issued`, for the join; "006" has none
  std::uint32_t salt = 0;               // makes two tokens of one second differ
  std::vector<Privilege> privileges{};  // in ascending order of the right
  friend bool operator==(const RtcToken&, const RtcToken&) = default;
};

/// Sizes are fields of 16 bits, so each text must be shorter than 64 KiB.
[[nodiscard]] std::string sign_007(const RtcToken& token, std::string_view certificate);
[[nodiscard]] std::string sign_006(const RtcToken& token, std::string_view certificate);

/// malformed: not a "007" token with exactly one service, which is RTC; or not a "006" token of this app.
enum class Fault : std::uint8_t { malformed, bad_signature };

/// Ours have about 250 letters, and those of the vendor with more services up to a thousand.
constexpr std::size_t kMaxTokenSize = 2048;

/// What a "007" token says, once its signature is found to be of this certificate. Its times are not judged.
[[nodiscard]] Expected<RtcToken, Fault> read_007(std::string_view token, std::string_view certificate);
/// Whether this is a "006" token of the app, the channel and the uid of `expected`, signed with this certificate, and what it
/// says besides. A "006" token contains its channel and uid only as checksums, so they cannot be read out of it.
[[nodiscard]] Expected<RtcToken, Fault> read_006(std::string_view token, const RtcToken& expected, std::string_view certificate);

}  // namespace belfry::agora

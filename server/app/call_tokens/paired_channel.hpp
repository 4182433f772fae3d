// PairedChannel: the channel names of seed 002's client, `call_<user>_<user>_<ms>`, which say whose call it is; and the number
// under which that client joins, the first ten hexadecimal digits of its user's id (SPEC W-002-02).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "domain/account/user.hpp"

namespace belfry::call_tokens {

struct PairedChannel {
  account::UserId one{}, other{};
};

/// nullopt: a name of another form.
[[nodiscard]] std::optional<PairedChannel> parse_paired_channel(std::string_view name);
/// 40 bits.
[[nodiscard]] std::uint64_t seed_002_uid(const account::UserId& user);
/// Whether this user is one of the two and does not take the number of the other.
[[nodiscard]] bool may_join(const PairedChannel& channel, const account::UserId& user, std::uint64_t uid);

}  // namespace belfry::call_tokens

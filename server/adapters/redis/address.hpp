// Address: where Redis is, and as whom to log in, from the operator's `redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE]`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/expected.hpp"

namespace belfry::redis {

struct Address {
  std::string host{};
  std::uint16_t port = 6379;
  std::string user{}, password{};  // empty: none
  std::uint16_t database = 0;
  friend bool operator==(const Address&, const Address&) = default;
};

/// The error repeats nothing of the text, since that may be the password.
[[nodiscard]] Expected<Address, std::string> parse_address(std::string_view url);

}  // namespace belfry::redis

// Bytes as they come from and go to a peer: views, never owners. A view is valid no longer than the call it was given to,
// unless its giver says otherwise.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace belfry {

using Bytes = std::span<const std::byte>;
using MutableBytes = std::span<std::byte>;

[[nodiscard]] inline std::string_view as_text(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
[[nodiscard]] inline Bytes as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}
[[nodiscard]] inline MutableBytes as_mutable_bytes(std::span<char> text) {
  return {reinterpret_cast<std::byte*>(text.data()), text.size()};
}

}  // namespace belfry

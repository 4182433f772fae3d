// Where a live session is: its server, its shard, its slot there, and the generation that tells this tenant of the slot from the
// one before. Small enough to travel in every message; a stale address finds no session, never another one (SPEC X-16).
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace belfry {

struct SessionAddress {
  std::uint16_t shard = 0;
  std::uint16_t node = 0;  // which of the servers on one database; 0: this one, the only one that is reached so far
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;  // 0: none
  [[nodiscard]] explicit operator bool() const { return generation != 0; }
  friend auto operator<=>(const SessionAddress&, const SessionAddress&) = default;
};

/// For tables of one shard's sessions, in which slot and generation differ; addresses that differ in the shard only are rare
/// there.
struct AddressHash {
  std::size_t operator()(SessionAddress at) const noexcept {
    return std::hash<std::uint64_t>{}(std::uint64_t{at.generation} << 32U | at.slot);
  }
};

}  // namespace belfry
